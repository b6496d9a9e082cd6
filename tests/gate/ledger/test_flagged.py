from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygiene.flags.contacts import decide
from hygiene.flags.types import REASONS
from hygiene.gate.ledger.flagged import REMEMBERED, entries_of, remembered_as
from hygiene.gate.ledger.keys import Hasher
from tests.canonical import QUIET, day

if TYPE_CHECKING:
    from datetime import datetime

HASHER = Hasher(bytes(32))
DEAD = {"last_bounce_at": day(4), "last_bounce_action": "remove", "last_bounce_signal": "code 5.1.1"}
CASES: dict[str, tuple[dict[str, object], tuple[str, datetime | None] | None]] = {
    "an opt-out": ({"opted_out": True, "opted_out_at": day(1)}, ("opt_out", day(1))),
    "an opt-out without a date": ({"opted_out": True}, ("opt_out", None)),
    "a complaint": ({"complained_at": day(2)}, ("complaint", day(2))),
    "a demand in words": ({"asked_out_at": day(2)}, ("objection", day(2))),
    "of several noes the first": (
        {"opted_out": True, "unsubscribed_at": day(2), "complained_at": day(3)},
        ("opt_out", day(2)),
    ),
    "a dead address, since its bounce": (DEAD, ("hard_bounce_address", day(4))),
    "a no that is also dead": ({**DEAD, "do_not_contact": True}, ("do_not_contact", None)),
    "a bounce for another's fault": ({**DEAD, "last_bounce_action": "fix_sender"}, None),
    "a full mailbox": ({**DEAD, "last_bounce_action": "hold", "full_mailboxes": 3}, None),
    "who is away": ({"away_at": day(1), "away_until": day(9), "is_away": True}, None),
    "nothing": ({}, None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_flag_is_remembered_for_its_own_reason_and_date(case: str) -> None:
    columns, expected = CASES[case]
    assert remembered_as(decide(QUIET._replace(**columns))) == expected


def test_every_never_and_remove_is_remembered_but_what_the_ledger_itself_said() -> None:
    stopped = {reason for reason, flag in REASONS.items() if flag in ("never", "remove")}
    assert set(REMEMBERED) == stopped - {"in_ledger", "in_ledger_bounced"}


def test_who_has_no_address_cannot_be_remembered_and_an_id_may_be_one() -> None:
    said_no = QUIET._replace(opted_out=True, email=None)
    people = [said_no._replace(contact_id=name) for name in ("c1", "ann@acme.com", "@")]
    assert list(entries_of(map(decide, people), HASHER, "crm")) == [
        HASHER.entry("ann@acme.com", "opt_out", source="crm")
    ]
