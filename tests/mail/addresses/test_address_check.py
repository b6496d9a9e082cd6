"""One address: its form, its role, its domain's kind."""

from __future__ import annotations

import subprocess
import sys

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hygiene.mail.addresses import AddressCheck, check_address
from hygiene.mail.addresses.types import WEIGHTS

FORM = {"malformed", "unusual"}


def words(text: str) -> list[str]:
    return text.split()


def codes(check: AddressCheck) -> set[str]:
    return {problem.code for problem in check.problems}


@pytest.mark.parametrize(
    ("email", "detail"),
    [
        ("", "no_at"),
        ("   ", "no_at"),
        ("n/a", "no_at"),
        ("jane.acme.com", "no_at"),
        ("jane＠acme.com", "no_at"),  # full-width sign
        ("/O=EXCHANGE/OU=FIRST/CN=JANE", "no_at"),
        ("@acme.com", "empty_local"),
        ("jane@", "empty_domain"),
        ("@", "empty_local"),
        ("jane doe@acme.com", "space"),
        ("jane@acme .com", "space"),
        ("jane\u00a0doe@acme.com", "space"),
        ("jane@acme.com\tjim@acme.com", "space"),
        ("Jane Doe <jane@acme.com>", "space"),
        ("jane\u200b@acme.com", "invisible"),
        ("jane\x00@acme.com", "invisible"),
        ("jane@acme.com\ufeff", "invisible"),
        ("jane@doe@acme.com", "second_at"),
        ("jane@acme.com;jim@acme.com", "second_at"),
        ("jane@acme,com", "character"),
        ("jane,doe@acme.com", "character"),
        ("<jane@acme.com>", "character"),
        ("mailto:jane@acme.com", "character"),
        ("jane@acme.com;", "character"),
        ('"jane@acme.com', "character"),
        ("jane@acme.com.", "domain_dots"),
        ("jane@.acme.com", "domain_dots"),
        ("jane@acme..com", "domain_dots"),
        ("a@" + "b" * 1000 + ".com", "too_long"),
    ],
)
def test_what_can_be_no_address_is_malformed_with_its_reason(email, detail):
    check = check_address(email)
    assert (check.problems[0].code, check.problems[0].detail) == ("malformed", detail)
    assert (check.email, check.normalized, check.domain) == (email, None, None)
    assert not check.is_mailable


@pytest.mark.parametrize(
    ("email", "detail"),
    [
        ('"jane doe"@acme.com', "quoted"),
        ('"jane@home"@acme.com', "quoted"),
        ('jane."x y"@acme.com', "quoted"),
        ("jane(work)@acme.com", "comment"),
        ("jane@(work)acme.com", "comment"),
        ("jane@[192.0.2.7]", "address_literal"),
        ("jane@[IPv6:2001:db8::1]", "address_literal"),
        ("jane@192.0.2.7", "numeric_tld"),
        ("jane@localhost", "reserved_domain"),
        ("jane@mail.acme.local", "reserved_domain"),
        ("jane@acme", "no_dot"),
        ("jane@my_firm.com", "domain"),
        ("jane@-acme.com", "domain"),
        ("jane@" + "b" * 64 + ".com", "domain"),
        ("jane..doe@docomo.ne.jp", "dots"),
        ("jane.@docomo.ne.jp", "dots"),
        (".jane@acme.com", "dots"),
        ("j" * 65 + "@acme.com", "long_local"),
        ("j@" + ".".join(["b" * 60] * 4) + ".example.org", "domain"),
        ("j" * 40 + "@" + ".".join(["b" * 55] * 4) + ".com", "long_address"),
    ],
)
def test_what_only_the_strict_rules_refuse_is_unusual_and_never_invalid(email, detail):
    check = check_address(email)
    assert (check.problems[0].code, check.problems[0].detail) == ("unusual", detail)
    assert "malformed" not in codes(check)
    assert check.is_mailable
    # Quotes and comments can be written in many ways, so these have no one form to compare.
    assert (check.normalized is None) is (detail not in {"dots", "long_local"})


