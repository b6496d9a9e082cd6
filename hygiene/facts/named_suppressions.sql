-- Question: which suppressions name which contacts, by their address, its domain or one above?
-- Grain:    a contact × a row of `suppressions` that names it.
-- Columns:  contact_key, scope (address, domain), reason, at (null: undated), source.
SELECT c.contact_key, 'address' AS scope, s.reason, s.at, s.source
FROM contacts AS c
INNER JOIN suppressions AS s ON s.email = LOWER(c.email)
WHERE c.suppressed IS NOT NULL
UNION ALL
SELECT c.contact_key, 'domain' AS scope, s.reason, s.at, s.source
FROM contacts AS c
INNER JOIN suppressions AS s
    ON LOWER(SPLIT_PART(c.email, '@', 2)) = s.domain OR LOWER(SPLIT_PART(c.email, '@', 2)) LIKE CONCAT('%.', s.domain)
WHERE c.suppressed IS NOT NULL AND s.domain IS NOT NULL
