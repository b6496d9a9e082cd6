"""Slips of the finger: true ones are found, and no real domain, however short or near, is ever corrected."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.mail.addresses import check_address
from hygiene.mail.addresses.lists import disposable, free_mail, relays, slips
from hygiene.mail.addresses.typos import NEIGHBORS, distance, is_slip, meant_domain


def words(text: str) -> list[str]:
    return text.split()


# Companies and institutions whose domains are short, or stand near a provider's.
REAL_COMPANIES = words(
    """
    acme.com ge.com hp.com bt.com sap.com msd.com ibm.com 3m.com abb.com ups.com cnn.com bbc.co.uk aon.com
    kpmg.com ey.com pwc.com axa.fr edf.fr bnp.fr cea.fr cnrs.fr sncf.fr ratp.fr orange.com laposte.fr free.com
    gail.com gail.co.in grail.com cloud.com google.com mailer.com emailage.com hotmart.com hotel.com hotels.com
    hotmix.com outbrain.com outreach.io lookout.com overlook.com yohooo.org yoohoo.com wahoo.com
    icloudhospital.com incloud.com itcloud.com ecloud.com mycloud.com iland.com protomail.org proton.ch
    comcast.com comcash.com verizon.com telekom.de telenor.com libera.it liberty.it laporte.net grange.fr
    orage.fr orangina.fr range.fr bluefin.ch tv-online.de it-online.de e-online.de freebet.de yande.com naver.co
    never.com outlookindia.com gmat.com gm.com gmbh.de mgm.com gma.com gmac.com amail.com bmail.com fmail.com
    gomail.com gemail.com hostmail.com hotemail.com mailbox.com rocket.com live.org lives.com msnbc.com
    apple.com meta.com mac.org web.com webde.com gmx.biz sky.uk virgin.com att.com cox.com seznamka.cz wpp.com
    o2.com vp.com op.com qq.fr sina.org 126.org
    """
)
REAL_PROVIDERS = words(
    """
    me.com aol.com sky.com mail.com email.com ymail.com msn.com live.com gmx.com gmx.net gmx.de web.de free.fr
    sfr.fr orange.fr wanadoo.fr wanadoo.es laposte.net mac.com pm.me proton.me protonmail.com protonmail.ch
    tuta.com hey.com zoho.com yahoo.com yahoo.fr yahoo.de yahoo.co.jp yahoo.com.vn yahoo.com.sg hotmail.com
    hotmail.ch hotmail.be hotmail.gr hotmail.no hotmail.cl outlook.com outlook.fr outlook.at outlook.com.au
    outlook.sa live.fr live.nl icloud.com gmail.com googlemail.com gmail.ru gmail.de gmail.pl yahoo.co mail.ru
    list.ru bk.ru ya.ru yandex.com yandex.ru qq.com 163.com 126.com naver.com nate.com wp.pl o2.pl op.pl
    seznam.cz hitmail.com duck.com mozmail.com passmail.net
    """
)

MEANT = [
    # neighbours swapped
    ("gmail.com", "gmial.com gamil.com gmali.com mgail.com"),
    ("hotmail.com", "hotmial.com hotamil.com hotmali.com ohtmail.com"),
    ("hotmail.fr", "htomail.fr"),
    ("outlook.com", "oultook.com otulook.com"),
    ("yahoo.com", "yhaoo.com"),
    ("yahoo.fr", "yaoho.fr"),
    ("icloud.com", "icluod.com icolud.com"),
    ("wanadoo.fr", "wandaoo.fr"),
    ("protonmail.com", "protonmial.com"),
    ("btinternet.com", "btinternte.com"),
    # one doubled
    ("gmail.com", "gmaill.com gmmail.com ggmail.com"),
    ("yahoo.fr", "yahooo.fr"),
    ("yahoo.com", "yahhoo.com"),
    ("hotmail.com", "hottmail.com"),
    ("hotmail.co.uk", "hotmaill.co.uk"),
    ("outlook.com", "outloook.com"),
    ("wanadoo.fr", "wannadoo.fr"),
    ("icloud.com", "icloudd.com"),
    # one left out
    ("outlook.com", "outlok.com outloo.com"),
    ("outlook.fr", "otlook.fr"),
    ("hotmail.com", "homail.com hotmai.com"),
    ("hotmail.it", "hotmal.it"),
    ("hotmail.es", "hotmil.es"),
    ("icloud.com", "iclod.com"),
    ("googlemail.com", "googlmail.com googlemal.com"),
    ("wanadoo.fr", "wanado.fr"),
    ("protonmail.com", "protonmal.com"),
    ("comcast.net", "comcas.net"),
    ("bellsouth.net", "belsouth.net"),
    # the key beside
    ("gmail.com", "gnail.com gmaul.com gmsil.com gmaik.com gma1l.com"),
    ("hotmail.com", "hotnail.com hormail.com"),
    ("yahoo.com", "yajoo.com yah0o.com"),
    ("yahoo.co.uk", "yagoo.co.uk"),
    ("outlook.com", "outlool.com"),
    ("icloud.com", "iclous.com"),
    # the last label
    ("gmail.com", "gmail.con gmail.cmo gmail.comm gnail.con"),
    ("hotmail.com", "hotmail.vom"),
    ("yahoo.com", "yahoo.xom"),
    ("outlook.com", "outlook.ocm"),
    ("orange.fr", "orange.ft"),
    ("laposte.net", "laposte.nett"),
    ("acme.com", "acme.con"),
    ("acme.co.uk", "acme.co.ku"),
    # a dot in the wrong place, or none
    ("gmail.com", "gmailc.om gmai.lcom"),
    ("yahoo.co.uk", "yahoo.couk"),
    ("hotmail.fr", "hotmailf.r"),
    # listed
    ("gmail.com", "gmai.com gmal.com gmail.co gmail.cm gmail.fr gmail.com.br"),
    ("hotmail.com", "hotmail.co otmail.com"),
    ("yahoo.com", "yaho.com"),
    ("orange.fr", "oragne.fr"),
    ("t-online.de", "t-onlien.de"),
    ("laposte.net", "lapsote.net"),
]
"""What was meant, and the slips that must be found."""
TYPOS = [(slip, meant) for meant, slips_of_it in MEANT for slip in words(slips_of_it)]


def test_the_tables_are_as_long_as_promised():
    assert len(set(REAL_COMPANIES + REAL_PROVIDERS)) >= 60
    assert len({slip for slip, _ in TYPOS}) >= 40


@pytest.mark.parametrize("domain", REAL_COMPANIES + REAL_PROVIDERS)
def test_a_real_domain_is_never_corrected(domain):
    assert check_address(f"jane@{domain}").find("typo_domain") is None


@pytest.mark.parametrize(("domain", "meant"), TYPOS)
def test_a_slip_is_found_with_what_was_meant(domain, meant):
    check = check_address(f"jane@{domain.upper()}")
    assert check.suggestion == meant
    assert check.domain == domain
    assert check.is_mailable


@pytest.mark.parametrize(
    ("email", "meant"),
    [
        ("a@gmailcom", "gmail.com"),
        ("a@gmail,com", "gmail.com"),
        ("a@gmail..com", "gmail.com"),
        ("a@hotmail.fr.", "hotmail.fr"),
    ],
)
def test_what_is_no_domain_at_all_may_still_tell_what_was_meant(email, meant):
    check = check_address(email)
    assert check.suggestion == meant
    assert check.domain is None


@pytest.mark.parametrize(
    "email", ["a@acmecom", "a@acme,com", "a@acme..com", "a@acme.com;b@gmail,com", "Jane <a@gmail.com>", "a.gmail.com"]
)
def test_a_malformed_address_of_a_company_gets_no_suggestion(email):
    assert check_address(email).suggestion is None


def test_a_domain_that_two_contacts_use_is_no_slip():
    assert check_address("a@gamil.com", {"gamil.com": 1}).suggestion == "gmail.com"
    assert check_address("a@gamil.com", {"gamil.com": 2}).problems == ()
    assert check_address("a@GAMIL.com", {"gamil.com": 2}).problems == ()


def test_what_ends_in_no_top_level_domain_is_a_slip_however_many_use_it():
    assert check_address("a@acme.con", {"acme.con": 50}).suggestion == "acme.com"


def test_a_slip_that_squatters_sit_on_is_a_slip_and_not_disposable():
    assert {"gmial.com", "hotmial.com"} <= disposable()
    assert [p.code for p in check_address("a@gmial.com").problems] == ["typo_domain"]


def test_no_known_provider_relay_or_throw_away_domain_is_corrected():
    known = [*free_mail(), *relays()]
    assert {domain: meant for domain in known if (meant := meant_domain(domain))} == {}
    squatted = {domain for domain in disposable() if meant_domain(domain)}
    assert squatted <= {"gmial.com", "hotmial.com", "hotmai.com"} | set(slips().listed)


@pytest.mark.parametrize(
    "label", ["mail", "gail", "gmai", "cloud", "fmail", "gmails", "g-mail", "gomail", "grail", "gmaid"]
)
def test_short_labels_other_first_letters_and_words_are_no_slips_of_gmail(label):
    assert not is_slip(label, "gmail")


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=4), st.sampled_from(sorted(slips().targets)))
@settings(deadline=None)
def test_a_label_below_five_letters_is_corrected_only_where_listed(label, suffix):
    domain = f"{label}.{suffix}"
    assert meant_domain(domain) == slips().listed.get(domain)


@given(
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=12), st.sampled_from(sorted(slips().targets))
)
@settings(deadline=None)
def test_a_suggestion_is_one_edit_away_or_listed(label, suffix):
    domain = f"{label}.{suffix}"
    meant = meant_domain(domain)
    assert meant is None or domain in slips().listed or distance(domain, meant) == 1


def slow_distance(a: str, b: str) -> int:
    """Return the optimal string alignment distance by its recursive definition."""

    @cache
    def between(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        ways = [between(i - 1, j) + 1, between(i, j - 1) + 1, between(i - 1, j - 1) + (a[i - 1] != b[j - 1])]
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            ways.append(between(i - 2, j - 2) + 1)
        return min(ways)

    return between(len(a), len(b))


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
@settings(deadline=None)
def test_the_distance_agrees_with_its_definition(a, b):
    assert distance(a, b) == distance(b, a) == slow_distance(a, b)


@pytest.mark.parametrize(
    ("a", "b", "expected"), [("ca", "abc", 3), ("", "ab", 2), ("acme", "me", 2), ("sap", "sky", 2), ("x", "x", 0)]
)
def test_the_distance_of_known_pairs(a, b, expected):
    assert distance(a, b) == expected


def test_keys_are_neighbors_both_ways_and_never_of_themselves():
    assert all((b, a) in NEIGHBORS and a != b for a, b in NEIGHBORS)
    assert {("g", "h"), ("q", "a"), ("m", "n"), ("i", "1"), ("h", "n")} <= NEIGHBORS
    assert not {("m", "r"), ("a", "l"), ("q", "p"), ("i", "l")} & NEIGHBORS
