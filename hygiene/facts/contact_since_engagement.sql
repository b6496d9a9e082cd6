-- Question: how many mails has each contact got since its last human open, click or reply, as of :as_of?
-- Grain:    one contact with at least one such send; for the others the answer is 0 (the `since_min` form).
-- Columns:  contact_key, sends. `signals` are the rows of machine_signs.sql.
WITH last_engagements AS (
    SELECT a.contact_key, MAX(a.at) AS engaged_at
    FROM (
        SELECT s.contact_key, s.at FROM signals AS s WHERE s.sign IS NULL
        UNION ALL
        SELECT r.contact_key, r.at FROM responses AS r
        WHERE r.type = 'reply' AND NOT r.is_machine AND r.at <= :as_of
    ) AS a
    GROUP BY a.contact_key
)

SELECT e.contact_key, COUNT(*) AS sends
FROM events AS e
LEFT JOIN last_engagements AS g ON g.contact_key = e.contact_key
WHERE e.type = :send_type AND e.at <= :as_of AND (g.engaged_at IS NULL OR e.at > g.engaged_at)
GROUP BY e.contact_key
