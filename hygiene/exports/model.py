"""Writes a trained engagement model: `model.json`, `metrics.json`, `MODEL_CARD.md`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.exports.files import write_files
from hygiene.flags.engagement.saved import MODEL_FILE, to_record
from hygiene.reports.backtest import model_card
from hygiene.reports.text import render_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from hygiene.flags.engagement.backtest import Backtest
    from hygiene.flags.engagement.model import EngagementModel
    from hygiene.reports.translate import Translator
    from hygiene.sources.tables import ImportReport

METRICS_FILE = "metrics.json"
CARD_FILE = "MODEL_CARD.md"


@dataclass(frozen=True)
class Trained:
    """A model, what it learned from and how it would have done."""

    model: EngagementModel
    source_names: Mapping[int, str]
    imported: ImportReport
    backtest: Backtest


def write_trained(out: Path, trained: Trained, translator: Translator) -> None:
    """Write the three files into a folder, the model last.

    Raises
    ------
    OutputError
        If the folder cannot be used.
    """
    data_hash = trained.imported.data_hash
    card = model_card(trained.model, trained.backtest, trained.imported, data_hash)
    metrics = {**backtest_record(trained.backtest), "data_hash": data_hash}
    texts = {
        CARD_FILE: render_text(card, translator),
        METRICS_FILE: as_json(metrics),
        MODEL_FILE: as_json(to_record(trained.model, trained.source_names, data_hash)),
    }
    write_files(out, texts, "data_hash")


def as_json(record: Mapping[str, Any]) -> str:
    """Return a record as JSON text."""
    return json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True, allow_nan=False) + "\n"


def backtest_record(result: Backtest) -> dict[str, Any]:
    """Return a back-test as plain data, numbers as numbers."""
    return {
        "origins": [
            {**origin._asdict(), "rankings": [ranking._asdict() for ranking in origin.rankings]}
            for origin in result.origins
        ],
        "calibration": [{**point._asdict(), "observed": point.observed} for point in result.calibration],
        "rules": [rule._asdict() for rule in result.rules],
        "budget": result.budget,
    }
