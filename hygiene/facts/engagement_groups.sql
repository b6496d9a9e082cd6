-- Question: which list source (else import batch) and which company domain does each contact belong to?
-- Grain:    one contact, ordered by key.
-- Columns:  contact_key, source_number (0 = not told), domain_number (0 = no address, alone at its domain, or one of
--           more than :most contacts there: a provider's domain, not a company's).
WITH addresses AS (
    SELECT contact_key, COALESCE(source, import_batch) AS source, LOWER(SPLIT_PART(email, '@', 2)) AS domain
    FROM contacts
),

domains AS (
    SELECT domain, ROW_NUMBER() OVER (ORDER BY domain) AS domain_number
    FROM addresses
    WHERE domain <> ''
    GROUP BY domain
    HAVING COUNT(*) BETWEEN 2 AND :most
),

sources AS (
    SELECT source, ROW_NUMBER() OVER (ORDER BY source) AS source_number
    FROM addresses
    WHERE source IS NOT NULL
    GROUP BY source
)

SELECT
    a.contact_key,
    COALESCE(s.source_number, 0) AS source_number,
    COALESCE(d.domain_number, 0) AS domain_number
FROM addresses AS a
LEFT JOIN sources AS s ON s.source = a.source
LEFT JOIN domains AS d ON d.domain = a.domain
ORDER BY a.contact_key
