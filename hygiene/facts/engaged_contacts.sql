-- Question: how many contacts opened or clicked, by the export and by people?
-- Grain:    one row; at within [:since, :until). `signals` are the rows of machine_signs.sql.
-- Columns:  contacts (with an open or click), human (with one by a person, or a reply), so that the rest are machines'.
WITH engaged AS (
    SELECT s.contact_key, COUNT(CASE WHEN s.sign IS NULL THEN 1 END) AS human
    FROM signals AS s
    WHERE s.at >= :since AND s.at < :until
    GROUP BY s.contact_key
),

repliers AS (
    SELECT DISTINCT r.contact_key
    FROM responses AS r
    WHERE r.type = 'reply' AND NOT r.is_machine AND r.at <= :as_of AND r.at >= :since AND r.at < :until
)

SELECT
    COUNT(*) AS contacts,
    COUNT(CASE WHEN e.human > 0 OR r.contact_key IS NOT NULL THEN 1 END) AS human
FROM engaged AS e
LEFT JOIN repliers AS r ON r.contact_key = e.contact_key
