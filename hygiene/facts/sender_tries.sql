-- Question: how many enrollments did each sender begin, week by week and list by list, and how many came back for the
--           address's fault?
-- Grain:    sender × list source × batch × week of the first mail; of those written to by :settled, whose bounce would be
--           known by now, whether they have ended or not (tries.sql tells why).
-- Columns:  sender_key, source, batch, tried_at (the week), tried, address_bounced.
SELECT
    sender_key,
    source,
    batch,
    DATE_TRUNC('week', tried_at) AS tried_at,
    COUNT(*) AS tried,
    COUNT(CASE WHEN is_address_bounce = 1 THEN 1 END) AS address_bounced
FROM tries
WHERE tried_at <= :settled AND until_at >= :since AND until_at < :until
GROUP BY sender_key, source, batch, DATE_TRUNC('week', tried_at)
ORDER BY sender_key, source NULLS FIRST, batch NULLS FIRST, DATE_TRUNC('week', tried_at)
