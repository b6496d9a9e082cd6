"""Which user agents are machines: the list, and what the import makes of it."""

from __future__ import annotations

import re
import tomllib

import pytest

from hygiene.errors import ModelError
from hygiene.resources import resource
from hygiene.sources import agents
from hygiene.sources.agents import PERSON, SIGNS, agent_sql, known_agents
from tests.sources.folder import database, read

AGENTS = tomllib.loads((resource("models") / "machines" / "agents.toml").read_text(encoding="utf-8"))["agent"]
OUTLOOK = "Mozilla/4.0 (compatible; ms-office; MSOffice 16)"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36"
)
APPLE_MAIL = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"


def sign(agent: str) -> str | None:
    (found,) = database().execute(f"SELECT {agent_sql('agent')} FROM (SELECT ? AS agent)", [agent]).fetchall()
    return found[0]


@pytest.mark.parametrize("row", AGENTS, ids=lambda row: row["name"])
def test_each_entry_is_found_by_its_example_and_says_where_it_is_from(row):
    assert sign(row["example"]) == (None if row["sign"] == PERSON else row["sign"])
    first = next(agent for agent in known_agents() if re.search(agent.pattern, row["example"].lower()))
    assert first.name == row["name"]
    assert row["source"]
    assert row.get("assumed") or re.search(r"read 20\d\d-\d\d-\d\d", row["source"])


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("Mozilla/5.0", "proxy"),
        (" mozilla/5.0 ", "proxy"),
        (CHROME, None),
        (APPLE_MAIL, None),
        (OUTLOOK, None),
        ("Dalvik/2.1.0 (Linux; U; Android 14)", None),
        ("okhttp/4.10.0", None),
        ("Mozilla/5.0 (X11; CrOS) Chrome/146.0 Safari/537.36 botanic", None),
        ("", None),
        ("x" * 50_000, None),
        ("BARRACUDA SENTINEL (EE)", "scanner"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "scanner"),
    ],
)
def test_an_agent_is_what_it_gives_away(agent, expected):
    assert sign(agent) == expected


def test_the_import_keeps_what_the_agent_gives_away():
    text = "contact_id,sender_id,type,at,user_agent\nc1,ann,sent,2026-01-05 09:00:01,\n"
    for minute, agent in enumerate(("Mozilla/5.0", "Barracuda Sentinel (EE)", CHROME.replace(",", " "), "")):
        text += f"c1,ann,open,2026-01-05 10:0{minute}:01,{agent}\n"
    rows = read({"events.csv": text}).rows("events", "type", "agent")
    assert rows == [("sent", None), ("open", "proxy"), ("open", "scanner"), ("open", None), ("open", None)]


def test_a_damaged_list_is_said_in_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "machines").mkdir()
    monkeypatch.setattr(agents, "resource", lambda _: tmp_path)
    known_agents.cache_clear()
    for text in ("", "[[agent]", '[[agent]]\nname = "x"\npattern = "x"\nsign = "robot"\nexample = "x"\n'):
        (tmp_path / "machines" / "agents.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ModelError, match=r"models/machines/agents\.toml"):
            known_agents()
    known_agents.cache_clear()


def test_every_sign_is_used():
    assert {row["sign"] for row in AGENTS} == set(SIGNS)
