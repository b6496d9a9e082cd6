"""Writes a trained engagement model: `model.json`, `metrics.json`, `MODEL_CARD.md`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.flags.engagement.saved import to_record, write_model
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


def write_trained(folder: Path, trained: Trained, translator: Translator) -> None:
    """Write the three files into an empty folder."""
    data_hash = trained.imported.data_hash
    write_model(folder, to_record(trained.model, trained.source_names, data_hash))
    text = json.dumps(backtest_record(trained.backtest), indent=1, sort_keys=True, allow_nan=False)
    (folder / METRICS_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")
    card = model_card(trained.model, trained.backtest, trained.imported, data_hash)
    (folder / CARD_FILE).write_text(render_text(card, translator), encoding="utf-8", newline="\n")


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
