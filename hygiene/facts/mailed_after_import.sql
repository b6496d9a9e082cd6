-- Question: how long after their import were the contacts of each source first written to?
-- Grain:    list source × day of creation × day of the first mail, of contacts of which both are known.
-- Columns:  source, created_on, mailed_on, contacts. `first_sends` is the result of first_sends.sql.
WITH firsts AS (
    SELECT o.contact_key, MIN(COALESCE(s.sent_at, o.enrolled_at)) AS mailed_at
    FROM outcomes AS o
    LEFT JOIN first_sends AS s ON s.enrollment_key = o.enrollment_key
    GROUP BY o.contact_key
)

SELECT
    c.source,
    DATE_TRUNC('day', c.created_at) AS created_on,
    DATE_TRUNC('day', f.mailed_at) AS mailed_on,
    COUNT(*) AS contacts
FROM firsts AS f
INNER JOIN contacts AS c ON c.contact_key = f.contact_key
WHERE c.created_at IS NOT NULL
GROUP BY c.source, DATE_TRUNC('day', c.created_at), DATE_TRUNC('day', f.mailed_at)
ORDER BY c.source NULLS FIRST, created_on, mailed_on
