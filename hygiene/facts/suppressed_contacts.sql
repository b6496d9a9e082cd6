-- Question: which contacts does a suppression name, since when, and do they sit in a running enrollment?
-- Grain:    one contact whose address, or the domain of it or one above, stands in `suppressions`; ordered by id.
-- Columns:  contact_key, contact_id, created_at, reason, suppressed_at (of the earliest dated row that names it; null: no
--           row has a date), active (running enrollments). `outcomes` is the result of enrollment_outcomes.sql.
WITH named AS (
    SELECT c.contact_key, s.at
    FROM contacts AS c
    INNER JOIN suppressions AS s ON s.email = LOWER(c.email)
    WHERE c.suppressed IS NOT NULL
    UNION ALL
    SELECT c.contact_key, s.at
    FROM contacts AS c
    INNER JOIN suppressions AS s
        ON LOWER(SPLIT_PART(c.email, '@', 2)) = s.domain OR LOWER(SPLIT_PART(c.email, '@', 2)) LIKE CONCAT('%.', s.domain)
    WHERE c.suppressed IS NOT NULL AND s.domain IS NOT NULL
),

since AS (
    SELECT contact_key, MIN(named.at) AS suppressed_at
    FROM named
    GROUP BY contact_key
),

running AS (
    SELECT contact_key, COUNT(*) AS active
    FROM outcomes
    WHERE ended_at IS NULL
    GROUP BY contact_key
)

SELECT
    c.contact_key,
    c.contact_id,
    c.created_at,
    c.suppressed AS reason,
    n.suppressed_at,
    COALESCE(r.active, 0) AS active
FROM contacts AS c
LEFT JOIN since AS n ON n.contact_key = c.contact_key
LEFT JOIN running AS r ON r.contact_key = c.contact_key
WHERE c.suppressed IS NOT NULL
ORDER BY c.contact_id
