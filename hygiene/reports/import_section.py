"""How the files were read, what is missing for what, and from which versions the report comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene import __version__
from hygiene.reports.document import Bullets, Definitions, Note, Row, Section, Table, TableColumn
from hygiene.reports.import_words import format_sentence, header_sentence, note_sentence
from hygiene.reports.words import verbatim
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.gate.ledger.memory import Memory
    from hygiene.reports.document import Block
    from hygiene.reports.index import Index
    from hygiene.sources.tables import ColumnReading, FileReading, ImportReport

HEADERS_SHOWN = 80

UNLOCKS: Mapping[str, Message] = {
    "enrollments": Message("the scores of senders, sequences and months from single enrollments"),
    "events": Message("the steps of each sequence, replies and bounces one by one, and who will still answer"),
    "contacts": Message(
        "opt-outs, hard bounces and the cleanup lists with addresses, and where the contacts came from"
    ),
    "senders": Message("names, teams and seats in place of ids"),
    "sequences": Message("the names of the sequences in place of their ids"),
    "suppressions": Message("addresses and domains that must never be written to, whatever else the data says"),
}
"""What each table of the contract's section 1 adds to this report."""


def missing_section(index: Index) -> Section:
    """Return which tables were not given and what they would add; without blocks where all were given."""
    given = set(index.audit.imported.given)
    missing = [(table, gain) for table, gain in UNLOCKS.items() if table not in given]
    blocks: list[Block] = [Definitions(tuple((verbatim(table), gain) for table, gain in missing))] if missing else []
    if index.audit.engagement is None and "events" in given:
        blocks.append(
            Note(Message("The table events holds no event, so nobody can say who will still answer. Nobody is paused."))
        )
    return Section(
        id="missing",
        title=Message("What more data would add"),
        blocks=tuple(blocks),
        intro=Message("These tables were not in the source. Each would add:") if missing else None,
        folded=True,
    )


def import_section(index: Index) -> Section:
    """Return how each file was read."""
    return Section(
        id="import",
        title=Message("How the files were read"),
        blocks=tuple(_import_blocks(index.audit.imported)),
        folded=True,
    )


def _import_blocks(report: ImportReport) -> Iterator[Block]:
    yield _file_table(report)
    if report.rejected:
        yield Note(
            Message(
                "%(n)s value or row could not be understood; %(file)s names each with its line and its reason.",
                {"file": Text("rejects.csv")},
                plural="%(n)s values or rows could not be understood; %(file)s names each with its line and its"
                " reason.",
                n=report.rejected,
            ),
            "warn",
        )
    if report.notes:
        yield Bullets(tuple(note_sentence(note) for note in report.notes))
    if report.ignored_files:
        yield Note(
            Message(
                "Not read, because no table has such a name: %(files)s.",
                {"files": Text(", ".join(report.ignored_files))},
            )
        )
    headers = [(file, column) for file in report.files for column in file.columns if _says_something(column)]
    if headers:
        yield _header_table(headers)


def _file_table(report: ImportReport) -> Table:
    return Table(
        caption=Message("Files"),
        columns=(
            TableColumn(Message("File")),
            TableColumn(Message("Read as")),
            TableColumn(Message("Rows"), "number"),
            TableColumn(Message("Rejected"), "number"),
            TableColumn(Message("Encoding")),
            TableColumn(Message("Separator")),
        ),
        rows=tuple(
            Row(
                (
                    Text(file.file),
                    Text(file.table),
                    Count(file.rows),
                    Count(file.rejected),
                    Text(file.encoding or "–"),
                    _separator(file.separator),
                )
            )
            for file in report.files
        ),
    )


def _separator(separator: str | None) -> Text | Message:
    if separator == "\t":
        return Message("tab")
    return Text(separator or "–")


def _says_something(column: ColumnReading) -> bool:
    return column.how != "exact" or column.format_from is not None


def _header_table(headers: list[tuple[FileReading, ColumnReading]]) -> Table:
    return Table(
        caption=Message("Headers that were translated, kept out, or whose format was decided"),
        columns=(
            TableColumn(Message("File")),
            TableColumn(Message("Header")),
            TableColumn(Message("Read as")),
            TableColumn(Message("Format")),
        ),
        rows=tuple(
            Row((Text(file.file), Text(column.header), header_sentence(column), format_sentence(column)))
            for file, column in headers[:HEADERS_SHOWN]
        ),
        total=len(headers),
    )


def _ledger(memory: Memory | None) -> Iterator[tuple[Message, Message]]:
    """Yield which ledger the contacts were looked up in, where there is one: it decides flags as the data do."""
    if memory and memory.digest:
        said = Message(
            "%(n)s entry, hash %(digest)s",
            {"digest": Text(memory.digest)},
            plural="%(n)s entries, hash %(digest)s",
            n=memory.entries,
        )
        yield Message("Ledger"), said


def versions_section(index: Index) -> Section:
    """Return what another run needs to give the same report."""
    audit = index.audit
    return Section(
        id="versions",
        title=Message("Versions"),
        blocks=(
            Definitions(
                (
                    (verbatim("hygiene"), verbatim(__version__)),
                    (Message("Score profile"), verbatim(audit.scores.profile.name)),
                    (Message("Hash of the data"), verbatim(audit.imported.data_hash)),
                    *_ledger(audit.memory),
                )
            ),
        ),
        intro=Message(
            "The same data and settings give the same figures; %(file)s holds all hashes.", {"file": Text("run.json")}
        ),
        folded=True,
    )
