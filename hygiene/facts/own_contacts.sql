-- Question: when did each contact last do something of its own, as of :as_of?
-- Grain:    one contact with a human reply or click in the events; an open is none.
-- Columns:  contact_key, own_at. `signals` is the result of machine_signs.sql.
SELECT seen.contact_key, MAX(seen.at) AS own_at
FROM (
    SELECT r.contact_key, r.at
    FROM responses AS r
    WHERE r.type = 'reply' AND NOT r.is_machine AND r.at <= :as_of
    UNION ALL
    SELECT s.contact_key, s.at
    FROM signals AS s
    WHERE s.type = 'click' AND s.sign IS NULL
) AS seen
GROUP BY seen.contact_key
