"""The sentences of a check: the verdict, why a row was left out, what is to be expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from hygiene.gate.reasons import CHECK_OF
from hygiene.reports.words import flag_sentence
from hygiene.values import Count, Interval, Message, Moment, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hygiene.gate.batch_plan import BatchPlan
    from hygiene.gate.reasons import Dropped
    from hygiene.gate.types import CheckReport, Expected, Finding, Verdict
    from hygiene.values import Value


class WrittenList(Protocol):
    """A list that was written (`exports.check.Written`)."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def rows(self) -> int:
        """How many rows it has, besides the header."""


VERDICTS: Mapping[Verdict, str] = {"go": "GO", "trim": "TRIM", "hold": "HOLD", "unknown": "UNKNOWN"}
"""The words of the contract, in every language."""
HEADLINES: Mapping[Verdict, Message] = {
    "go": Message("GO: all %(kept)s rows may be sent to."),
    "trim": Message("TRIM: %(kept)s of %(rows)s rows may be sent to; leave %(dropped)s out."),
    "hold": Message("HOLD: do not start. No trim helps; see below what to mend."),
    "unknown": Message("UNKNOWN: a check that has to be made could not be made, so nobody can say GO."),
}
MODES: Mapping[str, Message] = {
    "suggest": Message("Mode suggest: the lists are written, and nothing is stopped."),
    "observe": Message("Mode observe: nothing is written and nothing is stopped."),
}
REASONS: Mapping[str, Message] = {
    "suppressed": Message("On the suppression list (%(reason)s): never write again."),
    "opted_out_in_list": Message("The list itself says that this person opted out."),
    "do_not_contact_in_list": Message("The list itself says not to contact this person."),
    "in_ledger": Message("In the suppression ledger (%(value)s): never write again."),
    "bounced_in_list": Message("The list itself tells of a hard bounce (%(value)s)."),
    "bounced_in_ledger": Message("In the suppression ledger (%(value)s): the address was removed before."),
    "unreadable_row": Message("The line cannot be taken apart, so nobody knows who it is."),
    "no_address": Message("The row has no email address."),
    "malformed_address": Message("This is no email address (%(value)s)."),
    "verified_invalid": Message("A verification found the address invalid."),
    "typo_domain": Message("The domain looks mistyped: %(value)s was probably meant."),
    "disposable": Message("A disposable mailbox (%(value)s)."),
    "role_system": Message("A machine's mailbox, not a person's (%(value)s)."),
    "role_team": Message("A shared mailbox, not a person's (%(value)s)."),
    "duplicate": Message("Another row has the same address."),
    "in_sequence": Message("In a running sequence already."),
    "contacted_recently": Message("Written to on %(day)s, which is not long ago."),
    "enrolled_recently": Message("In a sequence until %(day)s, which is not long ago."),
    "company_full": Message("Enough people of %(value)s are on the list or in running sequences."),
    "other_language": Message("Reads another language than the email's (%(value)s)."),
    "broken_mail": Message("The email would come out with a hole: %(value)s is empty or no value."),
    "untested_source": Message("From a new list source (%(value)s): wait for the outcome of the test batch."),
    "over_budget": Message("Left out so that the bounces to expect fit the budget (source: %(value)s)."),
}
"""By reason code; those of a contact's flag have the sentence of the flag."""
NO_SOURCE = Message("not told")


def reason_sentence(row: Dropped) -> Message:
    """Return why a row was left out."""
    if row.said is not None:
        return row.said
    if row.flag is not None:
        return flag_sentence(row.flag)
    value: Value = Text(row.value) if row.value else NO_SOURCE
    sentence = REASONS[row.reason]
    return Message(sentence.id, {"value": value, "reason": value, "day": Moment(row.at)})


def headline(report: CheckReport) -> Message:
    """Return the verdict in a sentence."""
    values = {
        "kept": Count(len(report.kept)),
        "rows": Count(report.rows),
        "dropped": Count(len(report.dropped)),
    }
    return Message(HEADLINES[report.verdict].id, values)


def context(report: CheckReport) -> Iterator[Message]:
    """Yield what was checked, and with what."""
    yield Message(
        "List %(file)s: %(n)s row.",
        {"file": Text(report.file)},
        plural="List %(file)s: %(n)s rows.",
        n=report.rows,
    )
    if report.sender:
        yield Message("Sender: %(sender)s.", {"sender": Text(report.sender)})
    if report.as_of:
        yield Message(
            "The source knows up to %(day)s; whoever said no since then is not known.", {"day": Moment(report.as_of)}
        )
    yield Message(
        "The suppression ledger has %(n)s entry.",
        plural="The suppression ledger has %(n)s entries.",
        n=report.ledger_entries,
    )
    if report.mode in MODES:
        yield MODES[report.mode]


