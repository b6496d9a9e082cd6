-- Question: what did the last bounce of each contact say, as of :as_of?
-- Grain:    one contact with at least one bounce, or whose own row names a hard bounce reason.
-- Columns:  contact_key, detail, category, action, signal; null where nothing was said.
-- The event's text first, the CRM's own reason second.
WITH last_events AS (
    SELECT a.contact_key, b.detail, b.bounce_key
    FROM activity AS a
    INNER JOIN responses AS b ON b.event_key = a.last_bounce_key
)

SELECT
    c.contact_key,
    e.detail,
    CASE WHEN t.category IS NULL OR t.category = 'unknown' THEN COALESCE(own.category, t.category)
        ELSE t.category END AS category,
    CASE WHEN t.category IS NULL OR t.category = 'unknown' THEN COALESCE(own.action, t.action)
        ELSE t.action END AS action,
    CASE WHEN t.category IS NULL OR t.category = 'unknown' THEN COALESCE(own.signal, t.signal)
        ELSE t.signal END AS signal
FROM contacts AS c
LEFT JOIN last_events AS e ON e.contact_key = c.contact_key
LEFT JOIN bounce_texts AS t ON t.bounce_key = e.bounce_key
LEFT JOIN bounce_texts AS own ON own.bounce_key = c.bounce_key
WHERE e.contact_key IS NOT NULL OR c.bounce_key IS NOT NULL
