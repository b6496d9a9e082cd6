"""What `hygiene clean` does with what the main path found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.exports.publish import publish
from hygiene.pipeline import examine, silent
from hygiene.sources import load

if TYPE_CHECKING:
    from hygiene.exports.clean import Changes, Cleanup, Written
    from hygiene.gate.ledger.ledger import Ledger
    from hygiene.gate.ledger.types import Added
    from hygiene.pipeline import Progress
    from hygiene.settings import Settings


@dataclass(frozen=True)
class Cleaned:
    """What a cleanup did, or would do."""

    cleanup: Cleanup
    written: Written
    changes: Changes | None
    """What would change; None: it was written."""
    added: Added | None
    """What the ledger learned; None: it was left alone."""


def clean(
    source: str | Path,
    out: Path,
    settings: Settings,
    progress: Progress = silent,
    *,
    crm: str | None = None,
    writes_over: bool = False,
    learns: bool = True,
) -> Cleaned:
    """Write the cleanup lists and saved filters of a source into one folder; the ledger learns who is in them.

    A folder that holds an earlier cleanup is looked at only, unless `writes_over`: then nothing is written at all.

    Parameters
    ----------
    source, out, settings, progress
        As in `pipeline.run`.
    crm
        Whose formats: a key of `exports.filters.CRMS`. None: addresses alone, and HubSpot's saved filters.
    writes_over
        Whether an earlier cleanup in the folder may be replaced.
    learns
        Whether the ledger learns; it is asked in any case.

    Raises
    ------
    HygieneError
        If the source, a setting, the ledger or the output folder cannot be used; then nothing is written over.
    """
    from hygiene.exports.clean import CLEAN_FILES, changes_of, holds_cleanup, refuse_reports, write_clean
    from hygiene.gate.ledger.ledger import key_path, open_ledger

    refuse_reports(out)
    ledger = open_ledger(settings.ledger, key_path(settings))
    found = _cleanup(source, settings, progress, crm, ledger)
    progress("Writing the lists", None)
    if holds_cleanup(out) and not writes_over:
        with TemporaryDirectory(prefix="hygiene-clean-") as name:
            known = _with_learned(found, ledger) if learns and ledger.is_there else found
            return Cleaned(known, write_clean(Path(name), known), changes_of(Path(name), out), None)
    with publish(out, Path(source), record=CLEAN_FILES) as folder:
        if not learns:
            return Cleaned(found, write_clean(folder, found), None, None)
        ledger.create()
        known = _with_learned(found, ledger)
        written = write_clean(folder, known)
        return Cleaned(known, written, None, ledger.add(row.entry for row in known.learned))


def _cleanup(source: str | Path, settings: Settings, progress: Progress, crm: str | None, ledger: Ledger) -> Cleanup:
    from hygiene.exports.clean import Cleanup
    from hygiene.flags.contacts import decide_all
    from hygiene.gate.cleanup.learned import recall
    from hygiene.gate.cleanup.plan import make_plan
    from hygiene.gate.cleanup.price import price_of, read_repeats
    from hygiene.gate.risk.history import read_risk
    from hygiene.gate.risk.model import fit

    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        audit, contacts = examine(engine, tables, settings, progress, remembers=False)
        progress("Deciding what to do with each contact", None)
        as_of = audit.facts.as_of
        remembered = recall(ledger, as_of.date() if as_of else date.today()) if ledger.is_there else None
        plan = make_plan(lambda: decide_all(contacts.contacts(), audit.judged), as_of, settings.allow, remembered)
        engagement = audit.engagement
        price = price_of(
            plan,
            fit(read_risk(engine, tables.report, settings)),
            read_repeats(engine, tables.report, settings),
            tail=engagement.tail if engagement else 1.0,
            knows_replies=engagement is not None and engagement.has_replies,
        )
    return Cleanup(audit, plan, price, crm, ())


def _with_learned(found: Cleanup, ledger: Ledger) -> Cleanup:
    from dataclasses import replace

    from hygiene.gate.cleanup.learned import learned

    return replace(found, learned=learned(found.plan, ledger))
