-- Question: what did enrollments come to, by everything that could have made a difference?
-- Grain:    sender × sequence × list source × import batch × industry × country × hour of enrolling (UTC) × week of
--           ending; of those ended within [:since, :until) one in :every, by key.
-- Columns:  sender_key, sequence_key (-1 = not known), source, import_batch, industry, country, enrolled_at (the hour),
--           ended_at (the week), ended, replied, bounced, address_bounced.
-- Whose fault a bounce is follows bounce_causes.sql, the contact's own row included; a bounce of unknown fault counts as
-- the address's, as bounces do where the export gives no text.
WITH fates AS (
    SELECT
        o.sender_key,
        COALESCE(o.sequence_key, -1) AS sequence_key,
        c.source,
        c.import_batch,
        c.industry,
        c.country,
        DATE_TRUNC('hour', o.enrolled_at) AS enrolled_at,
        DATE_TRUNC('week', o.ended_at) AS ended_at,
        o.is_replied,
        o.is_bounced,
        CASE WHEN o.is_bounced = 1 AND COALESCE(t.fault, 'unknown') IN ('address', 'unknown') THEN 1 ELSE 0 END
            AS is_address_bounce
    FROM outcomes AS o
    INNER JOIN contacts AS c ON c.contact_key = o.contact_key
    LEFT JOIN first_bounces AS f ON f.enrollment_key = o.enrollment_key
    LEFT JOIN bounce_texts AS t ON t.bounce_key = COALESCE(f.telling_key, c.bounce_key)
    WHERE o.ended_at >= :since AND o.ended_at < :until AND MOD(o.enrollment_key, :every) = 0
)

SELECT
    sender_key,
    sequence_key,
    source,
    import_batch,
    industry,
    country,
    enrolled_at,
    ended_at,
    COUNT(*) AS ended,
    COUNT(CASE WHEN is_replied = 1 AND is_bounced = 0 THEN 1 END) AS replied,
    COUNT(CASE WHEN is_bounced = 1 THEN 1 END) AS bounced,
    COUNT(CASE WHEN is_address_bounce = 1 THEN 1 END) AS address_bounced
FROM fates
GROUP BY sender_key, sequence_key, source, import_batch, industry, country, enrolled_at, ended_at
ORDER BY sender_key, sequence_key, source NULLS FIRST, import_batch NULLS FIRST, industry NULLS FIRST,
    country NULLS FIRST, enrolled_at, ended_at
