from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from hygiene.gate.ledger import MAY_EXPIRE, REASONS, Added, open_ledger
from tests.gate.ledger.stock import DAY, holding, opened

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = {
    "line breaks": "one\ntwo\r\nthree\u2028four\x85five",
    "a formula": "=cmd|' /C calc'!A0",
    "a NUL": "a\x00b",
    "quotes and a backslash": '"\\","check":"00000000"}\n',
    "half a character": "\ud800",
    "another script": "Müller 日本 🦄",
    "a megabyte": "x" * (1 << 20),
}


def test_whoever_was_added_is_found_again(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    at = datetime(2026, 2, 3, 10, 30, 15, 999)
    assert ledger.add([ledger.entry("Ann@acme.com", "opt_out", at=at, source="HubSpot")]) == Added(1, 0)
    [match] = open_ledger(ledger.path, ledger.key_path).find(["bob@acme.com", None, "ann@ACME.com", ""], DAY).values()
    assert (match.reason, match.how, match.entry.source) == ("opt_out", "exact", "HubSpot")
    assert match.entry.at == datetime(2026, 2, 3, 10, 30, 15)
    assert match.entry.added_at is not None
    assert set(ledger.find(["bob@acme.com", None, "ann@ACME.com", ""], DAY)) == {2}


def test_no_address_stands_in_any_file(tmp_path: Path) -> None:
    holding(tmp_path, "ann.secret@acme.com", "ann.secret+tag@gmail.com", "@hidden-domain.com")
    for path in tmp_path.iterdir():
        content = path.read_bytes().lower()
        assert not any(word in content for word in (b"secret", b"acme", b"hidden", b"gmail"))


def test_equal_addresses_have_other_hashes_under_another_key(tmp_path: Path) -> None:
    one, other = opened(tmp_path, "one"), opened(tmp_path, "other")
    assert one.entry("ann@acme.com", "opt_out").key != other.entry("ann@acme.com", "opt_out").key


@pytest.mark.parametrize(
    ("added", "asked", "how"),
    [
        ("ann@acme.com", "ann@acme.com", "exact"),
        ("ann+news@acme.com", "ann@acme.com", "variant"),
        ("ann@acme.com", "ann+news@acme.com", "variant"),
        ("ann+a@acme.com", "ann+b@acme.com", "variant"),
        ("a.n.n@gmail.com", "ann@googlemail.com", "variant"),
        ("a.n.n@acme.com", "ann@acme.com", None),
        ("@acme.com", "ann@acme.com", "domain"),
        ("@acme.com", "ann@mail.acme.com", "domain"),
        ("@mail.acme.com", "ann@acme.com", None),
        ("@acme.com", "ann@notacme.com", None),
        ("ann@acme.com", "ann@mail.acme.com", None),
    ],
)
def test_an_entry_covers_the_mailbox_and_a_domain_all_below_it(
    tmp_path: Path, added: str, asked: str, how: str | None
) -> None:
    found = holding(tmp_path, added).find([asked], DAY)
    assert (found[0].how if found else None) == how
    assert not found or found[0].is_variant == (how == "variant")


def test_a_dead_mailbox_is_that_very_spelling(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.add(
        [ledger.entry("ann+news@acme.com", "hard_bounce_address"), ledger.entry("bob+x@acme.com", "left_company")]
    )
    found = ledger.find(["ann+news@acme.com", "ann@acme.com", "bob@acme.com"], DAY)
    assert {position: (match.reason, match.how) for position, match in found.items()} == {
        0: ("hard_bounce_address", "exact"),
        2: ("left_company", "variant"),
    }


def test_an_entry_from_an_export_whose_variants_were_cut_off_still_names_its_own_spelling(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.add([ledger.entry("ann+x@acme.com", "opt_out")._replace(variant=None)])
    assert {n: match.how for n, match in ledger.find(["ann+x@acme.com", "ann@acme.com"], DAY).items()} == {0: "exact"}


def test_the_same_fact_is_added_once(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    fact = ledger.entry("ann@acme.com", "opt_out", at=datetime(2026, 1, 1), source="HubSpot")
    same = ledger.entry("ANN@acme.com", "opt_out", at=datetime(2026, 1, 1, 0, 0, 0, 5), source="HubSpot")
    assert ledger.add([fact, same]) == Added(1, 1)
    size = ledger.path.stat().st_size
    assert ledger.add([same]) == Added(0, 1)
    assert ledger.path.stat().st_size == size
    others = [
        fact._replace(reason="objection"),
        fact._replace(source="lemlist"),
        fact._replace(at=None),
        ledger.entry("bob@acme.com", "opt_out", at=datetime(2026, 1, 1), source="HubSpot"),
    ]
    assert ledger.add(others) == Added(4, 0)
    assert len(ledger) == 5


def test_a_longer_expiry_is_another_fact(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    short, long = (ledger.entry("ann@acme.com", "left_company", expires=date(2026, month, 1)) for month in (2, 4))
    assert ledger.add([short]) == Added(1, 0)
    assert ledger.find(["ann@acme.com"], DAY) == {}
    assert ledger.add([long]) == Added(1, 0)
    assert ledger.find(["ann@acme.com"], DAY)[0].entry.expires == date(2026, 4, 1)


def test_an_entry_holds_on_its_last_day_and_not_after(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.add([ledger.entry("ann@acme.com", "hard_bounce_address", expires=DAY)])
    assert set(ledger.find(["ann@acme.com"], DAY)) == {0}
    assert ledger.find(["ann@acme.com"], date(2026, 3, 2)) == {}


@pytest.mark.parametrize("reason", [reason for reason in REASONS if reason not in MAY_EXPIRE])
def test_what_a_person_said_has_no_end(tmp_path: Path, reason: str) -> None:
    with pytest.raises(ValueError, match="has no end"):
        opened(tmp_path).entry("ann@acme.com", reason, expires=DAY)  # type: ignore[arg-type]


def test_what_is_neither_address_nor_domain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither an address nor a domain"):
        opened(tmp_path).entry("ann", "opt_out")


def test_the_strictest_that_holds_wins_and_all_are_listed(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    ledger.add(
        [
            ledger.entry("ann@acme.com", "left_company", expires=DAY),
            ledger.entry("ann@acme.com", "hard_bounce_address", expires=date(2026, 2, 1)),
            ledger.entry("ann+x@acme.com", "opt_out", source="lemlist"),
            ledger.entry("ann@acme.com", "opt_out", source="HubSpot", at=datetime(2026, 1, 2)),
            ledger.entry("ann@acme.com", "opt_out", source="Apollo", at=datetime(2026, 1, 1)),
            ledger.entry("@acme.com", "legal"),
        ]
    )
    [matches] = ledger.find_all(["ann@acme.com"], DAY).values()
    assert [(match.reason, match.how, match.entry.source) for match in matches] == [
        ("legal", "domain", ""),
        ("opt_out", "exact", "Apollo"),
        ("opt_out", "exact", "HubSpot"),
        ("opt_out", "variant", "lemlist"),
        ("left_company", "exact", ""),
    ]
    assert ledger.find(["ann@acme.com"], DAY)[0] == matches[0]


def test_one_address_many_times_in_a_list_is_found_each_time(tmp_path: Path) -> None:
    assert set(holding(tmp_path, "ann@acme.com").find(["ann@acme.com", "ANN@acme.com", "ann+x@acme.com"], DAY)) == {
        0,
        1,
        2,
    }


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_source_comes_back_as_it_was_and_breaks_no_line(tmp_path: Path, case: str) -> None:
    ledger = opened(tmp_path)
    entries = [ledger.entry(f"p{n}@acme.com", "opt_out", source=HOSTILE[case]) for n in range(3)]
    assert ledger.add(entries) == Added(3, 0)
    again = open_ledger(ledger.path, ledger.key_path)
    assert [entry.source for entry in again.entries()] == [HOSTILE[case]] * 3
    assert ledger.path.read_bytes().count(b"\n") == 4
    assert ledger.path.read_bytes().isascii()
    assert again.add(entries) == Added(0, 3)


def test_a_missing_ledger_is_an_empty_one_and_reading_writes_nothing(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "none" / "ledger.jsonl", tmp_path / "none" / "ledger.key")
    assert ledger.find(["ann@acme.com"], DAY) == {}
    assert list(ledger.entries()) == []
    assert (len(ledger), ledger.is_there) == (0, False)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_the_ledger_as_it_was_when_it_was_opened(tmp_path: Path) -> None:
    ledger = holding(tmp_path, "ann@acme.com")
    reader = open_ledger(ledger.path, ledger.key_path)
    ledger.add([ledger.entry("bob@acme.com", "opt_out")])
    assert set(reader.find(["ann@acme.com", "bob@acme.com"], DAY)) == {0}
    assert (len(reader), len(list(reader.entries()))) == (1, 1)
    again = open_ledger(ledger.path, ledger.key_path)
    assert set(again.find(["ann@acme.com", "bob@acme.com"], DAY)) == {0, 1}
    assert again.digest == ledger.digest != reader.digest


def test_another_ledger_with_the_same_key_takes_entries_over(tmp_path: Path) -> None:
    ledger = holding(tmp_path, "ann+x@acme.com", "@closed.example")
    copy = open_ledger(tmp_path / "copy.jsonl", ledger.key_path, create=True)
    assert copy.add(ledger.entries()) == Added(2, 0)
    asked = ["ann@acme.com", "ann+x@acme.com", "x@closed.example"]
    one, other = ledger.find(asked, DAY), copy.find(asked, DAY)
    assert {n: (m.how, m.entry.fact) for n, m in one.items()} == {n: (m.how, m.entry.fact) for n, m in other.items()}


def test_the_key_is_the_owner_s_alone(tmp_path: Path) -> None:
    ledger = opened(tmp_path)
    assert ledger.key_path.stat().st_mode & 0o777 == 0o600
    assert len(ledger.key_path.read_text(encoding="ascii").strip()) == 64
    assert ledger.key_path.read_text(encoding="ascii").strip().encode() not in ledger.path.read_bytes()


def test_a_ledger_that_an_editor_saved_with_other_line_ends_is_whole(tmp_path: Path) -> None:
    ledger = holding(tmp_path, "ann@acme.com")
    ledger.path.write_bytes(ledger.path.read_bytes().replace(b"\n", b"\r\n"))
    again = open_ledger(ledger.path, ledger.key_path)
    assert again.add([again.entry("bob@acme.com", "opt_out")]) == Added(1, 0)
    assert set(again.find(["ann@acme.com", "bob@acme.com"], DAY)) == {0, 1}