def outlook(report: CheckReport) -> Iterator[Message]:
    """Yield what the rows that are kept will bring, and what the trim costs."""
    if report.bounces:
        yield Message(
            "Bounces to expect: %(mean)s %(interval)s, four times in five. The domain has room for %(room)s.",
            {**expected_values(report.bounces), "room": Count(report.room)},
        )
    if report.complaints:
        yield Message(
            "Complaints to expect: %(mean)s %(interval)s, four times in five.", expected_values(report.complaints)
        )
    if report.price and report.avoided:
        yield Message(
            "What is left out by choice would have brought %(replies)s replies %(replies_interval)s and %(bounces)s"
            " bounces %(bounces_interval)s.",
            {
                "replies": Points(report.price.mean, 1),
                "replies_interval": Interval(report.price.low, report.price.high, percent=False),
                "bounces": Points(report.avoided.mean, 1),
                "bounces_interval": Interval(report.avoided.low, report.avoided.high, percent=False),
            },
        )
    for plan in report.plans:
        yield from plan_sentences(plan)


def expected_values(expected: Expected) -> dict[str, Value]:
    """Return a mean and its interval, for a sentence."""
    return {"mean": Points(expected.mean, 1), "interval": Interval(expected.low, expected.high, percent=False)}


def plan_sentences(plan: BatchPlan) -> Iterator[Message]:
    """Yield a test batch and how well it tells good sources from bad ones."""
    values: dict[str, Value] = {
        "source": Text(plan.source) if plan.source else NO_SOURCE,
        "size": Count(plan.size),
        "rows": Count(plan.rows),
        "days": Count(plan.days),
        "release": Count(plan.release),
        "accept": Count(plan.accept),
    }
    if not plan.release:
        yield Message(
            "New list source %(source)s: send %(size)s of its %(rows)s rows over %(days)s days, and check the list"
            " again: the budget has no room for more.",
            values,
        )
        return
    yield Message(
        "New list source %(source)s: send %(size)s of its %(rows)s rows over %(days)s days; release %(release)s more if"
        " at most %(accept)s bounce.",
        values,
    )
    for rate, chance in plan.passes:
        yield Message(
            "A source with %(rate)s bounces passes with a probability of %(chance)s.",
            {"rate": Percent(rate), "chance": Percent(chance, 0)},
        )


def waiver_sentences(report: CheckReport) -> Iterator[Message]:
    """Yield each exception, who answers for it, why and until when."""
    for waiver, state in report.waivers:
        values: dict[str, Value] = {
            "check": Text(waiver.check),
            "owner": Text(waiver.owner),
            "reason": Text(waiver.reason),
            "day": Text(waiver.expires.isoformat()),
        }
        match state:
            case "used":
                yield Message("%(check)s is waived by %(owner)s until %(day)s: %(reason)s", values)
            case "not_needed":
                yield Message("%(check)s is waived by %(owner)s until %(day)s, which is not needed: %(reason)s", values)
            case "expired":
                yield Message("%(check)s was waived by %(owner)s until %(day)s, which is over: %(reason)s", values)


def group_of(finding: Finding) -> str:
    """Return under which heading a finding stands."""
    if finding.waiver is not None:
        return "waived"
    if finding.status == "fail":
        return "stops" if finding.effect == "hold" else "rows"
    if finding.status == "unknown":
        return "open" if finding.is_required else "not_seen"
    return {"warn": "remarks", "pass": "passed", "not_applicable": "passed"}[finding.status]


GROUPS: Mapping[str, Message] = {
    "stops": Message("Stops the campaign"),
    "open": Message("Could not be checked, and has to be"),
    "rows": Message("Rows to leave out"),
    "remarks": Message("Worth a look"),
    "waived": Message("Waived"),
    "not_seen": Message("Not looked at"),
    "passed": Message("In order"),
}
"""Headings, in their order."""


def by_group(report: CheckReport) -> dict[str, list[Finding]]:
    """Return the findings by heading; empty headings are left out."""
    found: dict[str, list[Finding]] = {group: [] for group in GROUPS}
    for finding in report.findings:
        found[group_of(finding)].append(finding)
    return {group: findings for group, findings in found.items() if findings}


def file_sentences(files: Mapping[str, WrittenList]) -> Iterator[Message]:
    """Yield each list that was written, with its rows."""
    for written in files.values():
        yield Message(
            "%(path)s: %(n)s row",
            {"path": Text(str(written.path))},
            plural="%(path)s: %(n)s rows",
            n=written.rows,
        )


def check_of(row: Dropped) -> str:
    """Return the id of the check that a row failed."""
    return CHECK_OF[row.reason].id
