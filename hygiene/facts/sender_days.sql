-- Question: how many mails went out and how many came back, day by day, as of :as_of?
-- Grain:    sender × day (UTC) × list of the contacts: their import batch, else the day they were created, else null.
-- Columns:  sender_key, day, list, sends, bounces, address_bounces (the address's fault or nobody knows whose).
-- A bounce stands on the day it came back: no rule knows of it earlier. An enrollment bounces once, however many notices
-- it gets; of the address's fault, on the day of the first notice that says so. What arrived after all still counts: on
-- the day, nobody could know.
WITH notices AS (
    SELECT
        r.event_key,
        r.enrollment_key,
        r.sender_key,
        r.contact_key,
        DATE_TRUNC('day', r.at) AS day,
        CASE WHEN m.fault IS NULL OR m.fault IN ('address', 'unknown') THEN 1 ELSE 0 END AS is_address
    FROM responses AS r
    LEFT JOIN contacts AS c ON c.contact_key = r.contact_key
    LEFT JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
    LEFT JOIN bounce_texts AS m ON m.bounce_key
        = CASE WHEN t.category IS NULL OR t.category = 'unknown' THEN COALESCE(c.bounce_key, r.bounce_key)
            ELSE r.bounce_key END
    WHERE r.type = 'bounce' AND r.at <= :as_of
),

ranked AS (
    SELECT
        sender_key,
        contact_key,
        day,
        is_address,
        ROW_NUMBER() OVER (
            PARTITION BY enrollment_key, CASE WHEN enrollment_key IS NULL THEN event_key END ORDER BY event_key
        ) AS place,
        ROW_NUMBER() OVER (
            PARTITION BY enrollment_key, CASE WHEN enrollment_key IS NULL THEN event_key END, is_address
            ORDER BY event_key
        ) AS place_of_its_kind
    FROM notices
),

moments AS (
    SELECT
        e.sender_key,
        e.contact_key,
        DATE_TRUNC('day', e.at) AS day,
        COUNT(*) AS sends,
        0 AS bounces,
        0 AS address_bounces
    FROM events AS e
    WHERE e.type = :send_type AND e.at <= :as_of
    GROUP BY e.sender_key, e.contact_key, DATE_TRUNC('day', e.at)
    UNION ALL
    SELECT
        sender_key,
        contact_key,
        day,
        0 AS sends,
        CASE WHEN place = 1 THEN 1 ELSE 0 END AS bounces,
        CASE WHEN is_address = 1 AND place_of_its_kind = 1 THEN 1 ELSE 0 END AS address_bounces
    FROM ranked
    WHERE place = 1 OR (is_address = 1 AND place_of_its_kind = 1)
)

SELECT
    o.sender_key,
    o.day,
    COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS list,
    CAST(SUM(o.sends) AS BIGINT) AS sends,
    CAST(SUM(o.bounces) AS BIGINT) AS bounces,
    CAST(SUM(o.address_bounces) AS BIGINT) AS address_bounces
FROM moments AS o
LEFT JOIN contacts AS c ON c.contact_key = o.contact_key
GROUP BY o.sender_key, o.day, COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR))
ORDER BY o.sender_key, o.day, list NULLS FIRST
