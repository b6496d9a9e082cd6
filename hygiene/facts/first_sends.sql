-- Question: when was each enrollment first written to, as of :as_of?
-- Grain:    one enrollment with a mail of the type :send_type.
-- Columns:  enrollment_key, sent_at.
SELECT e.enrollment_key, MIN(e.at) AS sent_at
FROM events AS e
WHERE e.type = :send_type AND e.at <= :as_of AND e.enrollment_key IS NOT NULL
GROUP BY e.enrollment_key
