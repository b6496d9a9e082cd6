"""Every code has its sentence, in words that a rep understands, in both languages."""

from __future__ import annotations

import re
from datetime import datetime

import pytest

from hygiene.facts.types import Remembered
from hygiene.flags.contacts import decide
from hygiene.flags.engagement.judged import ContactOutlook
from hygiene.flags.types import FLAGS, REASONS, ContactFlag
from hygiene.reports import import_words, words
from hygiene.reports.import_words import format_sentence, header_sentence, note_sentence
from hygiene.reports.translate import Translator
from hygiene.sources.rejects import REJECT_CODES
from hygiene.sources.tables import ColumnReading, ImportNote
from tests.reports.audits import CONTROL, bounced, contact, judged_of

EN, FR = Translator("en"), Translator("fr", strict=True)
DAY = datetime(2026, 2, 3)
UNLIKELY = 7
"""Key of a contact that the engagement model would pause."""
JUDGED = judged_of({UNLIKELY: 0.004}, low=0.002, high=0.007)
OUTLOOK = ContactOutlook(0.004, 0.002, 0.007, 0.4, below=True, is_control=False, remedy="reply")

FLAG_CASES = [
    ("opted_out", {"opted_out": True, "opted_out_at": DAY}, "Opted out on Feb 3, 2026: never write again."),
    ("opted_out", {"opted_out": True}, "Opted out in the CRM: never write again."),
    ("unsubscribed", {"unsubscribed_at": DAY}, "Unsubscribed on Feb 3, 2026: never write again."),
    ("complained", {"complained_at": DAY}, "Reported an email as spam on Feb 3, 2026: never write again."),
    ("do_not_contact", {"do_not_contact": True}, "Marked “do not contact” in the CRM: never write again."),
    ("suppressed", {"suppressed": "left %(x)s"}, "On the suppression list (left %(x)s): never write again."),
    ("suppressed", {"suppressed": ""}, "On the suppression list: never write again."),
    (
        "in_ledger",
        {"remembered": Remembered("opt_out", True, DAY, "=%(x)s", "exact")},
        "In the ledger since Feb 3, 2026: opted out (=%(x)s). Never write again.",
    ),
    (
        "in_ledger",
        {"remembered": Remembered("legal", True, None, "", "domain")},
        "In the ledger: a legal demand. Never write again. Found by the domain.",
    ),
    (
        "in_ledger_bounced",
        {"remembered": Remembered("hard_bounce_address", False, DAY, "lemlist", "exact")},
        "In the ledger since Feb 3, 2026: dead address (lemlist). Remove the address.",
    ),
    (
        "in_ledger_bounced",
        {"remembered": Remembered("left_company", False, None, "", "variant")},
        ("In the ledger: has left the company. Remove the address. Found by another spelling of the address."),
    ),
    (
        "unknown_user",
        {"hard_bounce_reason": "UNKNOWN_USER", **bounced("invalid_mailbox", "remove", "hubspot:UNKNOWN_USER")},
        "The mailbox does not exist: an email came back on Jan 12, 2026 (UNKNOWN_USER). Remove the address.",
    ),
    (
        "unknown_user",
        {
            "hard_bounce_reason": "UNKNOWN_USER",
            **bounced("invalid_mailbox", "remove", "hubspot:UNKNOWN_USER"),
            "last_bounce_at": None,
        },
        "The mailbox does not exist: the CRM knows a hard bounce (UNKNOWN_USER). Remove the address.",
    ),
    ("asked_out", {"asked_out_at": DAY}, "Asked on Feb 3, 2026 not to be written to: never write again."),
    (
        "address_bounced",
        bounced("invalid_mailbox", "remove", "code 5.1.1 + phrase en.x", "550 5.1.1 no such user"),
        (
            "The mailbox does not exist (code 5.1.1, the server's words): an email came back on Jan 12, 2026. Remove"
            " the address. The server wrote: “550 5.1.1 no such user”"
        ),
    ),
    (
        "address_bounced",
        {**bounced("invalid_domain", "remove", "code 5.1.2"), "last_bounce_at": None},
        ("The domain does not exist or takes no mail (code 5.1.2): the CRM knows a hard bounce. Remove the address."),
    ),
    (
        "mailbox_full_often",
        {"full_mailboxes": 3},
        "3 times full within 60 days: pause, and see whether anybody still reads this mailbox.",
    ),
    (
        "bounce_on_hold",
        {"bounced_lately": True, **bounced("mailbox_disabled", "hold", "code 5.2.1")},
        (
            "The mailbox may be disabled (code 5.2.1): an email came back on Jan 12, 2026. Pause until Feb 11, 2026,"
            " then look again."
        ),
    ),
    (
        "bounce_to_review",
        bounced("unknown", "review", "nothing said"),
        "Nothing says why the email came back (on Jan 12, 2026). Look into it before you write again.",
    ),
    (
        "left_company",
        {"left_at": DAY, "successor": "eva@acme.test"},
        "No longer works there, by a notice of Feb 3, 2026: write to eva@acme.test instead.",
    ),
    (
        "left_company",
        {"left_at": DAY},
        "No longer works there, by a notice of Feb 3, 2026: look for the successor.",
    ),
    (
        "out_of_office",
        {"is_away": True, "away_at": DAY, "away_until": datetime(2026, 5, 6)},
        "Out of office, back on May 6, 2026: resume then.",
    ),
    (
        "unlikely_to_reply",
        {"contact_key": UNLIKELY, "sends": 15, "replies": 1, "sends_since_reply": 12},
        (
            "12 emails since the last reply, 1 reply in 15. A reply to the next 3: 0.4% [0.2–0.7%]. Would stay after"
            " one reply."
        ),
    ),
    (
        "control_group",
        {"contact_key": UNLIKELY, "contact_id": CONTROL, "sends": 12, "sends_since_reply": 12},
        (
            "12 emails, never a reply. A reply to the next 3: 0.4% [0.2–0.7%]. Written to all the same, in the control"
            " group: it shows what pausing costs."
        ),
    ),
    (
        "hubspot_11_16_marketing",
        {"sends": 0, "marketing_sends_since_engagement": 11},
        "11 marketing emails and never an open or click, by the CRM's own count: pause.",
    ),
    (
        "hubspot_11_16_marketing",
        {"sends": 0, "marketing_sends_since_engagement": 16, "marketing_engaged": True},
        "16 marketing emails since the last open or click, by the CRM's own count: pause.",
    ),
    ("none", {}, "Nothing speaks against the next email"),
]


