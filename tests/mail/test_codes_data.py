"""The table of SMTP codes is data: well formed, sourced, complete, and never ready to remove a living contact."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from hygiene.resources import resource

Row = dict[str, Any]


def rows_of(table: str, file: str) -> list[Row]:
    data: dict[str, list[Row]] = tomllib.loads((resource("models") / "bounces" / file).read_text(encoding="utf-8"))
    return data[table]


CODES = rows_of("code", "codes.toml")
TICKETS = rows_of("ticket", "tickets.toml")

# CONTRACT section 5: what each category may lead to.
ADDRESS = {"invalid_mailbox", "invalid_domain", "moved", "mailbox_disabled"}
SENDER = {"reputation", "authentication", "content", "policy"}
ACTIONS = {
    "invalid_mailbox": {"remove", "review"},
    "invalid_domain": {"remove", "review"},
    "moved": {"remove", "review"},
    "mailbox_disabled": {"remove", "hold"},
    "mailbox_full": {"hold", "retry"},
    "temporary": {"hold", "retry"},
    "rate_limit": {"hold", "retry", "fix_sender"},
    **{category: {"fix_sender"} for category in SENDER},
    "recipient_filter": {"hold", "review"},
    "suppressed_by_provider": {"review"},
    "unknown": {"review"},
    "delivered": {"ignore"},
}
VAGUE = ("2.0.0", "4.0.0", "5.0.0", "5.7.0", "5.7.1", "5.3.0", "5.1.0", "5.5.0", "5.4.1")
KEYS = {"code", "from", "to", "token", "provider", "needs", "category", "specific", "action", "name", "ticket"}
ENHANCED = re.compile(r"[245]\.\d{1,3}\.(?:\d{1,3}|\d{0,2}x)")
REPLY = re.compile(r"[245]\d\d")

# The registry of RFC 5248 as of 2024-12-06: how many details each subject has, from 0.
REGISTRY = {0: 1, 1: 11, 2: 5, 3: 7, 4: 8, 5: 7, 6: 11, 7: 31}
SUCCESS_ONLY = {(1, 5), (3, 6)}


def bounds(row: Row) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The first and the last code of a row, as numbers."""
    first, last = row.get("from", row.get("code", "")), row.get("to", row.get("code", ""))
    number = [
        tuple(int(part) for part in text.split(".")) for text in (first.replace("x", "0"), last.replace("x", "9"))
    ]
    return number[0], number[1]


def covers(row: Row, code: str) -> bool:
    if "token" in row:
        return False
    first, last = bounds(row)
    wanted = tuple(int(part) for part in code.split("."))
    return len(wanted) == len(first) and first <= wanted <= last


def found(token: str, text: str) -> bool:
    return re.search(rf"(?<!\w)(?:{token})(?!\w)", text, re.IGNORECASE) is not None


def best(code: str, text: str = "", provider: str | None = None) -> Row:
    """The most particular row, as the table's own head describes it."""
    fitting = [
        row
        for row in CODES
        if (found(row["token"], text) if "token" in row else covers(row, code))
        and row.get("provider") in (None, provider)
        and ("needs" not in row or re.search(row["needs"], text.casefold()))
    ]

    def width(row: Row) -> int:
        return 0 if "token" in row else bounds(row)[1][-1] - bounds(row)[0][-1]

    return min(fitting, key=lambda row: ("token" not in row, "needs" not in row, "provider" not in row, width(row)))


def label(row: Row) -> str:
    return row.get("token") or row.get("code") or f"{row['from']}..{row['to']}"


@pytest.mark.parametrize("row", CODES, ids=label)
def test_a_row_is_well_formed(row: Row) -> None:
    assert row.keys() <= KEYS | {"source", "checked"}
    assert ("code" in row) + ("token" in row) + ("from" in row and "to" in row) == 1
    assert ("from" in row) == ("to" in row)
    for key in ("code", "from", "to"):
        assert key not in row or ENHANCED.fullmatch(row[key]) or REPLY.fullmatch(row[key])
    assert isinstance(row["specific"], bool)
    assert row["category"] in ACTIONS
    assert row.get("action") is None or row["action"] in ACTIONS[row["category"]]
    assert row.get("provider") is None or re.fullmatch(r"[a-z0-9-]+", row["provider"])
    assert 4 <= len(row["name"]) <= 90
    assert not row["name"].endswith(".")


def test_a_row_names_a_source_and_says_whether_it_was_read() -> None:
    assert [row for row in CODES if len(row["source"]) < 8] == []
    assert [row for row in CODES if row["checked"] is row["source"].startswith("own knowledge")] == []


def test_no_row_is_there_twice() -> None:
    keys = [tuple(row.get(key) for key in ("code", "from", "to", "token", "provider", "needs")) for row in CODES]
    assert [key for key in keys if keys.count(key) > 1] == []


