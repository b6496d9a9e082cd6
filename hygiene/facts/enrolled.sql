-- Question: who is enrolled where, and what does the export know of them?
-- Grain:    one enrollment that began by :as_of; running ones first, then the latest; at most :most_rows.
-- Columns:  enrollment_id, contact_key, contact_id, sender_key, sequence_key (-1 = not known), enrolled_at, ended_at
--           (null = running),
--           outcome (as the export says it), is_replied, is_bounced (0 or 1), the contact's own columns, and
--           last_own_contact_at (its last human reply or click by :as_of, in the events or the CRM; an open is none).
-- `own_contacts` is the result of own_contacts.sql.
SELECT
    e.enrollment_id,
    o.contact_key,
    c.contact_id,
    o.sender_key,
    COALESCE(o.sequence_key, -1) AS sequence_key,
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
    c.last_replied_at,
    GREATEST(c.last_clicked_at, c.last_replied_at, n.own_at) AS last_own_contact_at
FROM outcomes AS o
INNER JOIN enrollments AS e ON e.enrollment_key = o.enrollment_key
INNER JOIN contacts AS c ON c.contact_key = o.contact_key
LEFT JOIN own_contacts AS n ON n.contact_key = o.contact_key
ORDER BY CASE WHEN o.ended_at IS NULL THEN 0 ELSE 1 END, o.enrolled_at DESC, o.enrollment_key
LIMIT :most_rows
