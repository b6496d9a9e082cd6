"""The main path, on one screen.

A source becomes tables, tables become facts, facts become scores and flags, and all of it becomes an `Audit`, from
which every report and list is written:

    sources → engine → facts → scores, flags → advice → audit → reports, exports
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.errors import SettingsError, SourceError
from hygiene.exports.publish import publish
from hygiene.facts import SCORE_TABLES, ContactReader, keep_signals, read_addresses, read_facts, read_score_facts
from hygiene.facts.engagement import EngagementReader
from hygiene.flags.addresses import check_all, domain_counts
from hygiene.flags.contacts import decide_all, open_keys, summarize
from hygiene.gate.ledger.memory import recall, with_memory
from hygiene.reports.audit import Audit
from hygiene.scores import load_profile, preload, score_all, score_level
from hygiene.sources import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hygiene.advice.advise import Advice
    from hygiene.advice.case import Case
    from hygiene.advice.follow import Previous
    from hygiene.engine import Engine
    from hygiene.exports.model import Trained
    from hygiene.facts.types import Facts
    from hygiene.flags.addresses import AddressRow
    from hygiene.flags.engagement.backtest import Backtest
    from hygiene.flags.engagement.outlook import Outlook
    from hygiene.flags.pauses.types import PauseReplay
    from hygiene.mail.addresses.dns import DomainState
    from hygiene.mail.bounces.types import Reading
    from hygiene.scores.types import Level, Score
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport, Tables

    Progress = Callable[[str, float | None], None]

MAILS_AT_ONCE = 256
"""Mails or lines that the text model reads together."""


def silent(step: str, fraction: float | None) -> None:
    """Report no progress."""


def run(
    source: str | Path, out: Path, settings: Settings, progress: Progress = silent, *, previous: Path | None = None
) -> Audit:
    """Do the main job: everything of docs/output.md into one folder.

    Parameters
    ----------
    source
        A folder with one file a table.
    out
        The output folder; made if missing. Files in it that no earlier run wrote are left alone.
    settings
        See `hygiene.settings`.
    progress
        Called with each step's name and, where it is known, the part done (0–1).
    previous
        The folder of an earlier report, to say what became of its advice.

    Raises
    ------
    HygieneError
        If the source, a setting or the output folder cannot be used; then nothing is written over.
    """
    from hygiene.exports.write import write_all  # pages and sheets: not for those who only want a score

    earlier = _previous(previous)
    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine, publish(out, Path(source)) as folder:
        engine.attach(tables)
        result, contacts = _audit(engine, tables, settings, progress, earlier)
        write_all(folder, result, contacts, engine, progress)
    return result


def coach(
    source: str | Path,
    out: Path,
    settings: Settings,
    progress: Progress = silent,
    *,
    sender_id: str | None = None,
    previous: Path | None = None,
    as_pdf: bool = False,
) -> Audit:
    """Write the coaching reports, and nothing else, into one folder.

    Parameters
    ----------
    source, out, settings, progress, previous
        As in `run`.
    sender_id
        Only this sender's report; None: everybody's.
    as_pdf
        Also as PDF, by the extra `pdf`.

    Raises
    ------
    HygieneError
        If the source, a setting or the output folder cannot be used, there is no such sender, or the extra is not
        installed; then nothing is written over.
    """
    from hygiene.exports.coach import write_coaching

    earlier = _previous(previous)
    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine, publish(out, Path(source), sweeps=False) as folder:
        engine.attach(tables)
        result, _ = _audit(engine, tables, settings, progress, earlier)
        write_coaching(folder, result, sender_id, progress, as_pdf=as_pdf)
    return result


def _previous(folder: Path | None) -> Previous | None:
    from hygiene.advice.follow import read_previous

    return read_previous(folder) if folder else None


def audit(tables: Tables, settings: Settings, progress: Progress = silent) -> Audit:
    """Return everything known about one source, without writing anything."""
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        result, _ = _audit(engine, tables, settings, progress)
    return result


def scores(
    source: str | Path, level: Level, settings: Settings, progress: Progress = silent
) -> tuple[ImportReport, Facts, tuple[Score, ...]]:
    """Return how the source was read, the facts and the scores of one level: the short way, which reads no contact."""
    preload()
    tables = load(source, settings, progress)
    profile = load_profile(settings.profile)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables, SCORE_TABLES)
        facts = read_score_facts(engine, tables.report, settings)
    return tables.report, facts, score_level(facts, level, profile, settings)


def addresses(
    source: str | Path, settings: Settings, *, ask_dns: bool = False, progress: Progress = silent
) -> list[AddressRow]:
    """Return what the contacts' addresses look like; only with `ask_dns` anybody is asked.

    Raises
    ------
    HygieneError
        If the source cannot be used, or the extra `dns` is not installed.
    """
    from hygiene.mail.addresses import domain_states

    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables, ("contacts",))
        if ask_dns:
            progress("Asking DNS for the domains", None)
        else:
            progress("Looking at the addresses", None)
        return list(_addresses(engine, domain_states if ask_dns else None))


def known_addresses(source: str | Path, settings: Settings, progress: Progress = silent) -> frozenset[str]:
    """Return the addresses of a source's contacts, in lower case."""
    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables, ("contacts",))
        return frozenset(email.lower() for _, email in read_addresses(engine))