@pytest.mark.parametrize(
    ("email", "normalized", "domain"),
    [
        ("jane@acme.com", "jane@acme.com", "acme.com"),
        (" Jane.Doe@ACME.com\r\n", "Jane.Doe@acme.com", "acme.com"),
        ("o'brien+crm@acme.co.uk", "o'brien+crm@acme.co.uk", "acme.co.uk"),
        ("Info@Acme.com", "info@acme.com", "acme.com"),  # RFC 2142: a role's case never mattered
        ("j" * 64 + "@acme.com", "j" * 64 + "@acme.com", "acme.com"),
        ("jane@münchen.de", "jane@münchen.de", "xn--mnchen-3ya.de"),
        ("jane@MÜNCHEN.DE", "jane@münchen.de", "xn--mnchen-3ya.de"),
        ("jane@xn--mnchen-3ya.de", "jane@münchen.de", "xn--mnchen-3ya.de"),
        ("jane@mu\u0308nchen.de", "jane@münchen.de", "xn--mnchen-3ya.de"),
        ("иван@почта.рф", "иван@почта.рф", "xn--80a1acny.xn--p1ai"),
        ("jose\u0301@acme.es", "josé@acme.es", "acme.es"),
        ("田中@例え.jp", "田中@例え.jp", "xn--r8jz45g.jp"),
        ("jane@acme。jp", "jane@acme.jp", "acme.jp"),  # an ideographic full stop is a dot (UTS 46)
        ("jane..doe@Docomo.ne.jp", "jane..doe@docomo.ne.jp", "docomo.ne.jp"),
    ],
)
def test_an_address_has_one_form_and_its_domain_two(email, normalized, domain):
    check = check_address(email)
    assert (check.email, check.normalized, check.domain) == (email, normalized, domain)


@pytest.mark.parametrize(
    "email",
    [
        "jane@pаypal.com",
        "jane@аpple.com",
        "jаne@acme.com",
        "jane@сосо.com",
        "jane@xn--pypal-4ve.com",
        "jane@gοogle.com",
    ],
)
def test_look_alikes_of_two_scripts_are_unusual(email):
    check = check_address(email)
    assert [(p.code, p.detail) for p in check.problems] == [("unusual", "mixed_scripts")]
    assert check.normalized


@pytest.mark.parametrize(
    "email",
    [
        "jane@straße.de",
        "иван@почта.рф",
        "иван@яндекс.рф",
        "иван@сосо.рф",
        "tanaka@ひらがなカタカナ漢字abc.jp",
        "kim@한국abc.kr",
        "jane@ελλάδα.gr",
    ],
)
def test_one_script_and_the_usual_mixtures_of_east_asia_are_no_look_alikes(email):
    assert check_address(email).problems == ()


SYSTEM = words(
    """
    postmaster abuse hostmaster webmaster noreply no-reply no_reply no.reply donotreply do-not-reply
    mailer-daemon MAILER-DAEMON bounce bounces bounces-4711 bounce+abc=acme.com noreply2 jira-noreply
    noreply-orders nepasrepondre ne-pas-repondre nicht-antworten no-responder noresponder nonrispondere
    geen-antwoord nao-responda unsubscribe spam root
    """
)
TEAM = words(
    """
    info sales contact office support admin billing hr jobs marketing help hello kontakt vertrieb buchhaltung
    buero einkauf empfang accueil compta comptabilite direction secretariat commercial rh service-client
    serviceclient ventas contacto compras soporte atencion-al-cliente vendite amministrazione segreteria ordini
    acquisti verkoop inkoop administratie klantenservice vendas contato financeiro atendimento suporte info2
    sales-us info-fr contact75 service.client info_de
    """
)
PEOPLE = words(
    """
    jane jane.doe j.doe sales.fabio joao.sales ola hola.maria in.fo inform infosec contacts.smith salesman
    marketa helpa support.lee.jane officer teams bouncer abuser postman webmasters jane-info info-jane pr.xy
    hr.ab it.jo roots noam noreen rhonda rh.dupont comptamax servicemaster maria.ventas2go
    """
)


@pytest.mark.parametrize("local", SYSTEM)
def test_a_machines_address_is_never_mailed(local):
    check = check_address(f"{local}@acme.com")
    assert check.role == "system"
    assert not check.is_mailable


@pytest.mark.parametrize("local", TEAM)
def test_a_teams_address_only_warns(local):
    check = check_address(f"{local}@acme.com")
    assert check.role == "team"
    assert check.is_mailable


@pytest.mark.parametrize("local", PEOPLE)
def test_a_persons_address_is_no_role(local):
    assert check_address(f"{local}@acme.com").role is None


@pytest.mark.parametrize(
    "domain", ["mailinator.com", "a.b.mailinator.com", "MAILINATOR.COM", "yopmail.com", "guerrillamail.com", "x.us.to"]
)
def test_a_throw_away_domain_is_found_by_its_parents_too(domain):
    assert check_address(f"jane@{domain}").is_disposable


@pytest.mark.parametrize(
    "domain",
    words(
        """
        duck.com mozmail.com me.mozmail.com relay.firefox.com simplelogin.com simplelogin.co passmail.net
        passinbox.com privaterelay.appleid.com addy.io jane.anonaddy.com anonaddy.me 33mail.com opayq.com
        aleeas.com
        """
    ),
)
def test_a_privacy_relay_is_a_person_and_never_disposable(domain):
    check = check_address(f"jane@{domain}")
    assert codes(check) == {"privacy_relay"}
    assert check.is_mailable


