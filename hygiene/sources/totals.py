"""Totals: counts of senders of whom nothing finer is known, so that nothing is counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import rejects
from hygiene.sources.sql import count
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb

    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw

# 2026-03, 2026-03-15 or 03/2026; everything else has no first moment that is certain.
_PERIOD = r"""CASE
    WHEN regexp_full_match(period, '\d{4}-\d{1,2}') THEN try_cast(period || '-01' AS TIMESTAMP)
    WHEN regexp_full_match(period, '\d{4}-\d{1,2}-\d{1,2}([ T]00:00(:00)?)?') THEN try_cast(period AS TIMESTAMP)
    WHEN regexp_full_match(period, '\d{1,2}/\d{4}')
        THEN try_cast(split_part(period, '/', 2) || '-' || split_part(period, '/', 1) || '-01' AS TIMESTAMP)
END"""
_TOTALS = f"""
CREATE TABLE totals AS
SELECT s."key" AS sender_key, q."key" AS sequence_key, t.period, {_PERIOD} AS period_at, t.ended, t.replied, t.bounced
FROM {given("totals")} AS t
JOIN ids_senders AS s ON s.id = t.sender_id
LEFT JOIN ids_sequences AS q ON q.id = t.sequence_id
WHERE s."key" NOT IN (SELECT sender_key FROM enrollments)
"""
# Counted as facts/enrollment_outcomes.sql counts, at the end of all data.
_CONTRADICTIONS = f"""
WITH outcomes AS (
    SELECT e.sender_key, e.ended_at IS NOT NULL OR said.ended_at IS NOT NULL AS is_ended,
           coalesce(said.replied, false) OR (
               e.ended_at IS NOT NULL AND e.replied AND NOT e.bounced AND NOT coalesce(said.bounced, false)
           ) AS is_replied,
           NOT coalesce(said.replied, false) AND (
               coalesce(said.bounced, false) OR (e.ended_at IS NOT NULL AND e.bounced)
           ) AS is_bounced
    FROM enrollments AS e LEFT JOIN said USING (enrollment_key)
),
counted AS (
    SELECT sender_key, count(*) AS ended, count(CASE WHEN is_replied THEN 1 END) AS replied,
           count(CASE WHEN is_bounced THEN 1 END) AS bounced
    FROM outcomes WHERE is_ended GROUP BY sender_key
),
told AS (
    SELECT sender_id, sum(ended) AS ended, sum(replied) AS replied, sum(bounced) AS bounced
    FROM {given("totals")} WHERE sender_id IN (SELECT sender_id FROM enrollments_known) GROUP BY sender_id
)
SELECT count(*), min(told.sender_id)
FROM told JOIN ids_senders AS s ON s.id = told.sender_id LEFT JOIN counted ON counted.sender_key = s."key"
WHERE (told.ended, told.replied, told.bounced)
    <> (coalesce(counted.ended, 0), coalesce(counted.replied, 0), coalesce(counted.bounced, 0))
"""


def reject_impossible(con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching) -> int:
    """Leave out totals whose replied and bounced together exceed the ended; return how many rows are left.

    An enrollment ends once: who bounced has not replied (docs/score.md).
    """
    table, ended = given("totals"), matching.of("ended")[0]
    query = f"SELECT row, ended AS value, 'more_than_ended' AS code FROM {table} WHERE replied + bounced > ended"
    rejects.add_cells(con, raw, ended, query, "at least as many as replied and bounced together")
    con.execute(f"DELETE FROM {table} WHERE replied + bounced > ended")
    return count(con, f"SELECT count(*) FROM {table}")


def build_totals(con: duckdb.DuckDBPyConnection) -> list[ImportNote]:
    """Create `totals` of the senders without enrollments; note those whose totals say something else."""
    con.execute(_TOTALS)
    row = con.execute(_CONTRADICTIONS).fetchone()
    if not row or not row[0]:
        return []
    return [ImportNote("totals_contradict_enrollments", {"count": row[0], "sender": row[1]})]
