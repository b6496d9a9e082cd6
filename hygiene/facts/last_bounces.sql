-- Question: what did the last bounce of each contact say, as of :as_of?
-- Grain:    one contact with at least one bounce, or whose own row names a hard bounce reason.
-- Columns:  contact_key, detail, category, action, signal; null where nothing was said.
-- The event's text first, the CRM's own reason second.
WITH meanings AS (
    SELECT
        c.contact_key,
        e.detail,
        CASE WHEN t.category IS NULL OR t.category = 'unknown' THEN COALESCE(c.bounce_key, e.bounce_key)
            ELSE e.bounce_key END AS bounce_key
    FROM contacts AS c
    LEFT JOIN activity AS a ON a.contact_key = c.contact_key
    LEFT JOIN responses AS e ON e.event_key = a.last_bounce_key
    LEFT JOIN bounce_texts AS t ON t.bounce_key = e.bounce_key
    WHERE e.event_key IS NOT NULL OR c.bounce_key IS NOT NULL
)

SELECT
    m.contact_key,
    m.detail,
    t.category,
    t.action,
    t.signal
FROM meanings AS m
LEFT JOIN bounce_texts AS t ON t.bounce_key = m.bounce_key
