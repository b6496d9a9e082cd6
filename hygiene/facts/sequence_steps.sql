-- Question: how many enrollments got each step of a sequence, and what came back to it?
-- Grain:    sequence × step, counted in enrollments; enrollments ended within [:since, :until).
-- Columns:  sequence_key, step, sent, replied, bounced, unsubscribed.
-- An answer without a step of its own belongs to the last step sent before it (last touch).
WITH window_enrollments AS (
    SELECT enrollment_key, sequence_key, is_replied, is_bounced, is_unsubscribed
    FROM outcomes
    WHERE ended_at >= :since AND ended_at < :until
),

sends AS (
    SELECT e.enrollment_key, e.step, MIN(e.at) AS sent_at
    FROM events AS e
    WHERE e.type = :send_type AND e.step IS NOT NULL AND e.enrollment_key IS NOT NULL AND e.at <= :as_of
    GROUP BY e.enrollment_key, e.step
),

first_answers AS (
    SELECT r.enrollment_key, r.type, MIN(r.at) AS answered_at, MIN(r.step) AS own_step
    FROM responses AS r
    WHERE r.at <= :as_of AND r.enrollment_key IS NOT NULL AND NOT r.is_machine
        AND r.type IN ('reply', 'bounce', 'unsubscribe', 'complaint')
    GROUP BY r.enrollment_key, r.type
),

placed AS (
    SELECT a.enrollment_key, a.type, COALESCE(a.own_step, MAX(s.step)) AS step
    FROM first_answers AS a
    LEFT JOIN sends AS s ON s.enrollment_key = a.enrollment_key AND s.sent_at <= a.answered_at
    GROUP BY a.enrollment_key, a.type, a.own_step
),

moments AS (
    SELECT enrollment_key, step, 1 AS sent, 0 AS replied, 0 AS bounced, 0 AS unsubscribed
    FROM sends
    UNION ALL
    SELECT
        enrollment_key,
        step,
        0 AS sent,
        CASE WHEN type = 'reply' THEN 1 ELSE 0 END AS replied,
        CASE WHEN type = 'bounce' THEN 1 ELSE 0 END AS bounced,
        CASE WHEN type IN ('unsubscribe', 'complaint') THEN 1 ELSE 0 END AS unsubscribed
    FROM placed
    WHERE step IS NOT NULL
)

SELECT
    w.sequence_key,
    m.step,
    CAST(SUM(m.sent) AS BIGINT) AS sent,
    COUNT(CASE WHEN m.replied = 1 AND w.is_replied = 1 THEN 1 END) AS replied,
    COUNT(CASE WHEN m.bounced = 1 AND w.is_bounced = 1 THEN 1 END) AS bounced,
    COUNT(CASE WHEN m.unsubscribed = 1 AND w.is_unsubscribed = 1 THEN 1 END) AS unsubscribed
FROM moments AS m
INNER JOIN window_enrollments AS w ON w.enrollment_key = m.enrollment_key
GROUP BY w.sequence_key, m.step
ORDER BY w.sequence_key, m.step
