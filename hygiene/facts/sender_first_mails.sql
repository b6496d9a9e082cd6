-- Question: how did those of each list fare whom one sender, :sender, was the first to write to?
-- Grain:    list source × batch × verification, as in risk_history.sql, of whose rows that are not known good these are part.
-- Columns:  source, batch, verification, tried, address_bounced.
WITH placed AS (
    SELECT
        t.sender_key,
        t.source,
        t.batch,
        t.verification,
        t.until_at,
        t.is_address_bounce,
        ROW_NUMBER() OVER (PARTITION BY t.contact_key ORDER BY t.enrolled_at, t.enrollment_key) AS place
    FROM tries AS t
    WHERE (t.is_bounced = 0 OR t.is_address_bounce = 1) AND t.tried_at <= :settled
)

SELECT
    source,
    batch,
    verification,
    COUNT(*) AS tried,
    COUNT(CASE WHEN is_address_bounce = 1 THEN 1 END) AS address_bounced
FROM placed
WHERE place = 1 AND sender_key = :sender AND until_at >= :since AND until_at < :until
GROUP BY source, batch, verification
ORDER BY source NULLS FIRST, batch NULLS FIRST, verification
