-- Question: in which sequences was one contact enrolled, as of :as_of?
-- Grain:    an enrollment of the contact :contact_key, in order of time.
-- Columns:  enrollment_id, sender_key, sequence_key, enrolled_at, ended_at (null: running), outcome (as the export says).
--           `outcomes` is the result of enrollment_outcomes.sql.
SELECT e.enrollment_id, o.sender_key, o.sequence_key, o.enrolled_at, o.ended_at, e.outcome
FROM outcomes AS o
INNER JOIN enrollments AS e ON e.enrollment_key = o.enrollment_key
WHERE o.contact_key = :contact_key
ORDER BY o.enrolled_at, o.enrollment_key
