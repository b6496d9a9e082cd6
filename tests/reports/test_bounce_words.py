"""A bounce in words: what happened, what decided, what to do, what the server wrote; never more than is known."""

from __future__ import annotations

import re
from datetime import datetime
from typing import get_args

import pytest

from hygiene.facts.types import BounceFacts
from hygiene.flags.bounces import classify
from hygiene.flags.types import BounceClass
from hygiene.mail.addresses.lists import mail_hosts
from hygiene.mail.bounces.types import BOUNCES, MEANINGS, Action, Fault, Owner
from hygiene.reports import bounce_words as words
from hygiene.reports.translate import Translator

EN, FR = Translator("en"), Translator("fr", strict=True)
REMOVED = BounceClass("invalid_mailbox", "address", "remove", 0.99, "code 5.1.1")
CASES = [
    (REMOVED, "The mailbox does not exist (code 5.1.1): remove the address."),
    (
        BounceClass("authentication", "sender", "fix_sender", 0.99, "code 5.7.26 + phrase en.authentication.spf"),
        (
            "The server refused the sender for missing authentication (code 5.7.26, the server's words): keep the"
            " contact and let IT mend the cause."
        ),
    ),
    (
        BounceClass("content", "sender", "fix_sender", 0.7, "hubspot:SPAM"),
        (
            "The server refused the text, a link or an attachment (HubSpot's reason SPAM): keep the contact and change"
            " the text."
        ),
    ),
    (
        BounceClass("rate_limit", "temporary", "fix_sender", 0.9, "code tss04"),
        "The server got too many emails at a time (code TSS04): keep the contact and send more slowly.",
    ),
    (
        BounceClass("invalid_mailbox", "address", "review", 0.6, "model"),
        "The mailbox may not exist (by the wording as a whole): look at it before you write again.",
    ),
    (
        BounceClass("mailbox_disabled", "address", "hold", 0.6, "code 5.2.1"),
        "The mailbox may be disabled (code 5.2.1): wait, then look again.",
    ),
    (
        REMOVED._replace(action="review", history="alive"),
        "The mailbox may not exist (code 5.1.1), yet a later email got there: look at it before you write again.",
    ),
    (
        BounceClass("mailbox_full", "temporary", "review", 0.9, "code 5.2.2", "often_full"),
        (
            "The mailbox is full (code 5.2.2), as it was 3 times or more within 60 days: see whether anybody still"
            " reads it before you write again."
        ),
    ),
    (
        BounceClass("recipient_filter", "recipient_filter", "hold", 0.8, "code 5.1.1 + after DATA"),
        (
            "A filter of the recipient refused the email (code 5.1.1, refused only after the whole email): wait, then"
            " look again."
        ),
    ),
    (
        BounceClass("temporary", "temporary", "retry", 0.5, "class 4"),
        ("The email did not get through for a reason that may pass (the server says “not now”): send again later."),
    ),
    (
        BounceClass("unknown", "unknown", "review", 0.0, "no reason given"),
        "Nothing says why the email came back: look at it before you write again.",
    ),
]


@pytest.mark.parametrize(("meaning", "sentence"), CASES, ids=[case[0].category for case in CASES])
def test_a_bounce_says_what_happened_what_decided_and_what_to_do(meaning: BounceClass, sentence: str) -> None:
    assert EN.text(words.bounce_sentence(bounce(), meaning)) == sentence
    assert FR.text(words.bounce_sentence(bounce(), meaning)).endswith(".")


def bounce(detail: str | None = None) -> BounceFacts:
    return BounceFacts("c1", None, datetime(2026, 3, 1), None, detail, None, None, None, None, None, None)


def test_the_server_is_quoted_on_one_line() -> None:
    assert EN.text(words.bounce_sentence(bounce("550 5.1.1 no\nsuch user"), REMOVED)) == (
        "The mailbox does not exist (code 5.1.1): remove the address. The server wrote: “550 5.1.1 no such user”"
    )


@pytest.mark.parametrize("detail", ["UNKNOWN_USER", "unknown_user "])
def test_the_crms_word_is_no_quotation_of_a_server(detail: str) -> None:
    meaning = REMOVED._replace(signal="hubspot:UNKNOWN_USER")
    assert EN.text(words.bounce_sentence(bounce(detail), meaning)) == (
        "The mailbox does not exist (HubSpot's reason UNKNOWN_USER): remove the address."
    )


def test_a_bare_word_is_the_exports() -> None:
    known = bounce("Bounced")
    assert EN.text(words.bounce_sentence(known, classify(known))) == (
        "Nothing says why the email came back: look at it before you write again. The export says only “Bounced”."
    )


def test_a_hostile_answer_stays_text() -> None:
    shown = EN.text(words.bounce_sentence(bounce("550 \x1b[31m%(what)s <b>"), REMOVED))
    assert shown.endswith("“550 \ufffd[31m%(what)s <b>”")


def test_every_category_fault_action_and_owner_has_words_in_both_languages() -> None:
    assert set(words.CATEGORIES) == set(BOUNCES)
    assert set(words.PERHAPS) == {name for name in BOUNCES if MEANINGS[name].fault == "address"}
    assert set(words.FAULTS) == set(words.FAULT_TITLES) == set(get_args(Fault)) - {"none"}
    assert set(words.ACTIONS) == set(get_args(Action))
    assert set(words.OWNERS) == set(get_args(Owner))
    tables = (words.CATEGORIES, words.PERHAPS, words.FAULTS, words.FAULT_TITLES, words.ACTIONS, words.OWNERS)
    for message in (message for table in tables for message in table.values()):
        assert FR.text(message) != EN.text(message)


def test_whoever_mends_a_cause_is_named() -> None:
    owners = {meaning.owner for meaning in MEANINGS.values() if meaning.action == "fix_sender"}
    assert owners | {MEANINGS["rate_limit"].owner} <= set(words.MENDED_BY)


def test_only_a_dead_address_is_told_to_be_removed() -> None:
    told = {action for action, message in words.ACTIONS.items() if "remove" in message.id}
    assert told == {"remove"}


def test_an_unknown_signal_is_shown_as_it_is() -> None:
    shown = EN.text(words.known_by(words.CATEGORIES["unknown"], "%(x)s"))
    assert shown == "Nothing says why the email came back (%(x)s)"


def test_every_named_provider_is_one_that_the_addresses_know() -> None:
    assert set(words.PROVIDERS) <= set(mail_hosts().values())
    assert (words.provider_name("google"), words.provider_name("mimecast")) == ("Google (Gmail)", "Mimecast")


def test_nobody_is_blamed_by_what_a_bounce_says() -> None:
    blame = re.compile(r"\b(bad|worst|poor|fail\w*|fault|mistake|blame|wrong)\b", re.IGNORECASE)
    tables = (words.CATEGORIES, words.PERHAPS, words.ACTIONS, words.MENDED_BY)
    said = [EN.text(message) for table in tables for message in table.values()]
    assert [sentence for sentence in said if blame.search(sentence)] == []
