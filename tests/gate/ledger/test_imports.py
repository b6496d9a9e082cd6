from __future__ import annotations

from datetime import date, datetime

import pytest

from hygiene.gate.ledger import MAY_EXPIRE, REASONS
from hygiene.gate.ledger.imports import WORDS, Defaults, Import, understand
from hygiene.gate.ledger.keys import Hasher
from hygiene.sources.aliases import load_aliases
from hygiene.sources.rejects import REJECT_CODES
from hygiene.sources.stops import LOST, Stop, StopFile, Unread

HASHER = Hasher(bytes(32))
OTHER = Hasher(bytes(31) + b"\x01")
ANN = "ann@acme.com"


def read(*stops: Stop, **defaults: object) -> Import:
    return understand(StopFile("list.csv", stops), HASHER, Defaults(**defaults))  # type: ignore[arg-type]


def reasons(found: Import) -> list[str]:
    return [entry.reason for entry in found.entries]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("opt_out", "opt_out"),
        ("Unsubscribed", "opt_out"),
        ("Désabonné", "opt_out"),
        ("SpamComplaint", "complaint"),
        ("COMPLAINT", "complaint"),
        ("ManualSuppression", "do_not_contact"),
        ("Droit à l'oubli", "erasure"),
        ("GDPR delete", "erasure"),
        ("Widerspruch", "objection"),
        ("asked_out", "objection"),
        ("UNKNOWN_USER", "hard_bounce_address"),
        ("550 5.1.1 no such user here", "hard_bounce_address"),
        ("left_company", "left_company"),
        ("hard_bounce_address", "hard_bounce_address"),
        ("competitor", "do_not_contact"),
        ("please remove me from your list", "do_not_contact"),
    ],
)
def test_a_reason_is_understood_in_the_words_of_the_tool(words: str, reason: str) -> None:
    assert reasons(read(Stop(ANN, words))) == [reason]


def test_every_reason_of_ours_is_its_own_word_and_every_word_means_one() -> None:
    known = load_aliases().words[WORDS]
    assert set(known.values()) == {*REASONS, "bounce", "no_stop"}
    for reason in REASONS:
        assert reasons(read(Stop(ANN, reason))) == [reason]


@pytest.mark.parametrize(
    ("words", "is_open"),
    [("Bounced", True), ("HardBounce", True), ("BOUNCE", True), ("552 5.2.2 full", False), ("550 5.7.1 DKIM", False)],
)
def test_a_bounce_is_remembered_only_for_the_address_s_own_fault(words: str, is_open: bool) -> None:
    assert read(Stop(ANN, words), reason="opt_out")[:4] == ((), (), 0, 1)
    insisted = read(Stop(ANN, words), reason="hard_bounce_address")
    assert reasons(insisted) == (["hard_bounce_address"] if is_open else [])


def test_a_bounce_s_own_column_says_that_it_is_one() -> None:
    assert read(Stop(ANN, "POLICY", is_bounce=True)).bounces == 1
    assert read(Stop(ANN, "TRUE", is_bounce=True), reason="opt_out").bounces == 1
    assert reasons(read(Stop(ANN, "UNKNOWN_USER", is_bounce=True), reason="opt_out")) == ["hard_bounce_address"]


def test_a_row_s_own_words_go_before_what_holds_for_the_file() -> None:
    own = Stop(ANN, "complaint", datetime(2026, 1, 2), "lemlist")
    plain = Stop("bob@acme.com", None)
    found = read(own, plain, reason="opt_out", at=datetime(2025, 5, 5), source="HubSpot")
    assert [entry[3:6] for entry in found.entries] == [
        ("complaint", datetime(2026, 1, 2), "lemlist"),
        ("opt_out", datetime(2025, 5, 5), "HubSpot"),
    ]
    assert read(plain, reason="opt_out").entries[0].source == "list.csv"


def test_an_unknown_reason_follows_the_default_and_no_reason_asks_for_one() -> None:
    assert reasons(read(Stop(ANN, "because"), reason="objection")) == ["objection"]
    assert reasons(read(Stop(ANN, " "), reason="objection")) == ["objection"]
    assert read(Stop(ANN), Stop(ANN, " ")).without_reason == 2


def test_a_reason_of_ours_that_stops_nobody_is_passed_over() -> None:
    assert read(Stop(ANN, "unlikely_to_reply"), reason="opt_out")[:4] == ((), (), 1, 0)


