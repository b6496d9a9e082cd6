"""Which user agents are machines, by `models/machines/agents.toml`: each is looked at once, at the import."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import ModelError
from hygiene.resources import resource
from hygiene.sources.sql import literal
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb

PERSON = "person"
SIGNS = (PERSON, "proxy", "scanner")
"""What an agent may be; a person's proxy is written down so that it is not taken for a machine."""


class Agent(NamedTuple):
    """An entry of the list."""

    name: str
    pattern: str
    """A regular expression in lower case."""
    sign: str
    example: str


@lru_cache(maxsize=1)
def known_agents() -> tuple[Agent, ...]:
    """Return the list; the first entry that fits an agent decides.

    Raises
    ------
    ModelError
        If the file is damaged.
    """
    try:
        text = (resource("models") / "machines" / "agents.toml").read_text(encoding="utf-8")
        rows = tomllib.loads(text)["agent"]
        agents = tuple(Agent(*(row[name] for name in Agent._fields)) for row in rows)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, KeyError) as error:
        raise ModelError(f"models/machines/agents.toml cannot be read ({error}): reinstall hygiene.") from error
    unknown = {agent.sign for agent in agents} - set(SIGNS)
    if unknown:
        raise ModelError(f"models/machines/agents.toml names unknown signs ({', '.join(sorted(unknown))}).")
    return agents


def agent_sql(column: str) -> str:
    """Return DuckDB's SQL for what a user agent is: `proxy`, `scanner`, or null for a person or nothing known."""
    cases = " ".join(
        f"WHEN regexp_matches(lower({column}), {literal(agent.pattern)}) THEN "
        + ("NULL" if agent.sign == PERSON else literal(agent.sign))
        for agent in known_agents()
    )
    return f"CASE {cases} END"


def build_agents(con: duckdb.DuckDBPyConnection) -> None:
    """Create `agent_signs` (user_agent, agent): the machines among the distinct agents of `given_events`."""
    con.execute(
        f"""CREATE TABLE agent_signs AS
            SELECT user_agent, {agent_sql("user_agent")} AS agent
            FROM (SELECT DISTINCT user_agent FROM {given("events")} WHERE user_agent IS NOT NULL)
            WHERE agent IS NOT NULL"""
    )
