"""What each list source is worth, and whom to hold back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.pipeline import silent
from hygiene.sources import load

if TYPE_CHECKING:
    from hygiene.gate.lists.types import Scorecard
    from hygiene.pipeline import Progress
    from hygiene.settings import Settings


def list_sources(source: str | Path, out: Path | None, settings: Settings, progress: Progress = silent) -> Scorecard:
    """Return the scorecard of the list sources; with `out`, also write it, the vendors' claims and whom to hold back.

    Raises
    ------
    HygieneError
        If the source, a setting or the output folder cannot be used; then nothing is written over.
    """
    from hygiene.exports.sources import write_sources
    from hygiene.facts import read_score_facts
    from hygiene.gate.lists.scorecard import read_scorecard
    from hygiene.gate.lists.stock import read_not_mailed
    from hygiene.reports.translate import Translator

    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        progress("Counting", None)
        facts = read_score_facts(engine, tables.report, settings)
        progress("Weighing the lists", None)
        card = read_scorecard(engine, tables.report, facts, settings)
        if out:
            names = [(hold.source, hold.batch) for hold in card.holds]
            held = read_not_mailed(engine, tables.report, settings, names)
            write_sources(out, Path(source), card, held, Translator(settings.lang))
    return card
