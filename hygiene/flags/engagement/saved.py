"""A trained model as a file: JSON, numbers only, so that it can be read, compared and never runs anything.

A checksum over the content is part of it: a file that was edited, cut short or made by another version is refused.
"""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.errors import ModelError
from hygiene.flags.engagement.bgbb import BGBB
from hygiene.flags.engagement.features import AHEAD, NAMES
from hygiene.flags.engagement.model import EngagementModel
from hygiene.flags.engagement.priors import SourceModels
from hygiene.flags.engagement.stack import Stack

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMA = "hygiene/engagement/1"
MODEL_FILE = "model.json"
RETRAIN = "Train it again: hygiene train SOURCE -o MODEL."
LARGEST = 50_000_000
"""Bytes of a model file that are read at most: a hundred list sources take 100 kB."""


def to_record(model: EngagementModel, source_names: Mapping[int, str], data_hash: str) -> dict[str, Any]:
    """Return a model as plain data.

    Parameters
    ----------
    source_names
        Names of the list sources by their number, which means something in one source of data only.
    data_hash
        Fingerprint of what was learned from.
    """
    content = {
        "schema": SCHEMA,
        "features": list(NAMES),
        "ahead": AHEAD,
        "data_hash": data_hash,
        "learned": {"contacts": model.contacts_, "replies": model.replies_},
        "delay_days": model.delay_,
        "replies": _sources(model.sources_, source_names),
        "signals": _sources(model.signals_, source_names),
        "hazard": _hazard(model.stack_),
    }
    return {**content, "checksum": _checksum(content)}


def read_model(folder: Path, source_names: Mapping[int, str]) -> EngagementModel:
    """Return the model in a folder, for a source of data with these list sources.

    Raises
    ------
    ModelError
        If there is none, it is damaged or was changed, or belongs to another version.
    """
    path = folder / MODEL_FILE if folder.is_dir() else folder
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError(f"The model {path} is no engagement model: it is too large. {RETRAIN}")
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}. {RETRAIN}") from error
    except (ValueError, RecursionError) as error:
        raise ModelError(f"The model {path} is damaged: it is no JSON. {RETRAIN}") from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        found = record.get("schema") if isinstance(record, dict) else None
        raise ModelError(f"The model {path} is of another version ({found}, not {SCHEMA}). {RETRAIN}")
    if record.get("features") != list(NAMES) or record.get("ahead") != AHEAD:
        raise ModelError(f"The model {path} looks at other features than this version of hygiene. {RETRAIN}")
    if record.pop("checksum", None) != _checksum(record):
        raise ModelError(f"The model {path} was changed after it was trained: its checksum is wrong. {RETRAIN}")
    try:
        return _from_record(record, {name: number for number, name in source_names.items()})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"The model {path} lacks a part, or holds something that is no number. {RETRAIN}") from error


def _sources(models: SourceModels, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "pooled": _group(models.pooled),
        "sources": {names[number]: _group(model) for number, model in models.by_source.items() if number in names},
        "untold": _group(models.by_source[0]) if 0 in models.by_source else None,
    }


def _group(model: BGBB) -> dict[str, Any]:
    return {"coordinates": model.coordinates_.tolist(), "covariance": model.covariance_.tolist()}


def _hazard(stack: Stack | None) -> dict[str, Any] | None:
    if stack is None:
        return None
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in stack._asdict().items()}


def _from_record(record: Mapping[str, Any], numbers: Mapping[str, int]) -> EngagementModel:
    model = EngagementModel()
    model.is_given_ = True
    model.delay_ = _finite(record["delay_days"])
    model.contacts_, model.replies_ = int(record["learned"]["contacts"]), int(record["learned"]["replies"])
    model.sources_, model.signals_ = (_read_sources(record[part], numbers) for part in ("replies", "signals"))
    hazard, size = record["hazard"], AHEAD + len(NAMES)
    model.stack_ = hazard and Stack(
        coef=_array(hazard["coef"], (size,)),
        covariance=_array(hazard["covariance"], (size, size)),
        **{name: _finite(hazard[name]) for name in ("centre", "shift", "slope", "tail")},
    )
    return model


def _read_sources(record: Mapping[str, Any], numbers: Mapping[str, int]) -> SourceModels:
    own = {numbers[name]: _read_group(group) for name, group in record["sources"].items() if name in numbers}
    if record["untold"]:
        own[0] = _read_group(record["untold"])
    return SourceModels(_read_group(record["pooled"]), own)


def _read_group(record: Mapping[str, Any]) -> BGBB:
    return BGBB.of(_array(record["coordinates"], (4,)), _array(record["covariance"], (4, 4)))


def _array(values: Any, shape: tuple[int, ...]) -> np.ndarray:
    array = np.array(values, dtype=float)
    if array.shape != shape or not np.isfinite(array).all():
        raise ValueError("no numbers of this shape")
    return array


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not math.isfinite(value):
        raise ValueError("no number")
    return float(value)


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
