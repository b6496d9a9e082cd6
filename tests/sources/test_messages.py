"""What the texts among the events say, read at the import."""

from __future__ import annotations

from datetime import datetime

import pytest

from hygiene import pipeline
from hygiene.settings import Settings
from tests.sources.folder import OneTable, read, write

ENROLLMENTS = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome\n" + "".join(
    f"e{n},c{n},ann,q1,2026-01-05 09:00,2026-01-20 09:00,finished\n" for n in range(1, 8)
)
EVENTS = """event_id,enrollment_id,contact_id,sender_id,type,at,detail,subject
1,e1,c1,ann,bounce,2026-01-06 09:00,550 5.1.1 <c1@one.example>: user unknown,
2,e2,c2,ann,bounce,2026-01-06 09:00,554 5.7.1 Client host blocked using zen.spamhaus.org,
3,e3,c3,ann,bounce,2026-01-06 09:00,,
4,e4,c4,ann,reply,2026-01-06 09:00,"I am out of the office until 5 May 2026 inclusive.",Automatic reply: Hello
5,e5,c5,ann,reply,2026-01-06 09:00,"I was out of the office last week, but yes, let's talk.",Re: Hello
6,e6,c6,ann,reply,2026-01-06 09:00,Please take me off your list.,Re: Hello
7,e7,c7,ann,reply,2026-01-06 09:00,Jane Doe no longer works here. Please ask eva.kern@nord.example.,Automatic reply
"""
CONTACTS = "contact_id,email,hard_bounce_reason\n" + "".join(
    f"c{n},c{n}@one.example,{'UNKNOWN_USER' if n == 3 else ''}\n" for n in range(1, 8)
)
FILES = {"enrollments.csv": ENROLLMENTS, "events.csv": EVENTS, "contacts.csv": CONTACTS}


@pytest.fixture(scope="module")
def loaded():
    return read(FILES)


def test_each_bounce_s_text_has_its_meaning(loaded):
    texts = {row[0]: row[1:] for row in loaded.rows("bounce_texts", "bounce_key", "category", "fault", "action")}
    keys = dict(loaded.rows("responses", "contact_key", "bounce_key"))
    assert texts[keys[1]] == ("invalid_mailbox", "address", "remove")
    assert texts[keys[2]] == ("reputation", "sender", "fix_sender")
    assert keys[3] is None


def test_a_contact_s_hard_bounce_reason_has_one_too(loaded):
    texts = dict(loaded.rows("bounce_texts", "bounce_key", "signal"))
    keys = dict(loaded.rows("contacts", "contact_id", "bounce_key"))
    assert texts[keys["c3"]] == "hubspot:UNKNOWN_USER"
    assert keys["c1"] is None


def test_replies_of_machines_are_marked_and_noted(loaded):
    kinds = {row[0]: row[1:] for row in loaded.rows("responses", "contact_key", "reply_kind", "is_machine")}
    assert kinds[4] == ("out_of_office", True)
    assert kinds[5] == ("human", False)
    assert kinds[6] == ("opt_out", False)
    assert kinds[7] == ("left_company", True)
    assert kinds[1] == (None, False)
    assert loaded.notes["automatic_replies"] == {"count": 2}
    assert sorted(loaded.rows("events", "is_machine")).count(True) == 2


def test_the_day_of_return_and_the_successor_are_kept(loaded):
    [away] = [row for row in loaded.rows("responses", "reply_kind", "returns_on") if row[0] == "out_of_office"]
    [left] = [row for row in loaded.rows("responses", "reply_kind", "successor") if row[0] == "left_company"]
    assert away[1] == datetime(2026, 5, 6)
    assert left[1] == "eva.kern@nord.example"


def test_the_run_counts_human_replies_only_and_flags_by_what_was_said(tmp_path):
    source = write(tmp_path / "source", FILES)
    audit = pipeline.run(source, tmp_path / "out", Settings(cache_dir=tmp_path / "cache"))
    assert (audit.scores.team.counts.replied, audit.scores.team.counts.bounced) == (2, 3)
    assert audit.scores.team.faults == (2, 1, 0, 0, 0)  # the CRM's reason speaks where the event says nothing
    flags = {row.facts.contact_id: (row.flag, row.reason) for row in audit.flags.flagged}
    assert flags == {
        "c1": ("remove", "address_bounced"),
        "c3": ("remove", "unknown_user"),
        "c4": ("pause", "out_of_office"),
        "c6": ("never", "asked_out"),
        "c7": ("pause", "left_company"),
    }


def test_as_of_a_day_before_nothing_of_it_is_known(tmp_path):
    source = write(tmp_path / "source", {**FILES, "contacts.csv": "contact_id\nc1\nc6\n"})
    settings = Settings(cache_dir=tmp_path / "cache", as_of=datetime(2026, 1, 6))
    assert pipeline.run(source, tmp_path / "out", settings).flags.flagged == ()


def test_a_code_and_a_message_in_two_columns_are_one_detail():
    table = OneTable(
        "events.csv",
        "contact_id,sender_id,type,at,hs_email_bounce_error_detail_status_code,hs_email_bounce_error_detail_message\n"
        "c1,ann,bounce,2026-01-06,550,No such user\n"
        "c2,ann,bounce,2026-01-06,,mailbox full\nc3,ann,bounce,2026-01-06,,\n",
    )
    assert table.rows("detail") == ["550 No such user", "mailbox full", None]


def test_a_source_without_texts_loads_no_model(tmp_path):
    """A model costs a second; an export of bare events needs none."""
    import subprocess
    import sys

    bare = {"events.csv": "contact_id,sender_id,type,at\nc1,ann,sent,2026-01-05\nc1,ann,bounce,2026-01-06\n"}
    source = write(tmp_path / "source", bare)
    code = (
        "import sys\nfrom pathlib import Path\nfrom hygiene.settings import Settings\n"
        f"from hygiene.sources import load\nload({str(source)!r}, "
        f"Settings(cache_dir=Path({str(tmp_path / 'cache')!r})))\nprint('sklearn' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
