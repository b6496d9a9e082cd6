-- Question: what was sent to each contact, and what came back, as of :as_of?
-- Grain:    one contact with at least one event.
-- Columns:  contact_key, sends, replies, engagements, last_sent_at, last_reply_at, last_engaged_at, unsubscribed_at,
--           complained_at, last_bounce_at, last_bounce_key, last_delivered_at.
-- Machines (automatic replies, and the signs of machine_signs.sql, kept as `signals`) neither reply nor engage.
WITH human_signals AS (
    SELECT s.contact_key, COUNT(*) AS signals, MAX(s.at) AS last_at
    FROM signals AS s
    WHERE s.sign IS NULL
    GROUP BY s.contact_key
)

SELECT
    e.contact_key,
    COUNT(CASE WHEN e.type = :send_type THEN 1 END) AS sends,
    COUNT(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN 1 END) AS replies,
    COUNT(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN 1 END) + COALESCE(MAX(h.signals), 0) AS engagements,
    MAX(CASE WHEN e.type = :send_type THEN e.at END) AS last_sent_at,
    MAX(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN e.at END) AS last_reply_at,
    GREATEST(MAX(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN e.at END), MAX(h.last_at)) AS last_engaged_at,
    MIN(CASE WHEN e.type = 'unsubscribe' THEN e.at END) AS unsubscribed_at,
    MIN(CASE WHEN e.type = 'complaint' THEN e.at END) AS complained_at,
    MAX(CASE WHEN e.type = 'bounce' THEN e.at END) AS last_bounce_at,
    MAX(CASE WHEN e.type = 'bounce' THEN e.event_key END) AS last_bounce_key,
    MAX(CASE WHEN e.type = 'delivered' THEN e.at END) AS last_delivered_at
FROM events AS e
LEFT JOIN human_signals AS h ON h.contact_key = e.contact_key
WHERE e.at <= :as_of
GROUP BY e.contact_key
