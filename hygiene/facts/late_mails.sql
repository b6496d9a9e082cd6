-- Question: who was written to after saying no, by whom and when, as of :as_of?
-- Grain:    a mail sent after the contact's first dated opt-out, or the CRM's own date of its last one; ordered.
-- Columns:  contact_key, contact_id, tool (sequence, crm), sender_key, sequence_key, step (null: not known), at, subject,
--           consent_at (the contact's; a later one ends the opt-out). `opt_outs` is the result of opt_outs.sql.
WITH first_requests AS (
    SELECT o.contact_key, MIN(o.at) AS asked_at
    FROM opt_outs AS o
    WHERE o.at IS NOT NULL
    GROUP BY o.contact_key
),

mails AS (
    SELECT e.contact_key, 'sequence' AS tool, e.sender_key, e.sequence_key, e.step, e.at, e.subject, e.event_key
    FROM events AS e
    INNER JOIN first_requests AS f ON f.contact_key = e.contact_key
    WHERE e.type = :send_type AND e.at > f.asked_at AND e.at <= :as_of
    UNION ALL
    SELECT
        c.contact_key,
        'crm' AS tool,
        NULL AS sender_key,
        NULL AS sequence_key,
        NULL AS step,
        c.last_sent_at AS at,
        NULL AS subject,
        NULL AS event_key
    FROM contacts AS c
    INNER JOIN first_requests AS f ON f.contact_key = c.contact_key
    WHERE c.last_sent_at > f.asked_at AND c.last_sent_at <= :as_of
)

SELECT m.contact_key, c.contact_id, m.tool, m.sender_key, m.sequence_key, m.step, m.at, m.subject, c.consent_at
FROM mails AS m
INNER JOIN contacts AS c ON c.contact_key = m.contact_key
ORDER BY m.contact_key, m.at, m.tool, m.event_key NULLS FIRST
