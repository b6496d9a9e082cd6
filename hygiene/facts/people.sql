-- Question: who are the contacts, for pages and lists that people read?
-- Grain:    one contact that has a name or an address, ordered by key.
-- Columns:  contact_id, first_name, last_name, email (each null where not known).
SELECT c.contact_id, c.first_name, c.last_name, c.email
FROM contacts AS c
WHERE c.first_name IS NOT NULL OR c.last_name IS NOT NULL OR c.email IS NOT NULL
ORDER BY c.contact_key
