-- Question: which bounce speaks for an enrollment, as of :as_of?
-- Grain:    one enrollment with a bounce that no delivery took back.
-- Columns:  enrollment_key, bounced_at, bounce_key (its text; null = none), telling_key (the same, null where the text says
--           nothing), detail (the text as the export has it).
-- The first that has a text speaks; where it tells nothing, the contact's own row does, so whoever asks for the meaning
-- joins `bounce_texts` by COALESCE(telling_key, the contact's bounce_key, bounce_key).
SELECT
    r.enrollment_key,
    r.at AS bounced_at,
    r.bounce_key,
    CASE WHEN t.category <> 'unknown' THEN r.bounce_key END AS telling_key,
    r.detail
FROM (
    SELECT COALESCE(MIN(CASE WHEN s.bounce_key IS NOT NULL THEN s.event_key END), MIN(s.event_key)) AS event_key
    FROM responses AS s
    WHERE s.type = 'bounce' AND s.at <= :as_of AND s.enrollment_key IS NOT NULL
        AND (s.received_at IS NULL OR s.received_at > :as_of)
    GROUP BY s.enrollment_key
) AS f
INNER JOIN responses AS r ON r.event_key = f.event_key
LEFT JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
