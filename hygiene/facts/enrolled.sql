-- Question: who is enrolled where, and what does the export know of them?
-- Grain:    one enrollment that began by :as_of; running ones first, then the latest; at most :most_rows.
-- Columns:  enrollment_id, contact_key, contact_id, sender_key, sequence_key, enrolled_at, ended_at (null = running),
--           outcome (as the export says it), is_replied, is_bounced (0 or 1), and the contact's own columns.
SELECT
    e.enrollment_id,
    o.contact_key,
    c.contact_id,
    o.sender_key,
    o.sequence_key,
    o.enrolled_at,
    o.ended_at,
    e.outcome,
    o.is_replied,
    o.is_bounced,
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
    c.opted_out,
    c.do_not_contact,
    c.suppressed,
    c.legal_basis,
    c.consent_at,
    c.consent_source,
    c.last_clicked_at,
    c.last_replied_at
FROM outcomes AS o
INNER JOIN enrollments AS e ON e.enrollment_key = o.enrollment_key
INNER JOIN contacts AS c ON c.contact_key = o.contact_key
ORDER BY CASE WHEN o.ended_at IS NULL THEN 0 ELSE 1 END, o.enrolled_at DESC, o.enrollment_key
LIMIT :most_rows
