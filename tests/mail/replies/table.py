"""The table of cases, `cases.tsv`, read.

`headers` are `name=value;…`, `\\n` in `text` is a line break, `looks_like` names the kind that a near miss resembles.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from hygiene.mail.replies import ReplyReading, read_reply

TABLE = Path(__file__).with_name("cases.tsv")


class Case(NamedTuple):
    kind: str
    language: str
    at: str
    subject: str
    headers: str
    text: str
    returns_on: str
    successor: str
    looks_like: str

    def read(self) -> ReplyReading:
        headers = dict(pair.split("=", 1) for pair in self.headers.split(";") if pair)
        return read_reply(self.text.replace("\\n", "\n"), self.subject, headers, datetime.fromisoformat(self.at))


def cases() -> list[Case]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        assert tuple(next(rows)) == Case._fields
        return [Case(*row) for row in rows]


CASES = cases()
