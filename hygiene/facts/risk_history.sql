-- Question: how did the addresses of each list fare when they were first written to, and how later on?
-- Grain:    list source × batch (the import batch, else the day the contact was created, else null) × verification as it
--           stood when the enrollment began × whether the contact had got a mail before; settled by :settled.
-- Columns:  source, batch, verification (`none` = not told), is_known_good (0 or 1), tried, address_bounced, delivered,
--           replied, first_tried_at.
-- `tried` counts enrollments whose bounce would be known by now: of running ones only those written to by :settled, and
-- of ended ones too, since one that bounces ends that day and the others weeks later. A contact's first enrollment counts
-- as such, its later ones as known good unless one before bounced. Bounces of another's fault tell nothing of an address
-- and are left out; whose fault a bounce is follows outcome_factors.sql. `delivered` and `replied` are of those written to
-- by :matured, since replies come late.
WITH first_bounces AS (
    SELECT
        r.enrollment_key,
        COALESCE(MIN(CASE WHEN r.bounce_key IS NOT NULL THEN r.event_key END), MIN(r.event_key)) AS event_key
    FROM responses AS r
    WHERE r.type = 'bounce' AND r.at <= :as_of AND r.enrollment_key IS NOT NULL
        AND (r.received_at IS NULL OR r.received_at > :as_of)
    GROUP BY r.enrollment_key
),

faults AS (
    SELECT f.enrollment_key, CASE WHEN t.category <> 'unknown' THEN t.fault END AS fault
    FROM first_bounces AS f
    INNER JOIN responses AS r ON r.event_key = f.event_key
    INNER JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
),

fates AS (
    SELECT
        o.enrollment_key,
        o.contact_key,
        c.source,
        COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS batch,
        CASE WHEN c.verified_at IS NULL OR c.verified_at <= o.enrolled_at THEN COALESCE(c.verification, 'none')
            ELSE 'none' END AS verification,
        o.enrolled_at,
        COALESCE(s.sent_at, o.enrolled_at) AS tried_at,
        COALESCE(o.ended_at, :as_of) AS until_at,
        o.is_replied,
        o.is_bounced,
        CASE WHEN o.is_bounced = 1 AND COALESCE(f.fault, k.fault, 'unknown') IN ('address', 'unknown') THEN 1 ELSE 0 END
            AS is_address_bounce
    FROM outcomes AS o
    INNER JOIN contacts AS c ON c.contact_key = o.contact_key
    LEFT JOIN first_sends AS s ON s.enrollment_key = o.enrollment_key
    LEFT JOIN faults AS f ON f.enrollment_key = o.enrollment_key
    LEFT JOIN bounce_texts AS k ON k.bounce_key = c.bounce_key
    WHERE o.ended_at IS NOT NULL OR s.sent_at IS NOT NULL OR NOT :has_events
),

placed AS (
    SELECT
        t.source,
        t.batch,
        t.verification,
        t.tried_at,
        t.until_at,
        t.is_replied,
        t.is_address_bounce,
        ROW_NUMBER() OVER (PARTITION BY t.contact_key ORDER BY t.enrolled_at, t.enrollment_key) AS place,
        COALESCE(MAX(t.is_address_bounce) OVER (
            PARTITION BY t.contact_key ORDER BY t.enrolled_at, t.enrollment_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0) AS bounced_before
    FROM fates AS t
    WHERE (t.is_bounced = 0 OR t.is_address_bounce = 1) AND t.tried_at <= :settled
)

SELECT
    source,
    batch,
    verification,
    CASE WHEN place > 1 THEN 1 ELSE 0 END AS is_known_good,
    COUNT(*) AS tried,
    COUNT(CASE WHEN is_address_bounce = 1 THEN 1 END) AS address_bounced,
    COUNT(CASE WHEN is_address_bounce = 0 AND tried_at <= :matured THEN 1 END) AS delivered,
    COUNT(CASE WHEN is_address_bounce = 0 AND tried_at <= :matured AND is_replied = 1 THEN 1 END) AS replied,
    MIN(tried_at) AS first_tried_at
FROM placed
WHERE bounced_before = 0 AND until_at >= :since AND until_at < :until
GROUP BY source, batch, verification, CASE WHEN place > 1 THEN 1 ELSE 0 END
ORDER BY source NULLS FIRST, batch NULLS FIRST, verification, is_known_good
