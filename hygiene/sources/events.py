"""Events with their keys, sorted by time, and the answers among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.agents import build_agents
from hygiene.sources.messages import read_messages
from hygiene.sources.schema import RESPONSE_TYPES
from hygiene.sources.sql import count, literals
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

UNIT = "chr(31)"
"""ASCII's unit separator: it joins the parts of an enrollment id that only the events know."""
EVENT_ENROLLMENT = (
    f"coalesce(e.enrollment_id, e.contact_id || {UNIT} || e.sender_id || {UNIT} || coalesce(e.sequence_id, ''))"
)
"""The enrollment of an event where there is no table of enrollments."""

_SORTED = """
CREATE TABLE events_sorted AS
SELECT {enrollment} AS enrollment_key, c."key" AS contact_key, s."key" AS sender_key, q."key" AS sequence_key,
       e.step, e.type, e."at", coalesce(e.is_machine, false) AS is_machine, e.detail, e.subject, e.user_agent, a.agent
FROM {events} AS e
JOIN ids_contacts AS c ON c.id = e.contact_id
JOIN ids_senders AS s ON s.id = e.sender_id
LEFT JOIN ids_sequences AS q ON q.id = e.sequence_id
LEFT JOIN agent_signs AS a ON a.user_agent = e.user_agent
{join}
ORDER BY e."at", contact_key, sender_key, e.type, enrollment_key, e.event_id, e.step, e.detail
"""
_EVENTS = "CREATE VIEW events AS SELECT rowid + 1 AS event_key, * FROM events_sorted"
_RESPONSES = """
CREATE TABLE responses AS
WITH answers AS (SELECT * FROM events WHERE type IN {types}),
     arrivals AS (
         SELECT b.event_key, min(e."at") AS received_at
         FROM answers AS b JOIN events AS e ON e.enrollment_key = b.enrollment_key AND e."at" > b."at"
         WHERE b.type = 'bounce'
             AND (e.type = 'delivered' OR (e.type IN ('open', 'click', 'reply') AND NOT e.is_machine))
         GROUP BY b.event_key
     )
SELECT answers.*, arrivals.received_at, b."key" AS bounce_key, t.kind AS reply_kind, t.returns_on, t.successor
FROM answers
LEFT JOIN arrivals USING (event_key)
LEFT JOIN bounce_keys AS b ON b.text = CASE WHEN answers.type = 'bounce' THEN answers.detail END
LEFT JOIN reply_keys AS k
    ON k.detail = CASE WHEN answers.type = 'reply' THEN coalesce(answers.detail, '') END
        AND k.subject = coalesce(answers.subject, '') AND k.on_day = CAST(answers."at" AS DATE)
LEFT JOIN reply_texts AS t ON t."key" = k."key"
"""
_REASONS = """
UPDATE contacts SET bounce_key = b."key" FROM bounce_keys AS b WHERE b.text = contacts.hard_bounce_reason
"""
# An event without an enrollment belongs to the latest one of its contact and sender (and sequence, where it names one)
# that had begun by then: the next one had not.
_ATTACHED = """
CREATE TABLE attached AS
WITH loose AS (SELECT row, contact_id, sender_id, sequence_id, "at" FROM {events} WHERE enrollment_id IS NULL),
     begun AS (
         SELECT contact_id, sender_id, {sequence} AS sequence_id, enrolled_at, min(enrollment_id) AS enrollment_id
         FROM {enrollments} GROUP BY ALL
     )
SELECT loose.row, begun.enrollment_id
FROM loose ASOF JOIN begun
    ON loose.contact_id = begun.contact_id AND loose.sender_id = begun.sender_id {same}
        AND loose."at" >= begun.enrolled_at
WHERE loose.sequence_id IS {known} NULL
"""


def build_events(
    con: duckdb.DuckDBPyConnection,
    work: Path,
    progress: Callable[[str, float | None], None],
    *,
    has_enrollments: bool,
) -> list[ImportNote]:
    """Create `events` (a view) and `responses`, and read what their texts say.

    Parameters
    ----------
    con
        Holds `given_events`, `given_enrollments`, the `ids_*` of the dimensions and `ids_enrollments`.
    work, progress
        As `messages.read_messages` takes them.
    has_enrollments
        Whether the source has a table of enrollments; without one, each event says its own.
    """
    names = {"events": given("events"), "enrollments": given("enrollments")}
    notes = []
    if has_enrollments:
        parts = {"sequence": "sequence_id", "same": "AND loose.sequence_id = begun.sequence_id", "known": "NOT"}
        con.execute(_ATTACHED.format(**names, **parts))
        con.execute("ALTER TABLE attached RENAME TO attached_by_sequence")
        con.execute(_ATTACHED.format(**names, sequence="NULL", same="", known=""))
        con.execute("INSERT INTO attached SELECT * FROM attached_by_sequence")
        join = """LEFT JOIN attached ON attached.row = e.row
                  LEFT JOIN ids_enrollments AS n ON n.id = coalesce(e.enrollment_id, attached.enrollment_id)"""
        unknown = count(
            con,
            f"""SELECT count(DISTINCT enrollment_id) FROM {names["events"]}
                WHERE enrollment_id IS NOT NULL AND enrollment_id NOT IN (SELECT id FROM ids_enrollments)""",
        )
        if unknown:
            values: dict[str, str | int] = {"table": "enrollments", "column": "enrollment_id", "count": unknown}
            notes.append(ImportNote("unknown_ids", values))
    else:
        join = f"LEFT JOIN ids_enrollments AS n ON n.id = {EVENT_ENROLLMENT}"
    build_agents(con)
    con.execute(_SORTED.format(**names, enrollment='n."key"', join=join))
    con.execute(_EVENTS)
    notes += read_messages(con, work, progress)
    con.execute(_RESPONSES.format(types=literals(RESPONSE_TYPES)))
    con.execute(_REASONS)
    return notes
