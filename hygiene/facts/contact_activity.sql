-- Question: what was sent to each contact, and what came back, as of :as_of?
-- Grain:    one contact with at least one event.
-- Columns:  contact_key, sends, replies, engagements, last_sent_at, last_reply_at, last_engaged_at, unsubscribed_at,
--           complained_at, last_bounce_at.
-- Machines (automatic replies, proxies, scanners) neither reply nor engage.
SELECT
    contact_key,
    COUNT(CASE WHEN type = :send_type THEN 1 END) AS sends,
    COUNT(CASE WHEN type = 'reply' AND NOT is_machine THEN 1 END) AS replies,
    COUNT(CASE WHEN type IN ('open', 'click', 'reply') AND NOT is_machine THEN 1 END) AS engagements,
    MAX(CASE WHEN type = :send_type THEN at END) AS last_sent_at,
    MAX(CASE WHEN type = 'reply' AND NOT is_machine THEN at END) AS last_reply_at,
    MAX(CASE WHEN type IN ('open', 'click', 'reply') AND NOT is_machine THEN at END) AS last_engaged_at,
    MIN(CASE WHEN type = 'unsubscribe' THEN at END) AS unsubscribed_at,
    MIN(CASE WHEN type = 'complaint' THEN at END) AS complained_at,
    MAX(CASE WHEN type = 'bounce' THEN at END) AS last_bounce_at
FROM events
WHERE at <= :as_of
GROUP BY contact_key
