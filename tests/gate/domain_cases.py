"""A domain that has everything, as records and as a mail; and what the check says of it."""

from __future__ import annotations

from hygiene.gate.bulk import RecipientMix
from hygiene.gate.domain import DomainEvidence, check_domain
from hygiene.mail.authentication import read_message
from hygiene.mail.authentication.records import read_records
from tests.mail.authentication.keys import key_record

CORE = ("spf", "dkim", "dmarc", "alignment", "one_click")
COMPANIES = RecipientMix.of({"acme.fr": 100})
GMAIL = RecipientMix.of({"gmail.com": 10, "acme.fr": 100})
BULK = RecipientMix.of({"gmail.com": 9_000})
DMARC = "v=DMARC1; p=none; rua=mailto:d@example.com"
RECORDS = {
    "example.com": "v=spf1 ip4:192.0.2.0/24 ~all",
    "_dmarc.example.com": DMARC,
    "s1._domainkey.example.com": key_record(2048),
}
MAIL = """Return-Path: <bounce@example.com>
Received: from out.example.com (out.example.com [198.41.0.4]) by mx.google.com with ESMTPS id 1
DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s1; h=from:list-unsubscribe:list-unsubscribe-post; bh=eA==; b=eA==
From: Ann <ann@example.com>
Subject: An offer
Date: Mon, 2 Nov 2026 10:00:00 +0000
List-Unsubscribe: <https://example.com/u>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hi
"""
HOSTILE = "=cmd|' /C calc'!A0\x1b[31m<script>"


def pasted(records: dict[str, str | None]) -> str:
    return "\n".join(f'{name} TXT "{text}"' for name, text in records.items() if text is not None)


def evidence(records: dict[str, str | None] | None = None, mail: str | None = None, **more: object) -> DomainEvidence:
    known = read_records(pasted(RECORDS if records is None else records))
    return DomainEvidence(
        domain="example.com",
        zone=known.zone,
        unread=known.unread,
        mail=read_message(mail.encode("utf-8", "surrogateescape")) if mail else None,
        **more,
    )


def found(given: DomainEvidence, mix: RecipientMix = COMPANIES, **more: object) -> dict[str, object]:
    return {finding.check.removeprefix("domain."): finding for finding in check_domain(given, mix, **more)}


def statuses(given: DomainEvidence, mix: RecipientMix = COMPANIES, **more: object) -> dict[str, str]:
    return {name: finding.status for name, finding in found(given, mix, **more).items()}
