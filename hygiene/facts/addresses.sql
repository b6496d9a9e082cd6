-- Question: which addresses do the contacts have?
-- Grain:    one contact with an address, ordered by key.
-- Columns:  contact_id, email.
SELECT c.contact_id, c.email
FROM contacts AS c
WHERE c.email IS NOT NULL
ORDER BY c.contact_key
