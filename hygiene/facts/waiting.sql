-- Question: which contacts have never been enrolled, so that a test could still decide what they get?
-- Grain:    one contact that may be written to, ordered by key; at most :most_rows.
-- Columns:  contact_id, source, import_batch, industry.
SELECT c.contact_id, c.source, c.import_batch, c.industry
FROM contacts AS c
LEFT JOIN outcomes AS o ON o.contact_key = c.contact_key
WHERE o.contact_key IS NULL AND NOT c.opted_out AND NOT c.do_not_contact AND c.suppressed IS NULL
    AND c.hard_bounce_reason IS NULL
ORDER BY c.contact_key
LIMIT :most_rows
