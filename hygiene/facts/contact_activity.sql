-- Question: what was sent to each contact, and what came back, as of :as_of?
-- Grain:    one contact with at least one event.
-- Columns:  contact_key, sends, replies, engagements, last_sent_at, last_reply_at, last_engaged_at, unsubscribed_at,
--           complained_at, last_bounce_at, last_bounce_key, last_delivered_at.
-- Machines (automatic replies, proxies, scanners) neither reply nor engage.
SELECT
    e.contact_key,
    COUNT(CASE WHEN e.type = :send_type THEN 1 END) AS sends,
    COUNT(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN 1 END) AS replies,
    COUNT(CASE WHEN e.type IN ('open', 'click', 'reply') AND NOT e.is_machine THEN 1 END) AS engagements,
    MAX(CASE WHEN e.type = :send_type THEN e.at END) AS last_sent_at,
    MAX(CASE WHEN e.type = 'reply' AND NOT e.is_machine THEN e.at END) AS last_reply_at,
    MAX(CASE WHEN e.type IN ('open', 'click', 'reply') AND NOT e.is_machine THEN e.at END) AS last_engaged_at,
    MIN(CASE WHEN e.type = 'unsubscribe' THEN e.at END) AS unsubscribed_at,
    MIN(CASE WHEN e.type = 'complaint' THEN e.at END) AS complained_at,
    MAX(CASE WHEN e.type = 'bounce' THEN e.at END) AS last_bounce_at,
    MAX(CASE WHEN e.type = 'bounce' THEN e.event_key END) AS last_bounce_key,
    MAX(CASE WHEN e.type = 'delivered' THEN e.at END) AS last_delivered_at
FROM events AS e
WHERE e.at <= :as_of
GROUP BY e.contact_key
