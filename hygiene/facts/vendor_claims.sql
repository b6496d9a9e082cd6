-- Question: which addresses of each source came back because they do not exist, and what says so?
-- Grain:    one contact whose address bounced by its own fault, at its first such bounce; enrollments ended within
--           [:since, :until). Left out: a contact that a later delivery, or a person's reply, shows to exist.
-- Columns:  contact_id, email, source, batch (the import batch, else the day of creation, else null), created_at,
--           mailed_at, bounced_at, status_code, category, action, evidence (the notice, or the CRM's reason).
-- Whose fault a bounce is follows bounce_causes.sql. `first_sends` is the result of first_sends.sql.
WITH lives AS (
    SELECT seen.contact_key, MAX(seen.at) AS alive_at
    FROM (
        SELECT r.contact_key, r.at
        FROM responses AS r
        WHERE r.type = 'reply' AND NOT r.is_machine AND r.at <= :as_of
        UNION ALL
        SELECT e.contact_key, e.at
        FROM events AS e
        WHERE e.type = 'delivered' AND e.at <= :as_of
    ) AS seen
    GROUP BY seen.contact_key
),

meanings AS (
    SELECT
        o.contact_key,
        o.enrollment_key,
        COALESCE(s.sent_at, o.enrolled_at) AS mailed_at,
        COALESCE(f.bounced_at, o.ended_at) AS bounced_at,
        COALESCE(f.telling_key, c.bounce_key, f.bounce_key) AS bounce_key,
        CASE WHEN f.telling_key IS NULL AND c.bounce_key IS NOT NULL THEN c.hard_bounce_reason ELSE f.detail END AS evidence
    FROM outcomes AS o
    INNER JOIN contacts AS c ON c.contact_key = o.contact_key
    LEFT JOIN first_sends AS s ON s.enrollment_key = o.enrollment_key
    LEFT JOIN first_bounces AS f ON f.enrollment_key = o.enrollment_key
    WHERE o.is_bounced = 1 AND o.ended_at >= :since AND o.ended_at < :until
),

faults AS (
    SELECT
        m.contact_key,
        m.mailed_at,
        m.bounced_at,
        m.evidence,
        t.status_code,
        t.category,
        t.action,
        ROW_NUMBER() OVER (PARTITION BY m.contact_key ORDER BY m.bounced_at, m.enrollment_key) AS place
    FROM meanings AS m
    INNER JOIN bounce_texts AS t ON t.bounce_key = m.bounce_key
    WHERE t.fault = 'address'
)

SELECT
    c.contact_id,
    c.email,
    c.source,
    COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS batch,
    c.created_at,
    f.mailed_at,
    f.bounced_at,
    f.status_code,
    f.category,
    f.action,
    f.evidence
FROM faults AS f
INNER JOIN contacts AS c ON c.contact_key = f.contact_key
LEFT JOIN lives AS l ON l.contact_key = f.contact_key
WHERE f.place = 1 AND (l.alive_at IS NULL OR l.alive_at <= f.bounced_at)
ORDER BY c.source NULLS FIRST, f.bounced_at, c.contact_id