@pytest.mark.parametrize(
    "domain",
    words(
        """
        gmail.com Outlook.fr sfr.fr orange.fr wanadoo.fr laposte.net free.fr gmx.de gmx.net web.de t-online.de
        libero.it qq.com 163.com naver.com yandex.ru mail.ru seznam.cz wp.pl icloud.com me.com aol.com msn.com
        yahoo.co.jp uol.com.br bk.ru pm.me docomo.ne.jp ukr.net abv.bg rediffmail.com btinternet.com skynet.be
        bluewin.ch mail.com
        """
    ),
)
def test_consumer_mailboxes_are_free_mail(domain):
    assert codes(check_address(f"jane@{domain}")) == {"free_mail"}


@pytest.mark.parametrize(
    "domain",
    ["acme.com", "corp.mail.ru", "orange.com", "google.com", "mail.gmail.com", "laposte.fr", "bt.com", "example.org"],
)
def test_companies_and_the_providers_own_staff_are_no_free_mail(domain):
    assert check_address(f"jane@{domain}").problems == ()


def test_several_findings_stand_side_by_side():
    assert codes(check_address("info..x@gmail.com")) == {"unusual", "free_mail"}
    assert codes(check_address("info@mailinator.com")) == {"disposable", "role_team"}


def test_a_check_loads_its_dependencies_only_when_the_first_address_comes():
    code = (
        "import sys, hygiene.mail.addresses as a\n"
        "heavy = ('email_validator', 'disposable_email_domains', 'dns', 'idna')\n"
        "print(*[name for name in heavy if name in sys.modules])\n"
        "a.check_address('jane@acme.com')\n"
        "assert 'email_validator' in sys.modules and 'dns' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# What breaks parsers of addresses, so that random texts come near the border.
PARTS = st.sampled_from(
    [
        *("@", ".", "..", '"', "\\", "(", ")", "[", "]", "<", ">", " ", ",", "\r\n", "\x00", "xn--", "-", "+"),
        *("＠", "。", "ß", "İ", "а", "中", "א", "\u200b", "\u0301", "\u037e", "\ud800", "\U0001f600"),
        *("gmail", "com", "info", "noreply", "a", "1"),
    ]
)
TEXTS = st.one_of(st.text(st.characters(), max_size=400), st.lists(PARTS, max_size=12).map("".join))
LOCALS = st.text("abcdefgINFOnoreply0123456789.-_", min_size=1, max_size=20)
DOMAINS = st.one_of(
    st.sampled_from(["acme.com", "gmail.com", "gmial.com", "mailinator.com", "x.yopmail.com", "duck.com", "acme.con"]),
    st.text("abcdefghijklmnopqrstuvwxyz-.", min_size=1, max_size=20).map(lambda text: text + ".fr"),
)


@given(TEXTS)
@example("@" * 2000)
@example('"' * 5000 + "@")
@example("(" * 5000 + "@x.com")
@example("a@" + "xn--" * 60 + ".com")
@example("\ud800@\udfff.com")
@settings(deadline=None)
def test_no_text_crashes_the_check_and_email_validator_agrees_on_its_form(text):
    check = check_address(text)
    refused = {p.code for p in check.problems if p.code in FORM and p.detail != "mixed_scripts"}
    assert all(problem.code in WEIGHTS for problem in check.problems)
    if len(text) > 900:
        return
    try:
        found = validate_email(text.strip(), strict=True, check_deliverability=False)
    except EmailNotValidError:
        assert len(refused) == 1
    else:
        assert not refused
        assert (check.normalized, check.domain) == (found.normalized, found.ascii_domain)


@given(TEXTS | st.builds("{}@{}".format, LOCALS, DOMAINS))
@settings(deadline=None)
def test_the_normalized_form_says_the_same_again(text):
    check = check_address(text)
    if check.normalized is not None:
        again = check_address(check.normalized)
        assert (again.normalized, again.domain) == (check.normalized, check.domain)
        assert codes(again) == codes(check)


@given(LOCALS, DOMAINS)
@settings(deadline=None)
def test_the_case_of_the_domain_does_not_matter(local, domain):
    lower, upper = check_address(f"{local}@{domain}"), check_address(f"{local}@{domain.upper()}")
    assert (lower.normalized, lower.domain, codes(lower)) == (upper.normalized, upper.domain, codes(upper))


@given(LOCALS.filter(lambda text: all(text.split("."))), DOMAINS, st.text("abc0.-_=", min_size=1, max_size=20))
@example("jane", "acme.com", "noreply")
@example("info", "acme.com", "x")
@settings(deadline=None)
def test_a_plus_tag_changes_neither_role_nor_kind(local, domain, tag):
    plain, tagged = check_address(f"{local}@{domain}"), check_address(f"{local}+{tag.strip('.') or 'x'}@{domain}")
    if ".." not in tag:
        assert codes(plain) == codes(tagged)
