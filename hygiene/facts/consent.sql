-- Question: on what basis may each contact be written to, by everything that the export says, as of :as_of?
-- Grain:    one contact, ordered by key.
-- Columns:  the contact's own columns; unsubscribed_at, asked_out_at, complained_at (the first); last_own_contact_at (its
--           last human reply or click by :as_of, in the events or the CRM; an open is none). `opt_outs` and `own_contacts`
--           are the results of those files.
WITH said AS (
    SELECT
        o.contact_key,
        MIN(CASE WHEN o.kind = 'unsubscribe' THEN o.at END) AS unsubscribed_at,
        MIN(CASE WHEN o.kind = 'reply' THEN o.at END) AS asked_out_at,
        MIN(CASE WHEN o.kind = 'complaint' THEN o.at END) AS complained_at
    FROM opt_outs AS o
    GROUP BY o.contact_key
)

SELECT
    c.contact_key,
    c.contact_id,
    c.email,
    c.country,
    c.source,
    c.import_batch,
    c.created_at,
    c.legal_basis,
    c.consent_at,
    c.consent_source,
    c.opted_out,
    c.opted_out_at,
    c.do_not_contact,
    c.suppressed,
    s.unsubscribed_at,
    s.asked_out_at,
    s.complained_at,
    GREATEST(c.last_clicked_at, c.last_replied_at, n.own_at) AS last_own_contact_at
FROM contacts AS c
LEFT JOIN said AS s ON s.contact_key = c.contact_key
LEFT JOIN own_contacts AS n ON n.contact_key = c.contact_key
ORDER BY c.contact_key
