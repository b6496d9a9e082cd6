-- Question: which contacts of each list have never been enrolled, though they may be written to?
-- Grain:    one contact, ordered by list and id. The same contacts as `not_mailed` of list_stock.sql counts.
-- Columns:  contact_id, email, source, batch (the import batch, else the day the contact was created, else null).
SELECT
    c.contact_id,
    c.email,
    c.source,
    COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS batch
FROM contacts AS c
LEFT JOIN outcomes AS o ON o.contact_key = c.contact_key
WHERE o.contact_key IS NULL AND NOT c.opted_out AND NOT c.do_not_contact AND c.suppressed IS NULL
    AND c.hard_bounce_reason IS NULL
ORDER BY c.source NULLS FIRST, batch NULLS FIRST, c.contact_id
