"""A trained model as a file: JSON, numbers only, so that it can be read, compared and never runs anything.

A checksum over the content is part of it: a file that was edited, cut short or made by another version is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.errors import ModelError
from hygiene.flags.engagement.bgbb import BGBB, BOUND
from hygiene.flags.engagement.features import AHEAD, NAMES
from hygiene.flags.engagement.histories import DELAY_LIMITS
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
MOST = 1e15
"""No fit leaves a number as far from 0, and nothing that is summed up of such overflows; assumed."""
TINY = 1e-12
"""Variance that counts as none, as in `stack`."""
ROUNDING = 1e-9
"""By how much a matrix of correlations may miss being one; real ones miss by 1e-15."""
VERSION = re.compile(r"[\w./-]{1,60}", re.ASCII)


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
    path, raw = _content(folder)
    try:
        record = json.loads(raw.decode("utf-8"))
        if not isinstance(record, dict):
            raise TypeError("no object")
        found = record.pop("checksum", None)
        is_whole = found == _checksum(record)
    except (ValueError, TypeError, RecursionError) as error:
        raise ModelError(f"The model {path} is damaged: it is no JSON object. {RETRAIN}") from error
    if record.get("schema") != SCHEMA:
        raise ModelError(f"The model {path} is of another version than {SCHEMA}{_named(record)}. {RETRAIN}")
    if record.get("features") != list(NAMES) or record.get("ahead") != AHEAD:
        raise ModelError(f"The model {path} looks at other features than this version of hygiene. {RETRAIN}")
    if not is_whole:
        raise ModelError(f"The model {path} was changed after it was trained: its checksum is wrong. {RETRAIN}")
    try:
        return _from_record(record, {name: number for number, name in source_names.items()})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ModelError(
            f"The model {path} lacks a part, or holds a value that no training leaves. {RETRAIN}"
        ) from error


def _content(folder: Path) -> tuple[Path, bytes]:
    path = folder
    try:
        path = folder / MODEL_FILE if folder.is_dir() else folder
        if path.exists() and not path.is_file():  # a pipe would be waited for, a device has no end
            raise ModelError(f"The model {path} is no file. {RETRAIN}")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise ModelError(f"The model {path} cannot be read: {error.strerror}. {RETRAIN}") from error
    if len(raw) > LARGEST:
        raise ModelError(f"The model {path} is no engagement model: it is too large. {RETRAIN}")
    return path, raw


def _named(record: Mapping[str, Any]) -> str:
    """Return the version that a file says it is of, if that looks like one: it may be anything."""
    found = record.get("schema")
    return f": it is {found}" if isinstance(found, str) and VERSION.fullmatch(found) else ""


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
    model.delay_ = _number(record["delay_days"], *DELAY_LIMITS)
    model.contacts_, model.replies_ = (int(_number(record["learned"][of], 0)) for of in ("contacts", "replies"))
    model.sources_, model.signals_ = (_read_sources(record[part], numbers) for part in ("replies", "signals"))
    model.stack_ = None if record["hazard"] is None else _read_hazard(record["hazard"])
    return model


def _read_hazard(record: Mapping[str, Any]) -> Stack:
    size = AHEAD + len(NAMES)
    return Stack(
        coef=_array(record["coef"], (size,)),
        covariance=_covariance(record["covariance"], size),
        **{name: _number(record[name]) for name in ("centre", "shift", "slope")},
        tail=_number(record["tail"], 0),
    )


def _read_sources(record: Mapping[str, Any], numbers: Mapping[str, int]) -> SourceModels:
    read = {name: _read_group(group) for name, group in record["sources"].items()}
    own = {numbers[name]: model for name, model in read.items() if name in numbers}
    if record["untold"] is not None:
        own[0] = _read_group(record["untold"])
    return SourceModels(_read_group(record["pooled"]), own)


def _read_group(record: Mapping[str, Any]) -> BGBB:
    return BGBB.of(_array(record["coordinates"], (4,), BOUND), _covariance(record["covariance"], 4))


def _covariance(values: Any, size: int) -> np.ndarray:
    """Return a matrix that is one of covariances, but for rounding: intervals are drawn from it."""
    matrix = _array(values, (size, size))
    spread = np.sqrt(np.maximum(np.diag(matrix), TINY))
    scaled = matrix / np.outer(spread, spread)
    if np.abs(scaled - scaled.T).max() > ROUNDING or np.linalg.eigvalsh(scaled).min() < -ROUNDING:
        raise ValueError("no covariances")
    return matrix


def _array(values: Any, shape: tuple[int, ...], most: float = MOST) -> np.ndarray:
    array = np.array(values, dtype=object)
    if array.shape != shape:
        raise ValueError("not of this shape")
    return np.array([_number(value, -most, most) for value in array.ravel()]).reshape(shape)


def _number(value: Any, low: float = -MOST, high: float = MOST) -> float:
    if type(value) not in (int, float) or not low <= value <= high:  # a boolean, a string, NaN, infinity
        raise ValueError("no such number")
    return float(value)


def _checksum(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
