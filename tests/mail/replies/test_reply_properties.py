"""What must hold for any reply: how it is dressed makes no difference, and no string breaks or slows the reading."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.mail.replies import KINDS, evidence, read_reply
from hygiene.mail.replies.likeness import likeness
from hygiene.mail.replies.own import OWN
from tests.mail.replies.table import CASES

if TYPE_CHECKING:
    from collections.abc import Callable

TEMPTING = (
    "I am out of office until 5 May. Not interested? Unsubscribe here. Please stop emailing me. Jane has left Acme."
)
QUOTED = "\n\nOn Mon, Apr 13, 2026 at 9:12 AM Tom <tom@sender.example> wrote:\n> " + TEMPTING.replace(". ", ".\n> ")
OUTLOOK = f"\n\nVon: Tom\nGesendet: Montag, 13. April 2026\nAn: Jo\nBetreff: Idee\n\n{TEMPTING}"
SIGNATURE = "\n-- \nJo Doe, stop by our booth\nTo unsubscribe click here. Out of office? Call +44 20 5550 123"
DRESSES: dict[str, Callable[[str], str]] = {
    "a quoted original": lambda text: text + QUOTED,
    "an Outlook original": lambda text: text + OUTLOOK,
    "a signature": lambda text: text + SIGNATURE,
    "upper case": str.upper,
    "lower case": str.lower,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "wrapped lines": lambda text: "\n".join(textwrap.fill(line, 60) for line in text.split("\n")),
    "HTML": lambda text: f"<html><body><p>{text.replace('<', '&lt;').replace(chr(10), '<br>')}</p></body></html>",
    "a no-break space": lambda text: text.replace(" ", "\u00a0"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_kind_does_not_depend_on(dress: str) -> None:
    changed = []
    for case in (case for case in CASES if case.text):
        other = case._replace(text=DRESSES[dress](case.text.replace("\\n", "\n")))
        if (case.read().kind, case.read().returns_on) != (other.read().kind, other.read().returns_on):
            changed.append((case.text, other.read()))
    assert changed == []


@given(st.text(), st.text(), st.dictionaries(st.text(), st.text()), st.none() | st.datetimes())
def test_any_strings_are_read(text: str, subject: str, headers: dict[str, str], at: datetime | None) -> None:
    assert read_reply(text, subject, headers, at).kind in KINDS


WORDS = [word for case in CASES[::7] for word in case.text.split()] + [
    "<",
    ">",
    "\n",
    ":",
    "@",
    "5/6",
    "=?utf-8?q?",
    "-- ",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join), st.lists(st.sampled_from(WORDS), max_size=9))
def test_any_salad_of_words_is_read_twice_alike(text: str, subject: list[str]) -> None:
    reading = read_reply(text, " ".join(subject), at=datetime(2026, 4, 20))
    assert reading == read_reply(text, " ".join(subject), at=datetime(2026, 4, 20))
    assert reading.returns_on is None or reading.kind == "out_of_office"
    assert reading.successor is None or reading.kind in {"left_company", "referral"}
    assert 0 <= reading.confidence <= 1


def test_an_opt_out_is_lost_neither_in_an_automatic_reply_nor_above_an_absence() -> None:
    automatic = {"Auto-Submitted": "auto-replied"}
    lost = []
    for case in (case for case in CASES if case.kind == "opt_out" and case.text):
        text = case.text.replace("\\n", "\n")
        # Behind a likeness stands no rule, and what is said beside it may outweigh it.
        beside = "" if case.read().signal == "likeness" else "\n\nI am out of the office until 5 May."
        if read_reply(text + beside, headers=automatic).kind != "opt_out":
            lost.append(text)
    assert lost == []


@pytest.mark.parametrize(
    "text",
    ["stop by " * 125_000, "a" * 10**6, "On 1 wrote: " * 80_000, "back on monday " * 66_000, "contact A " * 100_000],
)
def test_of_a_megabyte_rules_see_a_bounded_piece(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = evidence.body_hits
    monkeypatch.setattr(
        evidence, "body_hits", lambda flowing, scores: (seen.append(len(flowing)), real(flowing, scores))[1]
    )
    read_reply(text, text, {"Subject": text})
    assert seen
    assert max(seen) <= OWN


def test_a_likeness_is_a_share_among_the_kinds_asked_for() -> None:
    kind, share = likeness("we will stay with our supplier", ("negative", "opt_out"))
    assert (kind, share > 0.5) == ("negative", True)
    assert likeness("", KINDS)[1] == pytest.approx(1 / len(KINDS))


def test_what_a_veto_refused_is_not_found_by_likeness() -> None:
    assert read_reply("Ne me désinscrivez surtout pas !").kind == "human"