@pytest.mark.parametrize(("reason", "known", "sentence"), FLAG_CASES)
def test_a_flag_says_what_it_rests_on(reason: str, known: dict[str, object], sentence: str) -> None:
    flag = decide(contact("c1")._replace(**known), JUDGED)
    assert flag.reason == reason
    assert EN.text(words.flag_sentence(flag)) == sentence


def test_the_cases_above_show_every_reason() -> None:
    assert {reason for reason, _, _ in FLAG_CASES} == set(REASONS)


@pytest.mark.parametrize(
    ("known", "day"),
    [
        ({"is_away": True, "away_at": DAY, "away_until": datetime(2026, 5, 6)}, datetime(2026, 5, 6)),
        ({"bounced_lately": True, **bounced("mailbox_full", "hold", "code 5.2.2")}, datetime(2026, 2, 11)),
        ({"full_mailboxes": 3}, None),
        ({"left_at": DAY}, None),
        ({"contact_key": UNLIKELY, "sends": 12}, None),
    ],
)
def test_a_paused_contact_is_resumed_on_the_day_that_is_known(known: dict[str, object], day: datetime | None) -> None:
    assert words.resume_day(decide(contact("c1", **known), JUDGED)) == day


def test_the_words_of_the_server_are_left_out_where_there_is_no_room() -> None:
    flag = decide(contact("c1", **bounced("invalid_mailbox", "remove", "code 5.1.1", "550 5.1.1 no such user")))
    assert "no such user" not in EN.text(words.flag_sentence(flag, quote=False))


def test_every_reason_has_a_title_and_a_sentence_in_french() -> None:
    for reason, flag in REASONS.items():
        sentence = words.flag_sentence(ContactFlag(contact("c1", opted_out_at=DAY), flag, reason, OUTLOOK))
        assert FR.text(sentence) != EN.text(sentence)
        assert FR.text(words.REASON_TITLES[reason]) != EN.text(words.REASON_TITLES[reason])


