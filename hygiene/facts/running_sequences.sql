-- Question: in which sequences is each contact running?
-- Grain:    one contact and sequence with an enrollment that has not ended; ordered by both keys.
-- Columns:  contact_key, sequence_id, name. `outcomes` is the result of enrollment_outcomes.sql.
SELECT DISTINCT o.contact_key, s.sequence_id, s.name
FROM outcomes AS o
INNER JOIN sequences AS s ON s.sequence_key = o.sequence_key
WHERE o.ended_at IS NULL
ORDER BY o.contact_key, s.sequence_id
