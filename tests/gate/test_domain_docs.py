"""docs/domain.md says what the code does: its checks, and who requires what."""

from __future__ import annotations

import re
from pathlib import Path

from hygiene.gate.bulk import RecipientMix
from hygiene.gate.bulk_book import book
from hygiene.gate.domain import DomainEvidence, check_domain
from hygiene.mail.authentication import read_message
from hygiene.mail.authentication.lookup import BUDGET_SECONDS, MOST_QUESTIONS
from hygiene.mail.authentication.records import read_records

TEXT = (Path(__file__).parents[2] / "docs" / "domain.md").read_text(encoding="utf-8")
COLUMNS = {"google": "Gmail", "yahoo": "Yahoo and AOL", "microsoft": "Outlook.com"}
SAID = {"either": "SPF or DKIM", "required": "required", "recommended": "recommended"}


def rows(header: str) -> list[list[str]]:
    """Return the rows of the table with a header, cell by cell."""
    after = TEXT.partition(header)[2].partition("\n\n")[0].strip().splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in after]


def test_the_table_of_requirements_is_the_one_that_is_used():
    documented = {
        (row[0].strip("`"), provider, part.strip())
        for row in rows("| check | Gmail | Yahoo and AOL | Outlook.com |")
        for provider, cell in zip(COLUMNS, row[1:], strict=True)
        for part in cell.split(";")
        if part.strip()
    }
    used = {
        (row.check, provider, f"{row.of}: {SAID[row.level]}")
        for row in book().requirements
        for provider in row.providers
    }
    assert documented == used


def test_each_check_is_documented_and_no_other():
    mail = read_message(b"Received: x\nAuthentication-Results: mx; spf=pass\nFrom: a@example.com\n\n")
    pasted = read_records("what?")
    given = DomainEvidence(domain="example.com", mail=mail, unread=pasted.unread)
    checks = [finding.check for finding in check_domain(given, RecipientMix.of({"gmail.com": 1}))]
    documented = [row[0].strip("`") for row in rows("| check | `fail` (holds the campaign) | `warn` | standard |")]
    assert sorted(documented) == sorted(checks)


def test_the_limits_of_asking_are_documented():
    assert re.search(rf"At most {MOST_QUESTIONS} questions, {BUDGET_SECONDS:.0f} seconds", TEXT)
