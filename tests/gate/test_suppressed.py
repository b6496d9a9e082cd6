"""What the source's suppressions say of the rows of a list that nobody else knows."""

from __future__ import annotations

from datetime import date

import pytest

from hygiene.engine import open_engine
from hygiene.gate.suppressed import read_suppressed
from tests.sources.folder import read

DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("suppression", "listed", "is_named"),
    [
        (",münchen.example", "a@münchen.example", True),
        (",münchen.example", "b@xn--mnchen-3ya.example", True),
        (",xn--mnchen-3ya.example", "a@MÜNCHEN.example", True),
        (",münchen.example", "a@munchen.example", False),
        (",https://www.target.example/", "a@sub.target.example", True),
        ("*@target.example,", "a@target.example", True),
        ("ann@bücher.example,", "Ann+x@xn--bcher-kva.example", True),
        ("c@q3.example;d@q3.example,", "d@q3.example", True),
        ("'ann@target.example,", "ann@target.example", True),
        ('"""ann""@target.example",', "ann@target.example", True),
        ("ann@target.example,", '"ann"@target.example', True),
        ("\uff41nn\u034f@target.example,", "ann@target.example", True),
        ("ann@target.example,", "bob@target.example", False),
    ],
)
def test_a_suppression_names_a_row_however_it_is_written(suppression: str, listed: str, is_named: bool) -> None:
    loaded = read(
        {"contacts.csv": "contact_id\n1\n", "suppressions.csv": f"email,domain,reason\n{suppression},asked\n"}
    )
    with open_engine(256) as engine:
        engine.attach(loaded.tables)
        found = read_suppressed(engine, [None, listed], None, DAY)
    assert {place: row.reason for place, row in found.items()} == ({1: "asked"} if is_named else {})
