-- Question: how many enrollments ended, replied, bounced, unsubscribed or are still active?
-- Grain:    sender × sequence × month of ended_at (null = still active, or months not asked for by :by_month);
--           ended within [:since, :until).
-- Columns:  sender_key, sequence_key, month, ended, replied, bounced, active, unsubscribed.
SELECT
    sender_key,
    sequence_key,
    CASE WHEN :by_month THEN DATE_TRUNC('month', ended_at) END AS month,
    COUNT(ended_at) AS ended,
    COUNT(CASE WHEN ended_at IS NOT NULL AND is_replied = 1 THEN 1 END) AS replied,
    COUNT(CASE WHEN ended_at IS NOT NULL AND is_bounced = 1 THEN 1 END) AS bounced,
    COUNT(CASE WHEN ended_at IS NULL THEN 1 END) AS active,
    COUNT(CASE WHEN ended_at IS NOT NULL AND is_unsubscribed = 1 THEN 1 END) AS unsubscribed
FROM outcomes
WHERE (ended_at >= :since AND ended_at < :until) OR (ended_at IS NULL AND :as_of < :until)
GROUP BY sender_key, sequence_key, CASE WHEN :by_month THEN DATE_TRUNC('month', ended_at) END
ORDER BY sender_key, sequence_key, month NULLS FIRST
