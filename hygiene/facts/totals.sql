-- Question: what do the totals of a tool that exports nothing finer say?
-- Grain:    sender × sequence (null = none named) × month of the period (null = no period, or months not asked for by
--           :by_month); period within [:since, :until).
-- Columns:  as sender_sequence_month.sql; active and unsubscribed are not told, so 0.
SELECT
    sender_key,
    sequence_key,
    CASE WHEN :by_month THEN DATE_TRUNC('month', period_at) END AS month,
    CAST(SUM(ended) AS BIGINT) AS ended,
    CAST(SUM(replied) AS BIGINT) AS replied,
    CAST(SUM(bounced) AS BIGINT) AS bounced,
    0 AS active,
    0 AS unsubscribed
FROM totals
WHERE period_at IS NULL OR (period_at >= :since AND period_at < :until AND period_at <= :as_of)
GROUP BY sender_key, sequence_key, CASE WHEN :by_month THEN DATE_TRUNC('month', period_at) END
ORDER BY sender_key, sequence_key NULLS FIRST, month NULLS FIRST