def test_ranges_stay_in_one_subject_and_do_not_overlap() -> None:
    ranges = [row for row in CODES if "from" in row]
    for row in ranges:
        first, last = bounds(row)
        assert first < last
        assert first[0] == last[0] or len(first) == 1
    for one in ranges:
        for other in ranges:
            if one is not other and (one.get("provider"), one.get("needs")) == (
                other.get("provider"),
                other.get("needs"),
            ):
                nested = covers(other, one["from"]) and covers(other, one["to"])
                assert nested or not covers(other, one["from"]), (one, other)


def test_a_class_4_code_is_never_the_address_s_fault() -> None:
    wrong = [row for row in CODES if "token" not in row and label(row).startswith("4") and row["category"] in ADDRESS]
    assert wrong == []


@pytest.mark.parametrize("code", VAGUE)
def test_a_vague_code_alone_tells_nothing(code: str) -> None:
    assert [row for row in CODES if covers(row, code) and row["specific"]] == []


def test_a_reply_code_alone_tells_nothing() -> None:
    assert [row for row in CODES if "." not in label(row) and "token" not in row and row["specific"]] == []


@pytest.mark.parametrize("key", ["token", "needs"])
def test_regular_expressions_compile_and_match_no_empty_text(key: str) -> None:
    for row in CODES:
        if key in row:
            assert not re.search(rf"(?:{row[key]})\Z", ""), row
    assert all(row["needs"] == row["needs"].casefold() for row in CODES if "needs" in row)


@pytest.mark.parametrize(
    "text",
    [
        "550 5.1.1 The email account that you tried to reach does not exist",
        "451 4.3.0 Temporary system problem. Try again later. host mx1.example.net said",
        "Your message wasn't delivered to the recipient because the mailbox is full, as 421 of 500 others",
    ],
)
def test_a_code_word_without_a_provider_is_not_found_in_plain_sentences(text: str) -> None:
    assert [row for row in CODES if "token" in row and "provider" not in row and found(row["token"], text)] == []


@pytest.mark.parametrize(
    ("provider", "text", "category"),
    [
        ("yahoo", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "reputation"),
        ("yahoo", "554 delivery error: dd This user doesn't have a yahoo.com account", "invalid_mailbox"),
        (
            "yahoo",
            "554 delivery error: dd Sorry, your message cannot be delivered. This account is over quota",
            "mailbox_full",
        ),
        ("microsoft", "550 SC-001 (BAY004) Unfortunately, messages weren't sent", "reputation"),
        ("microsoft", "part of their network is on our block list (S3140)", "reputation"),
        ("microsoft", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "invalid_mailbox"),
        ("microsoft", "550 5.4.4 SMTPSEND.DNS.NonExistentDomain; nonexistent domain", "invalid_domain"),
        ("google", "550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1-gsmtp", "invalid_mailbox"),
        ("apple", "550 5.7.1 [CS01] Message rejected due to local policy", "content"),
        ("aol", "554 (RTR:BB) not accepted", "reputation"),
        ("aol", "554 HVU:B1 refused", "content"),
        ("comcast", "554 BL000010 blocked", "reputation"),
        ("cox", "550 rejected. AUP#CXSNDR", "authentication"),
        ("charter", "550 5.1.0 sender rejected AUP#I-1310", "reputation"),
        ("orange", "421 Too many connections, slow down. OFR004_104 [104]", "rate_limit"),
        ("orange", "550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]", "content"),
        ("orange", "552 5.1.1 Boite du destinataire pleine. OFR_417 [417]", "mailbox_full"),
        ("laposte", "550 5.5.0 Service refuse. LPN007_510", "content"),
        ("sfr", "450 4.7.1 SFR_IN_101", "reputation"),
        ("t-online", "554 IP=192.0.2.1 - None/bad reputation. (NOWL)", "reputation"),
        ("netease", "554 DT:SPM 163 smtp", "content"),
        ("qq", "550 Mailbox unavailable or access denied", "rate_limit"),
        ("kakao", "421 4.4.5 CCRT 192.0.2.1: Connection refused. Server is busy", "reputation"),
        ("softbank", "553 example.com does not exist", "reputation"),
        ("yandex", "550 5.7.1 Policy rejection on the target address", "mailbox_disabled"),
        ("barracuda", "blocked using Barracuda Reputation; http://www.barracudacentral.org/", "reputation"),
        (None, "421 4.7.0 [TSS04] temporarily deferred", "reputation"),
        (None, "550 5.7.1 OFR_517 [517]", "authentication"),
        ("amazon", "5.1.1 Amazon SES has suppressed sending to this address", "suppressed_by_provider"),
    ],
)
def test_a_server_s_own_code_word_is_found(provider: str | None, text: str, category: str) -> None:
    assert best("5.7.1", text, provider)["category"] == category


