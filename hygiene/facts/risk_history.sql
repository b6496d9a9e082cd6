-- Question: how did the addresses of each list fare when they were first written to, and how later on?
-- Grain:    list source × batch (the import batch, else the day the contact was created, else null) × verification as it
--           stood when the enrollment began × whether the contact had got a mail before; settled by :settled.
-- Columns:  source, batch, verification (`none` = not told), is_known_good (0 or 1), tried, address_bounced, delivered,
--           replied, first_tried_at.
-- `tried` counts the rows of `tries` written to by :settled, whose bounce would be known by now. A contact's first
-- enrollment counts as such, its later ones as known good unless one before bounced. Bounces of another's fault tell
-- nothing of an address and are left out. `delivered` and `replied` are of those written to by :matured, since replies
-- come late.
WITH placed AS (
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
    FROM tries AS t
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
