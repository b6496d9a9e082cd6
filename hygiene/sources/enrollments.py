"""Enrollments: their own columns where they are alone, the events where these speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.events import EVENT_ENROLLMENT
from hygiene.sources.sql import count
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

FACTS = {"replied": "reply", "bounced": "bounce", "unsubscribed": "unsubscribe"}
"""An enrollment's own booleans, and the type of the events that say the same."""
OWN_END = frozenset({"ended_at", "outcome", "replied", "bounced"})
"""Columns of which any one tells that a source knows how its enrollments ended; else silence ends them."""

_FROM_EVENTS = f"""
CREATE TABLE enrollments_known AS
SELECT {EVENT_ENROLLMENT} AS enrollment_id, min(e.contact_id) AS contact_id, min(e.sender_id) AS sender_id,
       min(e.sequence_id) AS sequence_id, min(e."at") AS enrolled_at, CAST(NULL AS TIMESTAMP) AS ended_at,
       CAST(NULL AS VARCHAR) AS outcome, CAST(NULL AS BOOLEAN) AS replied, CAST(NULL AS BOOLEAN) AS bounced,
       CAST(NULL AS BOOLEAN) AS unsubscribed
FROM {given("events")} AS e GROUP BY ALL
"""
_NUMBERED = """
CREATE TABLE ids_enrollments AS
SELECT CAST(row_number() OVER (ORDER BY enrollment_id) AS INTEGER) AS "key", enrollment_id AS id
FROM enrollments_known ORDER BY id
"""
# What the events say of each enrollment. A machine's answer ends nothing; nor does a bounce whose mail arrived
# after all.
_SAID = """
CREATE TABLE said AS
SELECT enrollment_key,
       bool_or(type = 'reply' AND NOT is_machine) AS replied,
       bool_or(type = 'bounce' AND received_at IS NULL) AS bounced,
       bool_or(type = 'unsubscribe') AS unsubscribed,
       min(CASE WHEN NOT (type = 'reply' AND is_machine) AND received_at IS NULL THEN "at" END) AS ended_at
FROM responses WHERE enrollment_key IS NOT NULL GROUP BY enrollment_key
"""
_ACTIVITY = """
CREATE TABLE activity AS
SELECT enrollment_key, max("at") AS last_at, max(CASE WHEN type = 'sent' THEN "at" END) AS last_sent_at
FROM events WHERE enrollment_key IS NOT NULL GROUP BY enrollment_key
"""
_JOINED = """
CREATE TABLE enrollments_joined AS
SELECT n."key" AS enrollment_key, k.enrollment_id, c."key" AS contact_key, s."key" AS sender_key,
       q."key" AS sequence_key, k.enrolled_at, k.ended_at, k.outcome, k.replied, k.bounced, k.unsubscribed,
       a.enrollment_key IS NOT NULL AS has_events, a.last_at, a.last_sent_at, said.ended_at AS answered_at,
       coalesce(said.replied, false) AS said_replied, coalesce(said.bounced, false) AS said_bounced,
       coalesce(said.unsubscribed, false) AS said_unsubscribed
FROM enrollments_known AS k
JOIN ids_enrollments AS n ON n.id = k.enrollment_id
JOIN ids_contacts AS c ON c.id = k.contact_id
JOIN ids_senders AS s ON s.id = k.sender_id
LEFT JOIN ids_sequences AS q ON q.id = k.sequence_id
LEFT JOIN activity AS a ON a.enrollment_key = n."key"
LEFT JOIN said ON said.enrollment_key = n."key"
"""
# An opt-out is never lost: not where the events know of none, and not while the enrollment is active.
_OPT_OUTS = """
UPDATE contacts SET opted_out = true WHERE contact_key IN (
    SELECT j.contact_key FROM enrollments_joined AS j JOIN enrollments AS e USING (enrollment_key)
    WHERE (j.unsubscribed OR j.outcome = 'unsubscribed')
        AND NOT j.said_unsubscribed AND NOT (e.unsubscribed AND e.ended_at IS NOT NULL)
)
"""