@pytest.mark.parametrize(
    ("code", "provider", "text", "category"),
    [
        ("5.1.1", None, "user unknown", "invalid_mailbox"),
        ("5.1.2", None, "host not found", "invalid_domain"),
        ("5.1.2", None, "Host not found, try again", "temporary"),
        ("5.4.4", None, "host not found", "invalid_domain"),
        ("5.1.3", None, "", "invalid_mailbox"),
        ("5.1.10", None, "recipient not found", "invalid_mailbox"),
        ("5.1.10", "microsoft", "Domain has null MX", "invalid_domain"),
        ("5.1.8", None, "domain of sender not found", "reputation"),
        ("5.1.8", "microsoft", "Access denied, bad outbound sender", "reputation"),
        ("5.2.1", None, "mailbox disabled", "mailbox_disabled"),
        ("5.2.1", "google", "The user is receiving mail at a rate that prevents", "rate_limit"),
        ("5.2.1", "microsoft", "Content Filter agent quarantined this message", "content"),
        ("4.2.1", "google", "receiving mail too quickly", "rate_limit"),
        ("4.2.2", None, "", "mailbox_full"),
        ("5.2.2", "microsoft", "Submission quota exceeded", "rate_limit"),
        ("5.2.3", None, "", "content"),
        ("5.3.4", None, "", "content"),
        ("5.4.5", "google", "Daily user sending limit exceeded", "rate_limit"),
        ("5.7.13", None, "", "mailbox_disabled"),
        ("5.7.27", None, "", "reputation"),
        ("5.7.27", "google", "", "authentication"),
        ("5.7.30", "google", "", "authentication"),
        ("5.7.515", "microsoft", "", "authentication"),
        ("5.7.620", "microsoft", "", "reputation"),
        ("5.7.705", "microsoft", "", "reputation"),
        ("5.7.720", "microsoft", "", "reputation"),
        ("4.7.650", "microsoft", "", "reputation"),
        ("4.7.500", "microsoft", "", "rate_limit"),
        ("4.16.55", "yahoo", "", "reputation"),
        ("5.7.606", None, "Access denied, banned sending IP", "reputation"),
        ("5.7.64", None, "TenantAttribution; Relay Access Denied", "policy"),
        ("5.4.1", "microsoft", "Relay Access Denied", "policy"),
        ("5.2.1", None, "mailbox disabled by the corporate administrator", "mailbox_disabled"),
        ("556", None, "", "invalid_domain"),
    ],
)
def test_the_most_particular_row_wins(code: str, provider: str | None, text: str, category: str) -> None:
    assert best(code, text, provider)["category"] == category


@pytest.mark.parametrize(
    ("code", "provider", "text"),
    [
        ("5.4.1", "microsoft", "Recipient address rejected: Access denied"),
        ("5.5.0", "microsoft", "Requested action not taken: mailbox unavailable"),
        ("5.1.351", "microsoft", "Remote server returned unknown recipient or mailbox unavailable"),
        ("5.1.1", None, "recipient rejected by policy"),
        ("5.7.1", "docomo", "550 Unknown user"),
        ("5.7.17", None, ""),
        ("521", None, "blocked"),
    ],
)
def test_a_misused_code_never_removes(code: str, provider: str | None, text: str) -> None:
    assert best(code, text, provider)["action"] == "review"


@pytest.mark.parametrize("subject", REGISTRY)
def test_every_code_of_the_registry_has_a_row(subject: int) -> None:
    details = [detail for detail in range(REGISTRY[subject]) if (subject, detail) not in SUCCESS_ONLY]
    without = [detail for detail in details if not any(covers(row, f"5.{subject}.{detail}") for row in CODES)]
    assert without == []


@pytest.mark.parametrize("reply", [421, 450, 451, 452, 455, *range(500, 505), 521, *range(550, 557)])
def test_every_refusal_of_rfc_5321_and_7504_has_a_row(reply: int) -> None:
    assert best(str(reply))["specific"] is False


@pytest.mark.parametrize("ticket", TICKETS, ids=lambda ticket: ticket["id"])
def test_a_ticket_says_who_does_what(ticket: Row) -> None:
    assert set(ticket) >= {"id", "provider", "owner", "category", "source"}
    # What is not there to copy or to check is a sentence of reports/ticket_words.py (tests/reports/test_tickets.py).
    assert set(ticket) <= {"id", "provider", "owner", "category", "source", "also", "paste", "check"}
    assert all(isinstance(text, str) and text.strip() for text in ticket.values())
    assert ticket["owner"] in {"it", "ops", "writer"}
    assert ticket["category"] in SENDER | {"rate_limit", "suppressed_by_provider"}


def test_ticket_ids_are_unique_and_each_ticket_is_used() -> None:
    ids = [ticket["id"] for ticket in TICKETS]
    assert len(ids) == len(set(ids))
    used = {row["ticket"] for row in CODES if "ticket" in row}
    assert used <= set(ids)
    with_another = {ticket["also"] for ticket in TICKETS if "also" in ticket}
    assert with_another <= set(ids)
    assert set(ids) - used - with_another == set()


def test_a_ticket_fits_its_rows() -> None:
    providers = {ticket["id"]: ticket["provider"] for ticket in TICKETS}
    rows = [row for row in CODES if "ticket" in row]
    wrong = [row for row in rows if row.get("provider") and providers[row["ticket"]] not in ("any", row["provider"])]
    assert wrong == []
    assert [row for row in rows if row["category"] not in SENDER | {"rate_limit", "suppressed_by_provider"}] == []