@pytest.mark.parametrize("words", ["not unsubscribed", "Resubscribed", "Subscribed", "Réabonné", "nicht abgemeldet"])
def test_whoever_is_subscribed_did_not_say_no(words: str) -> None:
    assert read(Stop(ANN, words), reason="opt_out")[:4] == ((), (), 1, 0)


@pytest.mark.parametrize("words", ["Boîte pleine", "Mailbox full", "Rebond définitif", "Postfach voll", "over quota"])
def test_a_full_mailbox_is_no_opt_out(words: str) -> None:
    assert read(Stop(ANN, words), reason="opt_out")[:4] == ((), (), 0, 1)


@pytest.mark.parametrize("words", ["customer", "Client"])
def test_a_customer_is_ours_not_to_contact_and_did_not_opt_out(words: str) -> None:
    assert reasons(read(Stop(ANN, words), reason="opt_out")) == ["do_not_contact"]


def test_only_what_may_expire_expires() -> None:
    stops = [Stop(ANN, reason, expires="2026-12-31") for reason in REASONS]
    for entry in read(*stops).entries:
        assert entry.expires == (date(2026, 12, 31) if entry.reason in MAY_EXPIRE else None)
    assert read(Stop(ANN, "left_company", expires="soon")).entries[0].expires is None
    assert read(Stop(ANN, "left_company"), expires=date(2027, 1, 1)).entries[0].expires == date(2027, 1, 1)


def test_several_addresses_in_a_cell_are_each_taken() -> None:
    found = read(Stop("ann@acme.com; Bob <bob@acme.com>,eve@acme.com", "opt_out"))
    assert [entry.key for entry in found.entries] == [
        HASHER.entry(f"{name}@acme.com", "opt_out").key for name in ("ann", "bob", "eve")
    ]


def test_a_provider_of_strangers_is_not_blocked_as_a_whole() -> None:
    found = read(Stop("@gmail.com", "opt_out"), Stop("ann@gmail.com; https://outlook.fr/", "opt_out"))
    assert [entry.key for entry in found.entries] == [HASHER.entry("ann@gmail.com", "opt_out").key]
    assert [row[2:] for row in found.rejected] == [("@gmail.com", "public_domain"), ("@outlook.fr", "public_domain")]


def test_what_names_nobody_is_rejected_by_name() -> None:
    found = read(Stop("nobody", "opt_out"), Stop("a b@acme.com", "opt_out"))
    assert [(row.value, row.code) for row in found.rejected] == [
        ("nobody", "no_address"),
        ("a b@acme.com", "no_address"),
    ]
    lost = understand(StopFile("x.csv", (), unread=(Unread(3, "…", "open_quote"),)), HASHER, Defaults())
    assert lost.rejected == (("x.csv", 3, "…", "open_quote"),)


def hashed(**changes: str | None) -> Stop:
    entry = HASHER.entry("ann+x@acme.com", "opt_out")
    known = {"key": entry.key, "variant": entry.variant, "key_id": HASHER.key_id, "scope": "address", **changes}
    return Stop(None, "opt_out", **known)  # type: ignore[arg-type]


def test_a_hashed_row_of_the_same_key_is_taken_over() -> None:
    entry = HASHER.entry("ann+x@acme.com", "opt_out")
    assert read(hashed()).entries == (entry,)
    domain = HASHER.entry("@acme.com", "opt_out")
    assert read(hashed(key=domain.key.upper(), variant=None, scope="domain")).entries == (domain,)


@pytest.mark.parametrize(
    "changes",
    [{"key_id": OTHER.key_id}, {"key_id": None}, {"key": "abc"}, {"key": None}, {"variant": "x"}, {"scope": "planet"}],
    ids=str,
)
def test_a_hash_of_another_key_or_of_none_is_rejected(changes: dict[str, str | None]) -> None:
    found = read(hashed(**changes))
    assert found.entries == ()
    assert [row.code for row in found.rejected] == ["foreign_key"]


def test_addresses_in_a_source_are_masked() -> None:
    found = read(Stop(ANN, "opt_out", source="told by bob@acme.com (Ann Lee <ann@acme.com>)"))
    assert found.entries[0].source == "told by (address) (Ann Lee <(address)>)"


def test_the_rows_that_are_lost_are_rejects() -> None:
    assert set(LOST) <= set(REJECT_CODES)