def read_bounces(
    paths: Sequence[str | Path], contacts: frozenset[str] = frozenset(), progress: Progress = silent
) -> Iterator[tuple[str, Reading]]:
    """Yield the rows of mails, each with the file that it lies in: one a failed recipient, or one for no bounce.

    Parameters
    ----------
    paths
        Mails, mboxes and folders.
    contacts
        As `known_addresses` returns them: whom a report can be about.
    progress
        Called with the file under way.

    Raises
    ------
    SourceError
        If a path cannot be read.
    """
    from hygiene.mail.files import mails_in
    from hygiene.mail.read import read_mails

    done = 0
    mails = mails_in(paths)
    while chunk := list(islice(mails, MAILS_AT_ONCE)):
        for mail, rows in zip(chunk, read_mails((mail.raw for mail in chunk), contacts), strict=True):
            yield from ((mail.file, row) for row in rows)
        done += len(chunk)
        progress(f"Reading {chunk[-1].file}", None)


def read_bounce_lines(lines: Iterable[bytes]) -> Iterator[Reading]:
    """Yield exactly one row a diagnostic line."""
    from hygiene.mail.charsets import decoded
    from hygiene.mail.read import read_lines

    rest = _split(lines)
    while chunk := list(islice(rest, MAILS_AT_ONCE)):
        yield from read_lines([decoded(line, None) for line in chunk])


def train(source: str | Path, out: Path, settings: Settings, progress: Progress = silent) -> Trained:
    """Learn the engagement model of a source and write it, how it would have done, and its card.

    Raises
    ------
    HygieneError
        If the source has no mail to learn from, or a place cannot be used; then nothing is written over.
    """
    from hygiene.exports.files import refuse_exports
    from hygiene.exports.model import Trained, write_trained
    from hygiene.flags.engagement.judge import learn
    from hygiene.reports.translate import Translator

    refuse_exports(out, Path(source))
    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        reader, moment = _mails(engine, tables.report, settings, progress)
        model = learn(reader, moment)
        trained = Trained(model, reader.source_names, tables.report, _backtest(reader, moment, settings, progress))
    write_trained(out, trained, Translator(settings.lang))
    return trained


