"""`hygiene tokens`, as a user types it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hygiene.advice.tokens.dialects import DIALECTS
from hygiene.commands import advice


def tokens(*arguments: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hygiene", "tokens", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def jsonl(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_each_line_gives_one_object_in_the_same_order():
    rows = jsonl(
        {"text": 'Hi {{ contact.firstname|default("") }} {{ contact.x }}', "fields": ["firstname"]},
        {"text": "Prix : 10 %"},
        {"text": "Été {contact.firstname} [Prénom]", "fields": None},
    )
    done = tokens("--dialect", "hubspot", "--format", "jsonl", stdin=rows)
    assert (done.returncode, done.stderr) == (0, b"")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {
            "dialect": "hubspot",
            "tokens": [{"path": "contact.firstname", "fallback": ""}, {"path": "contact.x", "fallback": None}],
            "problems": [{"kind": "unknown_token", "span": [39, 54]}],
        },
        {"dialect": "hubspot", "tokens": [], "problems": []},
        {
            "dialect": "hubspot",
            "tokens": [],
            "problems": [{"kind": "malformed", "span": [4, 23]}, {"kind": "placeholder_literal", "span": [24, 32]}],
        },
    ]


def test_auto_says_which_dialect_it_took():
    rows = jsonl({"text": "*|FNAME|*"}, {"text": "{!Contact.Name}"}, {"text": "Hello"})
    done = tokens("--dialect", "auto", "--format", "jsonl", stdin=rows)
    assert [json.loads(line)["dialect"] for line in done.stdout.splitlines()] == ["mailchimp", "salesforce", None]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"Hi {{first_name}}", "is no JSON object"),
        (b"", "is no JSON object"),
        (b"[1]", "is no JSON object"),
        (b"[" * 100_000, "is no JSON object"),
        (b"\xff\xfe", "is no JSON object"),
        (b'{"body": "x"}', "has no “text”"),
        (b'{"text": 1}', "has no “text”"),
        (b'{"text": "x", "fields": "a"}', "has “fields”"),
    ],
)
def test_a_bad_line_gets_an_error_and_never_loses_the_others(line, reason):
    good = jsonl({"text": "{{a}}"})
    done = tokens("--dialect", "outreach", "--format", "jsonl", stdin=good + line + b"\n" + good)
    first, bad, last = (json.loads(row) for row in done.stdout.splitlines())
    assert first == last
    assert first["tokens"] == [{"path": "a", "fallback": None}]
    assert list(bad) == ["error"]
    assert f"Line 2 {reason}" in bad["error"]
    assert done.returncode == 3
    assert reason in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_many_bad_lines_are_counted_and_five_shown():
    done = tokens("--dialect", "outreach", stdin=b"x\n" * 8)
    assert done.stderr.decode().count("is no JSON object") == 5
    assert "3 more" in done.stderr.decode()


def test_the_table_names_tokens_and_problems():
    rows = jsonl({"text": "Hi {{first_name|there}} {last_name} \x1b[31m{{a\x1bb}}"}, {"text": "Hello"})
    done = tokens("--dialect", "instantly", stdin=rows)
    shown = done.stdout.decode()
    assert "first_name" in shown
    assert "“there”" in shown
    assert "{last_name}" in shown
    assert "nothing" in shown
    assert "\x1b" not in shown


def test_half_a_character_and_a_byte_order_mark_are_taken():
    done = tokens("--dialect", "outreach", "--format", "jsonl", stdin=b'\xef\xbb\xbf{"text": "{{a\\ud800}} {{b}}"}\n')
    assert done.returncode == 0
    assert json.loads(done.stdout)["tokens"][-1]["path"] == "b"


def test_an_unknown_dialect_and_a_missing_one_are_wrong_usage():
    assert tokens("--dialect", "hubspott", stdin=b"").returncode == 2
    assert tokens(stdin=b"").returncode == 2
    assert tokens("--dialect", "auto", stdin=b"").returncode == 0


def test_the_dialects_of_the_command_are_those_of_the_grammars():
    assert advice.DIALECTS == DIALECTS
