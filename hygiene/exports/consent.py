"""The consent ledger for a terminal, for scripts and for people, with the emails after an opt-out."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date, datetime
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

import click

from hygiene.exports.records import text_cell, time_cell
from hygiene.exports.sheets import write_people
from hygiene.gate.consent.words import BASIS_WORDS, DISCLAIMER, KIND_WORDS, STATUS_WORDS
from hygiene.reports.cells import defuse
from hygiene.reports.consent import TOOL_WORDS, consent_document, law_sentences, rule_word
from hygiene.reports.text import render_text
from hygiene.reports.translate import Translator
from hygiene.settings import LANGUAGES
from hygiene.values import Message, Moment, Territory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pandas import Series

    from hygiene.advice.opt_out_clock import Delay, Stop, Touch
    from hygiene.gate.consent.ledger import ConsentLedger, LawTable
    from hygiene.values import Value

SCHEMA = "hygiene/consent/1"
ROWS_FILE, PEOPLE_FILE, SUMMARY_FILE = "consent.csv", "consent.people.csv", "consent.json"
AFTER_FILE = "after_opt_out.people.csv"
PIPED = 100
"""Columns where no terminal says how many it has."""
COLUMNS = (
    *(
        "contact_id",
        "country",
        "country_from",
        "judged_by",
        "regime",
        "basis",
        "basis_source",
        "source",
        "import_batch",
    ),
    *("since", "last_own_contact_at", "counted_from", "expires_at", "status", "code", "why"),
)
"""Of `consent.csv`, before those of `LAW_COLUMNS`."""
LAW_COLUMNS = ("table_as_of", "table_age_days", "disclaimer")
"""The same in every row: a file that is passed on must say by itself what it rests on."""
PEOPLE_COLUMNS = (
    Message("Contact"),
    Message("Email"),
    Message("Status"),
    Message("Why"),
    Message("Country"),
    Message("Rule"),
    Message("Basis"),
    Message("Source of the consent"),
    Message("List source"),
    Message("Since"),
    Message("Runs out on"),
    Message("Note"),
)
AFTER_COLUMNS = (
    Message("Contact"),
    Message("Said no on"),
    Message("How"),
    Message("Email sent on"),
    Message("Hours later"),
    Message("Business days"),
    Message("Tool"),
    Message("Sender"),
    Message("Sequence"),
    Message("Step"),
    Message("Subject"),
)


def print_ledger(ledger: ConsentLedger, form: str, translator: Translator) -> None:
    """Print a ledger: a summary for people (`table`), its rows (`csv`), or its counts and clock (`json`)."""
    if form == "table":
        width = shutil.get_terminal_size((PIPED, 1)).columns
        click.echo(render_text(consent_document(ledger), translator, width), nl=False)
    elif form == "csv":
        text = StringIO()
        csv.writer(text).writerows(_rows(ledger, translator))
        click.echo(text.getvalue(), nl=False)
    else:
        click.echo(json_text(ledger_record(ledger)), nl=False)
    if form != "table":
        say_law(ledger.table, translator)


def say_law(table: LawTable, translator: Translator) -> None:
    """Print on stderr, beside data for scripts, what the data rest on."""
    for sentence in law_sentences(table):
        click.echo(translator.text(sentence), err=True)


def write_ledger(folder: Path, ledger: ConsentLedger, translator: Translator) -> None:
    """Write the files of a ledger into an empty folder."""
    with (folder / ROWS_FILE).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(_rows(ledger, translator))
    titles = [translator.text(title) for title in PEOPLE_COLUMNS]
    write_people(folder / PEOPLE_FILE, titles, _people(ledger, translator), translator.lang)
    titles = [translator.text(title) for title in AFTER_COLUMNS]
    write_people(folder / AFTER_FILE, titles, _after(ledger, translator), translator.lang)
    (folder / SUMMARY_FILE).write_text(json_text(ledger_record(ledger)), encoding="utf-8", newline="\n")


# --- rows -------------------------------------------------------------------------------------------------------------
def _rows(ledger: ConsentLedger, translator: Translator) -> Iterator[Iterable[Any]]:
    yield (*COLUMNS, *LAW_COLUMNS)
    columns = [_cells(ledger.rows[name], translator.text) for name in COLUMNS]
    law = (ledger.table.as_of.isoformat(), ledger.table.age_days, translator.text(Message("Not legal advice.")))
    yield from ((*cells, *law) for cells in zip(*columns, strict=True))


def _people(ledger: ConsentLedger, translator: Translator) -> Iterator[Sequence[Any]]:
    def words(of: Mapping[Any, Message]) -> Callable[[Any], str]:
        return lambda code: translator.text(of[code])

    rows = ledger.rows
    columns = (
        _cells(rows["contact_id"]),
        _cells(rows["email"]),
        _mapped(rows["status"], words(STATUS_WORDS)),
        _cells(rows["why"], translator.text),
        _mapped(rows["country"], lambda code: translator.text(Territory(code))),
        [translator.text(rule_word(*pair)) for pair in zip(_cells(rows["country"]), rows["regime"], strict=True)],
        _mapped(rows["basis"], words(BASIS_WORDS)),
        _cells(rows["basis_source"]),
        _cells(rows["source"]),
        *(_mapped(rows[name], lambda at: translator.text(Moment(at))) for name in ("since", "expires_at")),
    )
    note = " ".join(translator.text(sentence) for sentence in law_sentences(ledger.table))
    yield from ((*cells, note) for cells in zip(*columns, strict=True))


def _cells(column: Series[Any], say: Callable[[Message], str] | None = None) -> list[str]:
    """Return a column as cells that no spreadsheet runs: texts as they are, times in ISO 8601, sentences by `say`."""
    if say is not None and column.name == "why":
        said: dict[int, str] = {}  # rows that are alike share their sentence
        return [said.get(id(why)) or said.setdefault(id(why), defuse(say(why))) for why in column]
    return _mapped(column, lambda value: time_cell(value) if isinstance(value, datetime) else text_cell(str(value)))


def _mapped(column: Series[Any], of: Callable[[Any], str]) -> list[str]:
    """Return what `of` makes of the distinct values, an empty cell for a missing one."""
    import pandas as pd

    places, distinct = pd.factorize(column)
    found = [*(of(value) for value in distinct), ""]
    return [found[place] for place in places]


def _after(ledger: ConsentLedger, translator: Translator) -> Iterator[Sequence[Any]]:
    for stop in ledger.clock.stops:
        for touch in stop.touches:
            yield [
                text_cell(stop.contact_id),
                translator.text(Moment(stop.asked_at, "minute" if stop.has_time else "day")),
                translator.text(KIND_WORDS[stop.kind]),
                translator.text(Moment(touch.mail.at, "minute")),
                round(touch.hours, 1),
                touch.business_days,
                translator.text(TOOL_WORDS[touch.mail.tool]),
                text_cell(_label(ledger.senders, touch.mail.sender_key)),
                text_cell(_label(ledger.sequences, touch.mail.sequence_key)),
                touch.mail.step or "",
                text_cell(touch.mail.subject),
            ]


def _label(named: Mapping[int, Any], key: int | None) -> str | None:
    return named[key].label if key is not None and key in named else None


# --- JSON -------------------------------------------------------------------------------------------------------------
def json_text(record: Mapping[str, Any]) -> str:
    """Return a record as JSON; times in ISO 8601, UTC."""
    return json.dumps(record, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return time_cell(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def in_both(value: Value) -> dict[str, str]:
    """Return a sentence in each language."""
    return {lang: translator.text(value) for lang, translator in _translators().items()}


@cache
def _translators() -> Mapping[str, Translator]:
    return {lang: Translator(lang) for lang in LANGUAGES}


def law_record(table: LawTable) -> dict[str, Any]:
    """Return what every JSON says of the legal table: its day, its age, and that it is no legal advice."""
    return {**table._asdict(), "disclaimer": in_both(DISCLAIMER)}


def ledger_record(ledger: ConsentLedger) -> dict[str, Any]:
    """Return what `consent.json` holds (docs/consent.md); the rows are in `consent.csv`."""
    clock = ledger.clock
    senders = {key: sender.sender_id for key, sender in ledger.senders.items()}
    return {
        "schema": SCHEMA,
        "as_of": ledger.as_of,
        "table": law_record(ledger.table),
        "bases_known": ledger.bases_known,
        "contacts": len(ledger.rows),
        "sendable": ledger.sendable,
        "by_status": ledger.by_status,
        "groups": [
            {**group._asdict(), "contacts": group.contacts, "sendable": group.sendable} for group in ledger.groups
        ],
        "clock": {
            "timed": clock.timed,
            "undated": clock.undated,
            "total": clock.total and _delay(clock.total),
            "by_sender": {senders[key]: _delay(delay) for key, delay in clock.by_sender.items()},
            "by_tool": {tool: _delay(delay) for tool, delay in clock.by_tool.items()},
            "by_kind": {kind: _delay(delay) for kind, delay in clock.by_kind.items()},
            "after_opt_out": [stop_record(stop, ledger.senders, ledger.sequences) for stop in clock.stops],
        },
    }


def _delay(delay: Delay) -> dict[str, Any]:
    return {
        "contacts": delay.contacts,
        "emails": delay.mails,
        "median_hours": round(delay.median_hours, 2),
        "worst_hours": round(delay.worst_hours, 2),
        "over_48_hours": len(delay.over_48_hours),
        "over_48_hours_contacts": delay.over_48_hours,
        "over_10_business_days": len(delay.over_10_business_days),
        "over_10_business_days_contacts": delay.over_10_business_days,
    }


def id_of(named: Mapping[int, Any], key: int | None, name: str) -> str | None:
    """Return the export's own id of a sender or a sequence; None: not known."""
    return getattr(named[key], name) if key is not None and key in named else None


def stop_record(stop: Stop, senders: Mapping[int, Any], sequences: Mapping[int, Any]) -> dict[str, Any]:
    """Return an opt-out and the emails after it."""

    def touch_record(touch: Touch) -> dict[str, Any]:
        mail = touch.mail
        return {
            "at": mail.at,
            "hours": round(touch.hours, 2),
            "business_days": touch.business_days,
            "tool": mail.tool,
            "sender_id": id_of(senders, mail.sender_key, "sender_id"),
            "sequence_id": id_of(sequences, mail.sequence_key, "sequence_id"),
            "step": mail.step,
            "subject": mail.subject,
        }

    return {
        "contact_id": stop.contact_id,
        "kind": stop.kind,
        "source": stop.source,
        "asked_at": stop.asked_at,
        "has_time": stop.has_time,
        "emails": [touch_record(touch) for touch in stop.touches],
    }
