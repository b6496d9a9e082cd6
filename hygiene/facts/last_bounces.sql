-- Question: what did the last bounce of each contact say, as of :as_of?
-- Grain:    one contact with at least one bounce.
-- Columns:  contact_key, detail.
SELECT b.contact_key, MIN(b.detail) AS detail
FROM responses AS b
INNER JOIN activity AS a ON a.contact_key = b.contact_key AND a.last_bounce_at = b.at
WHERE b.type = 'bounce'
GROUP BY b.contact_key
