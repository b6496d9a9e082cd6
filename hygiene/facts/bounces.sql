-- Question: which bounces are known, as of :as_of?
-- Grain:    a bounce event, or a contact whose own row names a hard bounce reason and that has no bounce event.
-- Columns:  contact_id, email, bounced_at, sender_key, detail, category, fault, action, confidence, signal (null where
--           nothing was said), alive_at (last delivery, human open, click or reply); ordered by contact, then time.
-- The event's text first; where it says nothing, the CRM's own reason.
SELECT
    known.contact_id,
    known.email,
    known.bounced_at,
    known.sender_key,
    known.detail,
    t.category,
    t.fault,
    t.action,
    t.confidence,
    t.signal,
    known.alive_at
FROM (
    SELECT
        c.contact_key,
        c.contact_id,
        c.email,
        b.at AS bounced_at,
        b.sender_key,
        b.detail,
        CASE WHEN said.category IS NULL OR said.category = 'unknown' THEN COALESCE(c.bounce_key, b.bounce_key)
            ELSE b.bounce_key END AS bounce_key,
        GREATEST(a.last_engaged_at, a.last_delivered_at) AS alive_at,
        b.event_key
    FROM responses AS b
    INNER JOIN contacts AS c ON c.contact_key = b.contact_key
    LEFT JOIN activity AS a ON a.contact_key = b.contact_key
    LEFT JOIN bounce_texts AS said ON said.bounce_key = b.bounce_key
    WHERE b.type = 'bounce' AND b.at <= :as_of
    UNION ALL
    SELECT
        c.contact_key,
        c.contact_id,
        c.email,
        CAST(NULL AS TIMESTAMP) AS bounced_at,
        n.sender_key,
        c.hard_bounce_reason AS detail,
        c.bounce_key,
        CAST(NULL AS TIMESTAMP) AS alive_at,
        0 AS event_key
    FROM contacts AS c
    LEFT JOIN contact_enrollments AS n ON n.contact_key = c.contact_key
    LEFT JOIN activity AS a ON a.contact_key = c.contact_key
    WHERE c.hard_bounce_reason IS NOT NULL AND a.last_bounce_at IS NULL
) AS known
LEFT JOIN bounce_texts AS t ON t.bounce_key = known.bounce_key
ORDER BY known.contact_key, known.bounced_at, known.event_key
