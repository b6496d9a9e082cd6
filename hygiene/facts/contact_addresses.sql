-- Question: which address does each contact have, and since when is the contact known?
-- Grain:    one contact with an address, ordered by key; where exports name contacts by address, the id is one.
-- Columns:  contact_key, email, created_at.
SELECT c.contact_key, COALESCE(c.email, c.contact_id) AS email, c.created_at
FROM contacts AS c
WHERE c.email IS NOT NULL OR c.contact_id LIKE '%_@_%'
ORDER BY c.contact_key
