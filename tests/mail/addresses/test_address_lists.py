"""The data of models/addresses: clean, without contradictions, and in keeping with what is published elsewhere."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest
from hypothesis import __name__ as hypothesis_package

from hygiene.errors import ModelError
from hygiene.mail.addresses import lists
from hygiene.mail.addresses.syntax import domain_form
from hygiene.resources import resource

FOLDER = resource("models") / "addresses"
FILES = ("freemail.toml", "providers.toml", "relays.toml", "roles.toml", "typos.toml")
LANGUAGES = ["en", "fr", "de", "es", "it", "nl", "pt"]
# IANA's list, which comes with hypothesis.
TLDS = {
    line.strip().lower()
    for line in (files(hypothesis_package) / "vendor" / "tlds-alpha-by-domain.txt")
    .read_text(encoding="ascii")
    .splitlines()
    if not line.startswith("#")
}


def of(name: str) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def domains(name: str, table: str, column: str = "domains") -> list[str]:
    return [domain for group in of(name)[table] for domain in group[column]]


@pytest.mark.parametrize("name", FILES)
def test_each_file_says_where_its_facts_are_from(name):
    assert "# source: " in (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "table", "column"),
    [
        ("freemail.toml", "provider", "domains"),
        ("relays.toml", "relay", "domains"),
        ("providers.toml", "provider", "hosts"),
    ],
)
def test_each_domain_is_listed_once_in_its_ascii_form_under_a_real_top_level_domain(name, table, column):
    found = domains(name, table, column)
    assert sorted({domain for domain in found if found.count(domain) > 1}) == []
    assert [domain for domain in found if domain_form(domain).ascii != domain] == []
    assert [domain for domain in found if domain.rpartition(".")[2] not in TLDS] == []


def test_a_provider_has_one_entry_a_country_and_its_name_is_a_plain_word():
    entries = [(group["name"], group["country"]) for group in of("freemail.toml")["provider"]]
    others = [entry for entry in entries if entry[0] != "other"]
    assert len(others) == len(set(others))
    names = {group["name"] for name in ("freemail.toml", "providers.toml") for group in of(name)["provider"]}
    assert [name for name in names if not name.replace("_", "").replace(".", "").replace("-", "").isalnum()] == []


def test_free_mail_covers_the_world_and_shares_nothing_with_relays_and_throw_away_domains():
    free = set(lists.free_mail())
    assert len(free) >= 150
    assert len({group["country"] for group in of("freemail.toml")["provider"]}) >= 25
    assert not free & set(lists.relays())
    assert not free & lists.disposable()


def test_the_throw_away_list_is_there_and_holds_no_top_level_or_country_suffix():
    assert len(lists.disposable()) > 5_000
    assert not lists.disposable() & {"co.uk", "com.br", "eu.org", "github.io", *TLDS}


def test_roles_are_told_in_each_language_and_no_word_is_in_two_tiers():
    tables = of("roles.toml")
    words = {tier: {word for many in table.values() for word in many} for tier, table in tables.items()}
    assert [list(table) for table in tables.values()] == [LANGUAGES] * 3
    assert not (words["system"] | words["automatic"]) & words["team"]
    assert not words["system"] & words["automatic"]
    assert all(
        word == word.lower() and word.isascii() and not set("._+@ ") & set(word)
        for many in words.values()
        for word in many
    )


def test_the_targets_of_slips_are_forty_known_providers_of_five_letters_or_more():
    table = of("typos.toml")
    assert len(table["targets"]) == len(set(table["targets"])) == 40
    assert set(table["targets"]) <= set(lists.free_mail())
    assert all(len(domain.partition(".")[0]) >= 5 for domain in table["targets"])


def test_listed_slips_lead_to_a_known_provider_and_are_none_themselves():
    table = of("typos.toml")
    slips = [slip for many in table["listed"].values() for slip in many]
    assert set(table["listed"]) <= set(lists.free_mail())
    assert len(slips) == len(set(slips))
    known = {*lists.free_mail(), *lists.relays(), *table["keep"]}
    assert not known & set(slips)
    assert [slip for slip in slips if domain_form(slip).ascii != slip] == []


def test_a_mended_last_label_exists_and_the_slip_does_not():
    table = of("typos.toml")["tlds"]
    assert set(table) <= TLDS
    slips = [slip for many in table.values() for slip in many]
    assert len(slips) == len(set(slips))
    assert not set(slips) & TLDS


@pytest.mark.parametrize(
    ("read", "content", "says"),
    [
        (lists.roles, "[team]\nen = []", "roles.toml lacks ['system']"),
        (lists.slips, "targets = ['a.b']", "typos.toml lacks ['listed']"),
        (lists.free_mail, "[[provider]]\nname = 'x'", "freemail.toml lacks 'domains'"),
        (lists.relays, "no toml", "relays.toml cannot be read"),
        (lists.mail_hosts, None, "providers.toml cannot be read"),
    ],
)
def test_a_damaged_file_is_named_with_the_remedy(tmp_path, monkeypatch, read, content, says):
    (tmp_path / "addresses").mkdir()
    if content is not None:
        (tmp_path / "addresses" / says.split()[0]).write_text(content, encoding="utf-8")
    monkeypatch.setattr(lists, "resource", lambda _: tmp_path)
    with pytest.raises(ModelError, match="reinstall hygiene") as caught:
        read.__wrapped__()
    assert says in str(caught.value)
