from __future__ import annotations

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.gate.ledger import MAY_EXPIRE, REASONS
from tests.gate.ledger.stock import DAY, opened

if TYPE_CHECKING:
    from hygiene.gate.ledger import Entry, Ledger

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=8)
ACCENTED = st.text("abéçñøüžабвλμ日本", min_size=1, max_size=8)
LOCALS = st.lists(st.one_of(WORDS, ACCENTED), min_size=1, max_size=3).map(".".join)
DOMAINS = st.one_of(
    st.lists(WORDS.map(lambda word: word.strip("-_") or "x"), min_size=1, max_size=3).map(
        lambda w: ".".join([*w, "example"])
    ),
    st.sampled_from(
        ("gmail.com", "googlemail.com", "münchen.example.de", "xn--mnchen-3ya.example.de", "пример.example")
    ),
)
ADDRESSES = st.tuples(LOCALS, DOMAINS).map("@".join)


def _undotted(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return local.replace(".", "", 1) + at + domain


SPELLINGS = st.sampled_from(
    (
        str,
        str.upper,
        str.title,
        lambda text: f"  {text}\t",
        lambda text: f"Somebody <{text}>",
        lambda text: text.replace("@", "+tag@"),
        lambda text: text.replace("@", "+Another.Tag@").upper(),
        lambda text: _undotted(text) if text.endswith(("@gmail.com", "@googlemail.com")) else text,
        lambda text: text.replace("@gmail.com", "@googlemail.com"),
    )
)
FACTS = st.tuples(
    st.sampled_from(
        ("ann@acme.com", "ann+x@acme.com", "bob@acme.com", "@acme.com", "@mail.acme.com", "eve@mail.acme.com")
    ),
    st.sampled_from(REASONS),
    st.one_of(st.none(), st.integers(0, 3).map(lambda days: datetime(2026, 1, 1) + timedelta(days))),
    st.sampled_from(("HubSpot", "lemlist")),
    st.one_of(st.none(), st.integers(-2, 2).map(lambda days: DAY + timedelta(days))),
)
ASKED = ["ann@acme.com", "ANN+y@acme.com", "bob@acme.com", "eve@mail.acme.com", "eve@other.example"]
Fact = tuple[str, str, datetime | None, str, date | None]


def entry(ledger: Ledger, fact: Fact) -> Entry:
    who, reason, at, source, expires = fact
    return ledger.entry(who, reason, at=at, source=source, expires=expires if reason in MAY_EXPIRE else None)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(ADDRESSES, SPELLINGS, SPELLINGS)
def test_whoever_is_added_is_found_whatever_the_spelling(address: str, one: object, other: object) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = opened(Path(folder))
        ledger.add([ledger.entry(one(address), "opt_out")])  # type: ignore[operator]
        assert set(ledger.find([other(address), "somebody@else.example"], DAY)) == {0}  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(st.lists(FACTS, max_size=8), st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_additions_and_their_batches_do_not_matter(facts: list[Fact], rng: object, size: int) -> None:
    def answers(order: list[Fact], batch: int, folder: str) -> dict[int, list[tuple[object, ...]]]:
        ledger = opened(Path(folder))
        for start in range(0, len(order), batch):
            ledger.add([entry(ledger, fact) for fact in order[start : start + batch]])
        found = ledger.find_all(ASKED, DAY).items()
        # Under another key the hashes differ; what is said does not.
        return {n: sorted((m.reason, m.how, *map(str, m.entry.fact[2:])) for m in matches) for n, matches in found}

    shuffled = facts * 2
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert answers(facts, 100, one) == answers(shuffled, size, other)


@settings(max_examples=60, deadline=None)
@given(st.lists(FACTS, max_size=8))
def test_the_strictest_that_has_not_expired_wins(facts: list[Fact]) -> None:
    def covers(who: str, asked: str, reason: str) -> bool:
        """The slow, obvious version."""
        if who.startswith("@"):
            return asked.endswith((who, f".{who[1:]}"))
        plain = [text.lower().replace("+x", "").replace("+y", "") for text in (who, asked)]
        return who == asked.lower() or (plain[0] == plain[1] and reason != "hard_bounce_address")

    with tempfile.TemporaryDirectory() as folder:
        ledger = opened(Path(folder))
        ledger.add([entry(ledger, fact) for fact in facts])
        found = ledger.find(ASKED, DAY)
    expected = {}
    for position, asked in enumerate(ASKED):
        holding = [
            reason
            for who, reason, _, _, expires in facts
            if covers(who, asked, reason) and (reason not in MAY_EXPIRE or expires is None or expires >= DAY)
        ]
        if holding:
            expected[position] = min(holding, key=REASONS.index)  # type: ignore[arg-type]
    assert {position: match.reason for position, match in found.items()} == expected