def test_french_says_one_email_in_the_singular() -> None:
    flag = ContactFlag(contact("c1", sends=1, sends_since_reply=1), "pause", "unlikely_to_reply", OUTLOOK)
    assert FR.text(words.flag_sentence(flag)).startswith("1 e-mail, jamais de réponse.")


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({"remedy": "open"}, "A reply to the next 3: 0.4% [0.2–0.7%]. Would stay after one open or click by a person."),
        ({"remedy": "none"}, "A reply to the next 3: 0.4% [0.2–0.7%]. One reply alone would not change that."),
        (
            {"p_reply": 0.0004, "low": 0.0001, "high": 0.0012},
            "A reply to the next 3: under 0.1%, at most 0.1%. Would stay after one reply.",
        ),
    ],
)
def test_the_outlook_says_a_replys_chance_and_what_would_lift_it(known: dict[str, object], sentence: str) -> None:
    flag = ContactFlag(contact("c1", sends=8, sends_since_reply=8), "pause", "unlikely_to_reply", OUTLOOK)
    said = EN.text(words.flag_sentence(flag._replace(outlook=OUTLOOK._replace(**known))))
    assert said == f"8 emails, never a reply. {sentence}"


def test_an_outlook_is_written_as_french_writes_numbers() -> None:
    flag = ContactFlag(contact("c1", sends=15, replies=1, sends_since_reply=12), "pause", "unlikely_to_reply", OUTLOOK)
    assert FR.text(words.flag_sentence(flag)).replace("\u202f", " ").replace("\xa0", " ") == (
        "12 e-mails depuis la dernière réponse, 1 réponse sur 15. Une réponse aux 3 prochains : 0,4 % [0,2–0,7 %]."
        " Resterait après une réponse."
    )


@pytest.mark.parametrize("code", REJECT_CODES)
def test_every_reject_code_has_a_sentence_in_both_languages(code: str) -> None:
    english, french = (translator.text(words.reject_sentence(code)) for translator in (EN, FR))
    assert english.endswith(".")
    assert french.endswith(".")
    assert english != french


def test_no_reject_sentence_is_without_a_code() -> None:
    assert set(words.REJECTS) == set(REJECT_CODES)


def test_every_import_note_that_is_documented_has_a_sentence() -> None:
    documented = set(re.findall(r"- `(\w+)`", ImportNote.__doc__ or ""))
    assert documented == set(import_words.NOTES)


@pytest.mark.parametrize("code", sorted(import_words.NOTES))
@pytest.mark.parametrize("count", [1, 2])
def test_a_note_fills_its_sentence_from_its_values_alone(code: str, count: int) -> None:
    listed = re.search(rf"- `{code}` \(([\w, ]+)\)", ImportNote.__doc__ or "")
    assert listed
    values = {name: count if name in ("count", "days") else "x%(n)s" for name in listed[1].split(", ")}
    for translator in (EN, FR):
        assert translator.text(note_sentence(ImportNote(code, values))).endswith(".")


@pytest.mark.parametrize("flag", FLAGS)
def test_the_word_of_a_flag_fits_the_tab_of_a_sheet(flag: str) -> None:
    for translator in (EN, FR):
        word = translator.text(words.flag_word(flag))
        assert 0 < len(word) <= 31
        assert not set(word) & set("[]:*?/\\")
        assert translator.text(words.list_intro(flag)).endswith(".")


@pytest.mark.parametrize(
    ("reading", "header", "form"),
    [
        (ColumnReading("a", "email", "exact"), "email", None),
        (ColumnReading("a", "email", "alias: HubSpot"), "email (HubSpot)", None),
        (ColumnReading("a", "email", "alias: plain language"), "email (everyday name)", None),
        (ColumnReading("a", None, "unknown"), "not known, kept out", None),
        (ColumnReading("a", "email", "duplicate"), "kept out: another header is email already", None),
        (
            ColumnReading("a", "at", "exact", "DMY", "data"),
            "at",
            "day/month/year, because a value can be read in no other way",
        ),
        (
            ColumnReading("a", "at", "exact", "ISO 8601, MDY", "setting"),
            "at",
            "ISO 8601, month/day/year, by the setting date_order",
        ),
        (ColumnReading("a", "at", "exact", "ISO 8601"), "at", "ISO 8601"),
    ],
)
def test_a_header_says_how_it_was_read(reading: ColumnReading, header: str, form: str | None) -> None:
    said = format_sentence(reading)
    assert EN.text(header_sentence(reading)) == header
    assert (said and EN.text(said)) == form