def backtest(
    source: str | Path, settings: Settings, progress: Progress = silent
) -> tuple[Backtest, PauseReplay, ImportReport]:
    """Return how the engagement model and the pause rules would have done on a source's history.

    Raises
    ------
    HygieneError
        If the source has no mail to look back on.
    """
    from hygiene.flags.pauses.replay import replay_pauses

    tables = load(source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        reader, moment = _mails(engine, tables.report, settings, progress)
        result = _backtest(reader, moment, settings, progress)
        progress("Replaying the pause rules", None)
        return result, replay_pauses(engine, tables.report, settings), tables.report


def _mails(
    engine: Engine, report: ImportReport, settings: Settings, progress: Progress
) -> tuple[EngagementReader, float]:
    """Return the mails to learn from, and the moment up to which all is known, in days since 1970."""
    from hygiene.flags.engagement.outlook import days

    as_of = settings.as_of or report.data_until
    if not report.has_events or as_of is None:
        raise SourceError("The source has no events, so there is no mail to learn from. Export the email events too.")
    progress("Learning who answers", None)
    keep_signals(engine, report, settings)
    reader = EngagementReader(engine, report, settings)
    if not reader.sends and report.data_from is not None and as_of < report.data_from:
        raise SettingsError(
            f"Nothing is known yet at --as-of {as_of:%Y-%m-%d}: the data begins on {report.data_from:%Y-%m-%d}. Name a"
            " later day."
        )
    if not reader.sends:
        raise SourceError("The events hold no sent mail, so there is nothing to learn from. Export those of type sent.")
    return reader, days(as_of)


def _backtest(reader: EngagementReader, moment: float, settings: Settings, progress: Progress) -> Backtest:
    from hygiene.flags.engagement.backtest import backtest

    def tell(part: float) -> None:
        progress("Looking back", part)

    return backtest(reader.sample(), moment, reader.complaints(), settings, tell)


def _split(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines; an input without any line feed may end its lines with carriage returns alone."""
    for line in lines:
        if line.endswith(b"\n") or b"\r" not in line:
            yield line
        else:
            yield from line.removesuffix(b"\r").split(b"\r")


def _audit(
    engine: Engine, tables: Tables, settings: Settings, progress: Progress, previous: Previous | None = None
) -> tuple[Audit, ContactReader]:
    found, contacts = examine(engine, tables, settings, progress)
    progress("Looking for what would help most", None)
    return replace(found, advice=_advice(engine, found, previous)), contacts


def examine(
    engine: Engine,
    tables: Tables,
    settings: Settings,
    progress: Progress,
    *,
    with_addresses: bool = True,
    remembers: bool = True,
) -> tuple[Audit, ContactReader]:
    """Return everything known about a source but the advice, and its contacts to be streamed.

    With `with_addresses` false, nobody looks at every contact's address; with `remembers` false, nobody asks the
    suppression ledger: for those who ask it themselves.
    """
    profile = load_profile(settings.profile)
    progress("Counting", None)
    facts = read_facts(engine, tables.report, settings)
    progress("Scoring", None)
    scored = score_all(facts, profile, settings)
    progress("Looking at the contacts", None)
    memory = recall(engine, tables.report, settings) if remembers else None
    contacts = ContactReader(engine, tables.report, settings, memory.remembered if memory else None)
    outlook = _outlook(engine, tables.report, facts, contacts, settings, progress)
    judged = outlook.judged if outlook else None
    flags = summarize(decide_all(contacts.contacts(), judged))
    looks = tuple(row for row in _addresses(engine, None) if row.is_worth_a_look) if with_addresses else ()
    summary = outlook.summary(flags.open_keys) if outlook else None
    imported = memory.read_by(tables.report) if memory else tables.report
    return Audit(settings, imported, facts, scored, flags, looks, summary, judged, memory), contacts


def _advice(engine: Engine, found: Audit, previous: Previous | None) -> Advice:
    """Return what the rules suggest on everything found so far, and who the contacts to act on are."""
    from hygiene.advice.advise import advise
    from hygiene.facts.people import read_people

    advice = advise(_case(engine, found, previous))
    return replace(advice, people=read_people(engine, advice.contact_ids()))


def _case(engine: Engine, found: Audit, previous: Previous | None = None) -> Case:
    """Return the facts of a run as the rules read them."""
    from hygiene.advice.attribution.attribution import attribute
    from hygiene.advice.case import Case
    from hygiene.facts.enrolled import read_enrolled
    from hygiene.facts.factors import read_factors
    from hygiene.facts.sending import read_sending

    table = read_factors(engine, found.imported, found.facts, found.settings)
    enrolled = read_enrolled(engine, found.imported, found.settings)
    sending = read_sending(engine, found.imported, found.settings)
    if found.memory and found.memory.knows:
        enrolled, sending = with_memory(found.memory, found.flags, enrolled, sending)
    return Case(
        settings=found.settings,
        imported=found.imported,
        facts=found.facts,
        scores=found.scores,
        flags=found.flags,
        addresses=found.addresses,
        engagement=found.engagement,
        enrolled=enrolled,
        sending=sending,
        attribution=attribute(table, found.facts, found.scores),
        previous=previous,
    )


def _outlook(
    engine: Engine,
    report: ImportReport,
    facts: Facts,
    contacts: ContactReader,
    settings: Settings,
    progress: Progress,
) -> Outlook | None:
    """Return what the engagement model says of the contacts; None where no mail is known."""
    if not report.has_events or facts.as_of is None:
        return None
    from hygiene.flags.engagement.outlook import outlook

    progress("Learning who answers", None)
    reader = EngagementReader(engine, report, settings)
    return outlook(reader, facts.as_of, settings, lambda: open_keys(contacts.contacts()))


def _addresses(engine: Engine, ask: Callable[[list[str]], Mapping[str, DomainState]] | None) -> Iterator[AddressRow]:
    counts = domain_counts(email for _, email in read_addresses(engine))
    return check_all(read_addresses(engine), counts, ask(sorted(counts)) if ask else None)
