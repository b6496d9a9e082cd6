-- Question: what does the export hold of one contact, and of others with the same address?
-- Grain:    the contact :contact_key first, then those with its address, by id.
-- Columns:  contact_key, then the contact's own columns.
SELECT
    c.contact_key,
    c.contact_id,
    c.email,
    c.first_name,
    c.last_name,
    c.company,
    c.job_title,
    c.industry,
    c.country,
    c.language,
    c.source,
    c.import_batch,
    c.created_at,
    c.verified_at,
    c.verification,
    c.legal_basis,
    c.consent_at,
    c.consent_source,
    c.opted_out,
    c.opted_out_at,
    c.do_not_contact,
    c.suppressed,
    c.hard_bounce_reason,
    c.last_sent_at,
    c.last_opened_at,
    c.last_clicked_at,
    c.last_replied_at
FROM contacts AS c
INNER JOIN contacts AS k ON k.contact_key = :contact_key
WHERE c.contact_key = k.contact_key OR LOWER(c.email) = LOWER(k.email)
ORDER BY CASE WHEN c.contact_key = k.contact_key THEN 0 ELSE 1 END, c.contact_key
