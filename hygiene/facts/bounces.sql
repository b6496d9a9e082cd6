-- Question: which bounces are known, as of :as_of?
-- Grain:    a bounce event, or a contact whose own row names a hard bounce reason and that has no bounce event.
-- Columns:  contact_id, email, bounced_at, sender_key, reason, detail; ordered by contact, then time.
SELECT known.contact_id, known.email, known.bounced_at, known.sender_key, known.reason, known.detail
FROM (
    SELECT c.contact_key, c.contact_id, c.email, b.at AS bounced_at, b.sender_key, c.hard_bounce_reason AS reason, b.detail, b.event_key
    FROM responses AS b
    INNER JOIN contacts AS c ON c.contact_key = b.contact_key
    WHERE b.type = 'bounce' AND b.at <= :as_of
    UNION ALL
    SELECT
        c.contact_key,
        c.contact_id,
        c.email,
        CAST(NULL AS TIMESTAMP) AS bounced_at,
        n.sender_key,
        c.hard_bounce_reason AS reason,
        CAST(NULL AS VARCHAR) AS detail,
        0 AS event_key
    FROM contacts AS c
    LEFT JOIN contact_enrollments AS n ON n.contact_key = c.contact_key
    LEFT JOIN activity AS a ON a.contact_key = c.contact_key
    WHERE c.hard_bounce_reason IS NOT NULL AND a.last_bounce_at IS NULL
) AS known
ORDER BY known.contact_key, known.bounced_at, known.event_key
