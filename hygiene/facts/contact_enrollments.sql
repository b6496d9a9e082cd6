-- Question: who wrote to each contact last, and what did its enrollments come to?
-- Grain:    one contact with at least one enrollment.
-- Columns:  contact_key, sender_key (of the latest enrollment), active, replied, unsubscribed_at,
--           last_ended_at (null: none has ended), last_bounced_at (the end of the last that bounced).
WITH ranked AS (
    SELECT
        contact_key,
        sender_key,
        ended_at,
        is_replied,
        is_bounced,
        unsubscribed_at,
        ROW_NUMBER() OVER (PARTITION BY contact_key ORDER BY enrolled_at DESC, enrollment_key DESC) AS position
    FROM outcomes
)

SELECT
    contact_key,
    MAX(CASE WHEN position = 1 THEN sender_key END) AS sender_key,
    COUNT(CASE WHEN ended_at IS NULL THEN 1 END) AS active,
    COUNT(CASE WHEN is_replied = 1 THEN 1 END) AS replied,
    MIN(unsubscribed_at) AS unsubscribed_at,
    MAX(ended_at) AS last_ended_at,
    MAX(CASE WHEN is_bounced = 1 THEN ended_at END) AS last_bounced_at
FROM ranked
GROUP BY contact_key
