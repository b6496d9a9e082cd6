"""What is known of every contact's consent, and all that is known of one contact."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.exports.publish import publish
from hygiene.pipeline import silent
from hygiene.reports.translate import Translator
from hygiene.sources import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from pandas import DataFrame

    from hygiene.gate.consent.evidence import EvidencePack
    from hygiene.gate.consent.ledger import ConsentLedger
    from hygiene.settings import Settings

    Progress = Callable[[str, float | None], None]


def consent(
    source: str | Path,
    settings: Settings,
    progress: Progress = silent,
    *,
    list_file: str | Path | None = None,
    out: Path | None = None,
) -> ConsentLedger:
    """Return the consent ledger of a source's contacts, and write its files where a folder is named.

    Parameters
    ----------
    source
        A folder with one file a table.
    settings
        See `hygiene.settings`.
    progress
        Called with each step's name and, where it is known, the part done (0–1).
    list_file
        A list of contacts to judge instead, with what the source knows of them; None: all of the source's.
    out
        The output folder; None: nothing is written.

    Raises
    ------
    HygieneError
        If the source, the list, a setting or the output folder cannot be used; then nothing is written over.
    """
    from hygiene.exports.consent import write_ledger
    from hygiene.facts.consent import read_consent
    from hygiene.gate.consent.ledger import consent_ledger, with_ledger
    from hygiene.gate.ledger.memory import recall

    tables = load(source, settings, progress)
    rows = _list_rows(list_file, settings, progress) if list_file else None
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        progress("Looking at the contacts", None)
        facts = with_ledger(read_consent(engine, tables.report, settings), recall(engine, tables.report, settings))
        ledger = consent_ledger(facts, tables.report, settings, rows)
    if out:
        with publish(out, Path(source), sweeps=False) as folder:
            write_ledger(folder, ledger, Translator(settings.lang))
    return ledger


def consent_evidence(
    source: str | Path, name: str, settings: Settings, progress: Progress = silent, *, out: Path | None = None
) -> EvidencePack:
    """Return the evidence pack of one contact, and write its page and its JSON where a folder is named.

    Parameters
    ----------
    source, settings, progress, out
        As in `consent`.
    name
        The contact's id, or its address where only one contact has it.

    Raises
    ------
    HygieneError
        As `consent`; also where there is no such contact.
    """
    from hygiene.exports.consent_evidence import write_evidence
    from hygiene.facts.consent import read_consent, read_contact
    from hygiene.gate.consent.evidence import contact_key_of, evidence_pack
    from hygiene.gate.consent.ledger import with_ledger
    from hygiene.gate.ledger.memory import recall

    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        progress("Looking at the contacts", None)
        facts = with_ledger(read_consent(engine, tables.report, settings), recall(engine, tables.report, settings))
        record = read_contact(engine, tables.report, settings, contact_key_of(facts.contacts, name))
        pack = evidence_pack(facts, record, tables.report, settings)
    if out:
        with publish(out, Path(source), sweeps=False) as folder:
            write_evidence(folder, pack, Translator(settings.lang))
    return pack


def _list_rows(path: str | Path, settings: Settings, progress: Progress) -> DataFrame:
    """Return the rows of a list, with the contract's columns of contacts, and what the ledger says of each."""
    from hygiene.facts.arrays import frame
    from hygiene.gate.ledger.memory import noes
    from hygiene.sources.lists import read_list

    progress("Reading the list", None)
    rows = frame(read_list(Path(path), settings).values)
    emails = rows["email"].astype(object).where(rows["email"].notna(), None).tolist()
    return rows.assign(in_ledger=rows.index.map(noes(emails, settings)))
