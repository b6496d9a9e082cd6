-- Question: why did the bounced enrollments bounce, as of :as_of?
-- Grain:    sender × sequence × month of ended_at × list source × domain × meaning of the bounce; ended within
--           [:since, :until).
-- Columns:  sender_key, sequence_key, month, source, domain, provider (by the bounce's text), category, fault, ticket,
--           bounced.
-- Which of an enrollment's bounces speaks, first_bounces.sql tells; where it says nothing, the contact's own row does.
WITH meanings AS (
    SELECT
        o.sender_key,
        o.sequence_key,
        DATE_TRUNC('month', o.ended_at) AS month,
        c.source,
        LOWER(SPLIT_PART(c.email, '@', 2)) AS domain,
        COALESCE(f.telling_key, c.bounce_key, f.bounce_key) AS bounce_key
    FROM outcomes AS o
    INNER JOIN contacts AS c ON c.contact_key = o.contact_key
    LEFT JOIN first_bounces AS f ON f.enrollment_key = o.enrollment_key
    WHERE o.is_bounced = 1 AND o.ended_at >= :since AND o.ended_at < :until
)

SELECT
    m.sender_key,
    m.sequence_key,
    m.month,
    m.source,
    m.domain,
    t.provider,
    COALESCE(t.category, 'unknown') AS category,
    COALESCE(t.fault, 'unknown') AS fault,
    t.ticket,
    COUNT(*) AS bounced
FROM meanings AS m
LEFT JOIN bounce_texts AS t ON t.bounce_key = m.bounce_key
GROUP BY m.sender_key, m.sequence_key, m.month, m.source, m.domain, t.provider, COALESCE(t.category, 'unknown'),
    COALESCE(t.fault, 'unknown'), t.ticket
ORDER BY m.sender_key, m.sequence_key, m.month, category, m.source NULLS FIRST, m.domain NULLS FIRST,
    t.provider NULLS FIRST, t.ticket NULLS FIRST
