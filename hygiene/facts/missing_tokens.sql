-- Question: which mails went out with HubSpot's words for a missing value in their subject?
-- Grain:    one sent mail by :as_of, the latest first; at most :most_rows.
-- Columns:  contact_id, sender_key, sequence_key (null = not known), step (null), subject.
SELECT c.contact_id, e.sender_key, e.sequence_key, e.step, e.subject
FROM events AS e
INNER JOIN contacts AS c ON c.contact_key = e.contact_key
WHERE e.type = 'sent' AND e.at <= :as_of AND UPPER(e.subject) LIKE '%MISSING TOKEN%'
ORDER BY e.at DESC, e.event_key
LIMIT :most_rows
