"""Whose rules a mail met: by the recipient's domain, else by the host that answered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.mail.addresses import provider_of


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmail.com", "google"),
        ("GoogleMail.com", "google"),
        ("hotmail.fr", "microsoft"),
        ("live.nl", "microsoft"),
        ("yahoo.co.uk", "yahoo"),
        ("aol.com", "yahoo"),
        ("yahoo.co.jp", "yahoo_japan"),
        ("me.com", "apple"),
        ("privaterelay.appleid.com", "apple"),
        ("orange.fr", "orange"),
        ("wanadoo.fr", "orange"),
        ("free.fr", "free"),
        ("laposte.net", "laposte"),
        ("sfr.fr", "sfr"),
        ("web.de", "gmx"),
        ("gmx.net", "gmx"),
        ("t-online.de", "telekom"),
        ("qq.com", "tencent"),
        ("163.com", "netease"),
        ("mail.ru", "mailru"),
        ("bk.ru", "mailru"),
        ("yandex.ru", "yandex"),
        ("naver.com", "naver"),
        ("docomo.ne.jp", "docomo"),
        ("jane.anonaddy.com", "addy"),
        ("contoso.onmicrosoft.com", "microsoft"),
        ("acme.com", "other"),
        ("optonline.net", "other"),
        ("münchen.de", "other"),
        ("", "other"),
        ("not a domain", "other"),
    ],
)
def test_a_consumer_domain_is_known_by_itself(domain, provider):
    assert provider_of(domain) == provider


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("aspmx.l.google.com", "google"),
        ("smtp.google.com", "google"),
        ("ALT2.ASPMX.L.GOOGLE.COM.", "google"),
        ("acme-com.mail.protection.outlook.com", "microsoft"),
        ("acme-com.b-v1.mx.microsoft", "microsoft"),
        ("AM0PR01MB1234.eurprd01.prod.exchangelabs.com", "microsoft"),
        ("mx07-00123401.pphosted.com", "proofpoint"),
        ("mx1-us1.ppe-hosted.com", "proofpoint"),
        ("eu-smtp-inbound-1.mimecast.com", "mimecast"),
        ("d12345a.ess.barracudanetworks.com", "barracuda"),
        ("cluster1.eu.messagelabs.com", "messagelabs"),
        ("mx1.hc123-45.eu.iphmx.com", "cisco"),
        ("mx.zoho.com", "zoho"),
        ("mx2.zoho.eu", "zoho"),
        ("mx00.ionos.fr", "ionos"),
        ("mx01.kundenserver.de", "ionos"),
        ("mx1.mail.ovh.net", "ovh"),
        ("spool.mail.gandi.net", "gandi"),
        ("smtpin.rzone.de", "strato"),
        ("mxbiz1.qq.com", "tencent"),
        ("qiye163mx01.mxmail.netease.com", "netease"),
        ("mx.yandex.net", "yandex"),
        ("in1-smtp.messagingengine.com", "fastmail"),
        ("inbound-smtp.eu-west-1.amazonaws.com", "amazon"),
        ("mxa-00123.gslb.pphosted.com", "proofpoint"),
        ("mx03.hornetsecurity.com", "hornetsecurity"),
        ("mxfilter.retarus.com", "retarus"),
        ("mail.acme.com", "other"),
        ("vps-1a2b3c.vps.ovh.net", "other"),  # a customer's own machine
        ("ec2-192-0-2-7.compute-1.amazonaws.com", "other"),
        ("notgoogle.com", "other"),
        ("google.com.acme.org", "other"),
        ("192.0.2.7", "other"),
        ("", "other"),
    ],
)
def test_a_companys_provider_is_told_by_the_host_that_answered(host, provider):
    assert provider_of("acme.com", host) == provider
    assert provider_of("acme.com", f"dns; {host} (192.0.2.7)") == provider
    assert provider_of("acme.com", f"host {host}[192.0.2.7] said: 550 5.1.1 no such user") == provider


def test_the_consumer_domain_comes_before_the_host_and_the_host_before_the_domains_own_name():
    assert provider_of("gmail.com", "mx1.mail.ovh.net") == "google"
    assert provider_of("contoso.onmicrosoft.com", "mx07-00123401.pphosted.com") == "proofpoint"


@given(st.text(max_size=200), st.text(max_size=200))
@settings(deadline=None)
def test_any_text_has_a_provider(domain, host):
    assert provider_of(domain, host)


def test_a_long_text_without_a_known_host_ends_soon():
    assert provider_of("acme.com", "a" * 1_000_000) == "other"
    assert provider_of("acme.com", "a." * 500_000) == "other"