def number_enrollments(con: duckdb.DuckDBPyConnection, *, has_enrollments: bool) -> list[ImportNote]:
    """Create `enrollments_known`, from their own table or from the events, and `ids_enrollments`."""
    if has_enrollments:
        con.execute(f"CREATE VIEW enrollments_known AS SELECT * EXCLUDE (row) FROM {given('enrollments')}")
    else:
        con.execute(_FROM_EVENTS)
    con.execute(_NUMBERED)
    built = count(con, "SELECT count(*) FROM ids_enrollments")
    return [] if has_enrollments or not built else [ImportNote("enrollments_from_events", {"count": built})]


def build_enrollments(
    con: duckdb.DuckDBPyConnection, own_columns: Collection[str], silence_days: int
) -> list[ImportNote]:
    """Create `enrollments` as `schema.CANONICAL` has them; who unsubscribed in a row of no end is opted out.

    Parameters
    ----------
    con
        Holds `contacts`, `enrollments_known`, `events`, `responses` and the `ids_*`.
    own_columns
        Columns that the table of enrollments has; empty without one.
    silence_days
        Days after the last send at which an enrollment ends that tells no end and was not answered.
    """
    for statement in (_SAID, _ACTIVITY, _JOINED):
        con.execute(statement)
    speaking = {
        own: bool(count(con, f"SELECT count(*) FROM (SELECT 1 FROM responses WHERE type = '{kind}' LIMIT 1)"))
        for own, kind in FACTS.items()
    }
    by_silence = OWN_END.isdisjoint(own_columns)
    columns = [_own_fact(own, speaks=speaks) for own, speaks in speaking.items()]
    con.execute(
        f"""CREATE TABLE enrollments AS
            SELECT enrollment_key, enrollment_id, contact_key, sender_key, sequence_key, enrolled_at,
                   {_ended_at(silence_days, by_silence=by_silence)} AS ended_at, outcome, {", ".join(columns)}
            FROM enrollments_joined"""
    )
    con.execute(_OPT_OUTS)
    return _notes(con, speaking, silence_days, by_silence=by_silence)


def _own_fact(own: str, *, speaks: bool) -> str:
    said = "has_events" if speaks else "false"
    return f"(coalesce({own}, false) OR coalesce(outcome = '{own}', false)) AND NOT {said} AS {own}"


def _ended_at(silence_days: int, *, by_silence: bool) -> str:
    if not by_silence:
        undated = "ended_at IS NULL AND outcome IS NOT NULL AND outcome <> 'active'"
        return f"CASE WHEN {undated} THEN coalesce(last_at, enrolled_at) ELSE ended_at END"
    # Only sends before it make a silence end: what was known at that moment is enough to tell it. An answer within
    # the silence ends the enrollment instead, at its own time.
    silent_at = f"last_sent_at + INTERVAL {silence_days} DAY"
    latest = 'greatest((SELECT max("at") FROM events), (SELECT max(enrolled_at) FROM enrollments_known))'
    return f"CASE WHEN {silent_at} <= {latest} AND coalesce(answered_at > {silent_at}, true) THEN {silent_at} END"


def _notes(
    con: duckdb.DuckDBPyConnection, speaking: dict[str, bool], silence_days: int, *, by_silence: bool
) -> list[ImportNote]:
    notes = []
    for own in (own for own, speaks in speaking.items() if speaks):
        # `finished` says that nobody answered and nothing came back; of the other outcomes only the own one speaks.
        outcome = f"CASE WHEN outcome = '{own}' THEN true WHEN outcome = 'finished' THEN false END"
        stated = f"CASE WHEN {own} IS NULL THEN {outcome} ELSE {own} OR coalesce(outcome = '{own}', false) END"
        contradicting = count(
            con, f"SELECT count(*) FROM enrollments_joined WHERE has_events AND ({stated}) <> said_{own}"
        )
        if contradicting:
            notes.append(ImportNote("events_contradict_columns", {"column": own, "count": contradicting}))
    both = "enrollments AS e JOIN enrollments_joined AS j USING (enrollment_key)"
    dated = count(con, f"SELECT count(*) FROM {both} WHERE e.ended_at IS NOT NULL AND j.ended_at IS NULL")
    if dated and by_silence:
        notes.append(ImportNote("ended_by_silence", {"count": dated, "days": silence_days}))
    elif dated:
        notes.append(ImportNote("ended_without_time", {"count": dated}))
    if early := count(con, "SELECT count(*) FROM enrollments WHERE ended_at < enrolled_at"):
        notes.append(ImportNote("ended_before_start", {"count": early}))
    return notes
