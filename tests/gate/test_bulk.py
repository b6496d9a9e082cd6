"""Which providers' rules a campaign meets: computed from who receives it and from what the domain sent so far."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.errors import ModelError
from hygiene.facts.sending import ConsumerDay
from hygiene.gate import bulk_book
from hygiene.gate.bulk import RecipientMix, bulk_rules, class_of
from hygiene.gate.bulk_book import LEVELS, book
from hygiene.reports.translate import Translator

DAY = datetime(2026, 3, 2)
PROVIDERS = ("google", "yahoo", "microsoft")


def day(sends: int, provider: str = "google", domain: str | None = "acme.com", after: int = 0) -> ConsumerDay:
    return ConsumerDay(DAY + timedelta(days=after), domain, provider, sends)


def scope_of(provider: str, domains: dict[str, int], **given: object):
    rules = bulk_rules(RecipientMix.of(domains), str(given.pop("domain", "acme.com")), **given)
    return next(scope for scope in rules.scopes if scope.provider == provider)


@pytest.mark.parametrize(
    ("domain", "kind"),
    [
        ("gmail.com", "google"),
        ("GoogleMail.com.", "google"),
        ("google.com", "business"),  # its staff
        ("mail.gmail.com", "business"),
        ("yahoo.co.uk", "yahoo"),
        ("aol.com", "yahoo"),
        ("hotmail.fr", "microsoft"),
        ("live.com", "microsoft"),
        ("msn.com", "microsoft"),
        ("outlook.de", "microsoft"),
        ("acme.onmicrosoft.com", "business"),
        ("orange.fr", "free_mail"),
        ("gmx.de", "free_mail"),
        ("duck.com", "free_mail"),
        ("acme.com", "business"),
        ("münchen.de", "business"),
        ("nonsense", "business"),
    ],
)
def test_each_recipient_has_one_class(domain, kind):
    assert class_of(domain) == kind


@given(
    st.dictionaries(
        st.sampled_from(["gmail.com", "aol.com", "live.fr", "gmx.de", "acme.com", "", " "]), st.integers(-3, 50)
    )
)
def test_the_classes_add_up_to_the_recipients(domains):
    mix = RecipientMix.of(domains)
    assert mix.total == sum(count for domain, count in domains.items() if domain.strip() and count > 0)
    assert all(count > 0 for count in mix.recipients.values())


def test_a_list_of_companies_meets_nobodys_rules():
    rules = bulk_rules(RecipientMix.of({"acme.fr": 9_000, "gmx.de": 9_000}), "acme.com", history=[day(9_000)])
    assert [scope.is_bulk for scope in rules.scopes] == [False, False, False]
    assert {level.level for level in rules.levels} == {"not_applicable"}
    assert {rules.level(check) for check in ("spf", "dkim", "dmarc", "alignment")} == {"recommended"}
    assert rules.level("no_such_check") == "not_applicable"


@pytest.mark.parametrize(
    ("provider", "domain", "planned", "is_bulk"),
    [
        ("google", "gmail.com", 4_999, False),
        ("google", "gmail.com", 5_000, True),
        ("microsoft", "outlook.com", 5_000, False),  # "more than 5,000"
        ("microsoft", "outlook.com", 5_001, True),
        ("yahoo", "yahoo.com", 1, True),
    ],
)
def test_each_provider_has_its_own_number(provider, domain, planned, is_bulk):
    assert scope_of(provider, {domain: planned}).is_bulk is is_bulk
    others = [scope_of(other, {domain: planned}) for other in PROVIDERS if other != provider]
    assert not any(other.is_bulk for other in others)


def test_mails_are_spread_evenly_over_the_list():
    domains = {"gmail.com": 6_000, "acme.fr": 6_000}
    assert scope_of("google", domains).sends_a_day == 6_000
    assert scope_of("google", domains, sends_a_day=1_000).sends_a_day == 500
    assert scope_of("google", domains, sends_a_day=1_001).sends_a_day == 501  # rounded up
    assert scope_of("google", domains, sends_a_day=99_999).sends_a_day == 6_000
    assert scope_of("google", domains, sends_a_day=0).sends_a_day == 0
    assert not scope_of("google", domains, sends_a_day=9_000).is_bulk


def test_sub_domains_add_up_and_other_domains_do_not():
    history = [
        day(3_000),
        day(1_000, domain="news.acme.com"),
        day(900, domain="acme.net"),
        day(2_000, domain="acme.com", after=1),
    ]
    scope = scope_of("google", {"gmail.com": 1}, domain="sales.acme.com", history=history)
    assert (scope.most_so_far, scope.sends_a_day, scope.is_bulk) == (4_000, 4_001, False)
    assert scope_of("google", {"gmail.com": 1_000}, history=history).is_bulk


def test_days_whose_sender_is_not_known_count():
    assert scope_of("google", {"gmail.com": 1}, history=[day(5_000, domain=None)]).most_so_far == 5_000


def test_once_reached_it_stays_and_only_the_first_time_is_new():
    reached = scope_of("google", {"gmail.com": 1}, history=[day(5_000), day(3, after=400)])
    assert (reached.is_bulk, reached.is_new) == (True, False)
    assert scope_of("google", {"gmail.com": 5_000}).is_new
    assert scope_of("google", {"gmail.com": 4_999}).is_new is False
    assert scope_of("google", {"acme.fr": 1}, history=[day(5_000)]).is_bulk is False  # nobody there to write to


def test_another_providers_days_do_not_count():
    assert scope_of("google", {"gmail.com": 1}, history=[day(9_000, "microsoft")]).most_so_far == 0


def test_yahoo_without_a_number_is_marked_as_assumed_and_can_be_told_one():
    assert scope_of("yahoo", {"yahoo.fr": 3})[4:6] == (True, True)
    assert scope_of("yahoo", {"yahoo.fr": 3}, yahoo_sends=5_000)[4:6] == (False, False)
    assert scope_of("yahoo", {"yahoo.fr": 3}, yahoo_sends=5_000, history=[day(5_000, "yahoo")]).is_bulk


@pytest.mark.parametrize(
    ("domains", "check", "level"),
    [
        ({"gmail.com": 10}, "spf", "either"),
        ({"gmail.com": 10}, "dkim", "either"),
        ({"gmail.com": 10}, "dmarc", "recommended"),
        ({"gmail.com": 10}, "one_click", "recommended"),
        ({"gmail.com": 10}, "tls", "required"),
        ({"gmail.com": 5_000}, "spf", "required"),
        ({"gmail.com": 5_000}, "dmarc", "required"),
        ({"gmail.com": 5_000}, "alignment", "required"),
        ({"gmail.com": 5_000}, "one_click", "required"),
        ({"live.com": 10}, "spf", "recommended"),
        ({"live.com": 6_000}, "spf", "required"),
        ({"live.com": 6_000}, "one_click", "recommended"),
        ({"live.com": 6_000}, "tls", "recommended"),
        ({"aol.com": 1}, "one_click", "required"),
        ({"gmail.com": 10, "live.com": 6_000}, "dmarc", "required"),
        ({"acme.fr": 10}, "dmarc", "recommended"),
    ],
)
def test_the_strictest_provider_decides(domains, check, level):
    assert bulk_rules(RecipientMix.of(domains), "acme.com").level(check) == level


@pytest.mark.parametrize(
    "domains", [{"gmail.com": 5}, {"gmail.com": 5_000}, {"aol.com": 1}, {"live.com": 6_000}, {"acme.fr": 1}]
)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_level_says_why_and_by_whose_word(domains, lang):
    translator = Translator(lang, strict=True)
    for level in bulk_rules(RecipientMix.of(domains), "acme.com", history=[day(6_000)]).levels:
        assert translator.text(level.why).endswith(".")
        assert "read 2026-11" in level.source


NUMBERS = st.integers(0, 12_000)


@given(NUMBERS, NUMBERS, NUMBERS, st.sampled_from(["spf", "dkim", "dmarc", "alignment", "one_click"]))
def test_more_mail_never_makes_a_rule_milder(recipients, more, before, check):
    def strictness(count: int) -> int:
        domains = {"gmail.com": count, "live.com": count, "acme.fr": 10}
        return LEVELS.index(bulk_rules(RecipientMix.of(domains), "acme.com", history=[day(before)]).level(check))

    assert strictness(recipients + more) <= strictness(recipients)


def test_the_table_of_requirements_is_whole():
    known = book()
    assert {row.of for row in known.requirements} == {"everyone", "bulk"}
    assert (
        {provider for row in known.requirements for provider in row.providers} == set(PROVIDERS) == set(known.sources)
    )
    assert all(row.level in LEVELS for row in known.requirements)


def test_a_damaged_table_is_an_error_with_the_remedy(monkeypatch, tmp_path):
    (tmp_path / "bulk").mkdir()
    monkeypatch.setattr(bulk_book, "resource", lambda _: tmp_path)
    for text in ("[[requirement]]\ncheck = 1", "not toml =", None):
        book.cache_clear()
        if text is not None:
            (tmp_path / "bulk" / "requirements.toml").write_text(text, encoding="utf-8")
        else:
            (tmp_path / "bulk" / "requirements.toml").unlink()
        with pytest.raises(ModelError, match="reinstall hygiene"):
            book()
    book.cache_clear()
