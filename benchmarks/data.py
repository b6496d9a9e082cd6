"""Makes the benchmark's sources with DuckDB, in a process of its own: python -m benchmarks.data FOLDER EVENTS SENDERS.

About a quarter as many enrollments as events, 2,000 senders with five sequences each, a few of them large, two years,
rows in the order of enrollment starts; 10 % reply, 3 % bounce, one open or click in five is a machine's. All from
hashes of the enrollment's number, so that one version of DuckDB always makes the same files.
"""

from __future__ import annotations

import sys
from pathlib import Path

EVENTS_AN_ENROLLMENT = 3.85

FIRST_MOMENT, EXPORTED_AT = "TIMESTAMP '2024-11-01 08:00:00'", "TIMESTAMP '2026-11-01 08:00:00'"

WORLD = """
CREATE TABLE world AS
WITH draws AS (
    SELECT
        range AS enrollment_id,
        CAST(hash(range, 'contact') % greatest({enrollments} // 5, 1) AS INTEGER) AS contact_id,
        hash(range, 'sender') % 1000003 / 1000003.0 AS sender_draw,
        hash(range, 'sequence') % 1000003 / 1000003.0 AS sequence_draw,
        hash(range, 'fate') % 1000003 / 1000003.0 AS fate,
        CAST(1 + hash(range, 'mails') % 4 AS INTEGER) AS planned_mails,
        {first} + to_seconds(CAST(range * (730.0 * 86400 / {enrollments}) AS BIGINT)) AS enrolled_at
    FROM range({enrollments})
),
fates AS (
    SELECT
        *,
        CASE
            WHEN fate < 0.03 THEN 'bounce' WHEN fate < 0.13 THEN 'reply' WHEN fate < 0.14 THEN 'unsubscribe'
        END AS answer,
        CASE WHEN fate < 0.03 THEN 1 ELSE planned_mails END AS mails,
        CASE WHEN fate < 0.03 THEN 1 WHEN fate < 0.14 THEN 1500 ELSE 5760 END AS minutes_to_the_end
    FROM draws
)
SELECT
    enrollment_id, contact_id, enrolled_at, answer, mails,
    'rep-' || {sender} AS sender_id,
    {sequence} AS sequence_id,
    enrolled_at + to_days(4 * (mails - 1)) + to_minutes(minutes_to_the_end) AS end_at
FROM fates
"""

COPY_ENROLLMENTS = """
COPY (
    SELECT
        enrollment_id, contact_id, sender_id, sequence_id, enrolled_at,
        CASE WHEN end_at <= {exported} THEN end_at END AS ended_at
    FROM world ORDER BY enrollment_id
) TO '{folder}/enrollments.parquet' (FORMAT parquet, COMPRESSION zstd)
"""

COPY_EVENTS = """
COPY (
    WITH mails AS (
        SELECT
            w.*, CAST(step AS INTEGER) AS step,
            w.enrolled_at + to_days(CAST(4 * (step - 1) AS INTEGER)) AS sent_at,
            CAST(hash(w.enrollment_id, step) % 1000 AS BIGINT) AS luck
        FROM world AS w, unnest(range(1, w.mails + 1)) AS steps(step)
    ),
    received AS (SELECT * FROM mails WHERE answer IS DISTINCT FROM 'bounce'),
    events AS (
        SELECT *, 'sent' AS type, sent_at AS "at", false AS is_machine FROM mails
        UNION ALL
        SELECT *, 'open', sent_at + to_minutes(luck), luck % 5 = 0 FROM received WHERE luck < 450
        UNION ALL
        SELECT *, 'click', sent_at + to_minutes(luck + 1), luck % 5 = 0 FROM received WHERE luck < 80
        UNION ALL
        SELECT *, answer, end_at, false FROM mails WHERE answer IS NOT NULL AND step = mails
    )
    SELECT enrollment_id, contact_id, sender_id, sequence_id, step, type, "at", is_machine
    FROM events WHERE "at" <= {exported} ORDER BY enrolled_at, enrollment_id, "at"
) TO '{folder}/events.parquet' (FORMAT parquet, COMPRESSION zstd)
"""


LARGE_FIRST = "floor({senders} * sender_draw * sender_draw)"
AGENCY = {
    "sender": f"CAST({LARGE_FIRST} AS INTEGER)",
    "sequence": f"CAST({LARGE_FIRST} * 5 + floor(5 * sequence_draw * sequence_draw) AS INTEGER)",
}
"""Five sequences of their own a sender, a few large senders and sequences: hard on the engine."""
OFFICE = {
    "sender": "CAST(floor({senders} * sender_draw) AS INTEGER)",
    "sequence": "CAST((floor({senders} * sender_draw) * 7 + floor(6 * sequence_draw)) % 200 AS INTEGER)",
}
"""Six of 200 sequences a sender, all senders about alike: what the pages of a large company look like."""


def make(folder: Path, events: int, senders: int, shape: dict[str, str]) -> None:
    """Write `enrollments.parquet` and `events.parquet`."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    numbers = {
        "enrollments": int(events / EVENTS_AN_ENROLLMENT),
        "first": FIRST_MOMENT,
        "exported": EXPORTED_AT,
        "folder": folder,
        **{name: expression.format(senders=senders) for name, expression in shape.items()},
    }
    with duckdb.connect(config={"memory_limit": "4GB"}) as connection:
        for statement in (WORLD, COPY_ENROLLMENTS, COPY_EVENTS):
            connection.execute(statement.format(**numbers))


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), OFFICE if "office" in sys.argv[4:] else AGENCY)
