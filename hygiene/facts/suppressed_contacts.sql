-- Question: which contacts does a suppression name, since when, and do they sit in a running enrollment?
-- Grain:    one contact whose address, or the domain of it or one above, stands in `suppressions`; ordered by id.
-- Columns:  contact_key, contact_id, created_at, reason, suppressed_at (of the earliest dated row that names it; null: no
--           row has a date), active (running enrollments). `outcomes` is the result of enrollment_outcomes.sql,
--           `named_suppressions` that of its own file.
WITH since AS (
    SELECT n.contact_key, MIN(n.at) AS suppressed_at
    FROM named_suppressions AS n
    GROUP BY n.contact_key
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
