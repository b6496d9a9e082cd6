-- Question: who said no, how, and when, as of :as_of?
-- Grain:    a contact × a way of saying it (the first time), for suppressions a row that names the contact; ordered.
-- Columns:  contact_key, contact_id, kind (unsubscribe, reply, complaint, crm, do_not_contact, suppression), asked_at (null: not
--           known), reason, source. `outcomes` and `named_suppressions` are the results of those files.
-- One mailbox is one person: what was said under one record holds for the others (`mailbox_key`).
-- What the contact's own row and the suppressions say is a present state: it counts whatever :as_of is.
WITH said AS (
    SELECT
        r.contact_key,
        CASE WHEN r.type = 'reply' THEN 'reply' ELSE r.type END AS kind,
        MIN(r.at) AS asked_at
    FROM responses AS r
    WHERE r.at <= :as_of AND (r.type IN ('unsubscribe', 'complaint') OR (r.type = 'reply' AND r.reply_kind = 'opt_out'))
    GROUP BY r.contact_key, r.type
    UNION ALL
    SELECT o.contact_key, 'unsubscribe' AS kind, MIN(o.unsubscribed_at) AS asked_at
    FROM outcomes AS o
    INNER JOIN enrollments AS e ON e.enrollment_key = o.enrollment_key
    WHERE e.unsubscribed AND o.is_unsubscribed = 1
    GROUP BY o.contact_key
),

rows_of_all AS (
    SELECT
        COALESCE(same.contact_key, s.contact_key) AS contact_key,
        s.kind,
        MIN(s.asked_at) AS asked_at,
        CAST(NULL AS VARCHAR) AS reason,
        CAST(NULL AS VARCHAR) AS source
    FROM said AS s
    INNER JOIN contacts AS c ON c.contact_key = s.contact_key
    LEFT JOIN contacts AS same ON same.mailbox_key = c.mailbox_key
    GROUP BY COALESCE(same.contact_key, s.contact_key), s.kind
    UNION ALL
    SELECT contact_key, 'crm' AS kind, opted_out_at AS asked_at, NULL AS reason, NULL AS source
    FROM contacts
    WHERE opted_out
    UNION ALL
    SELECT contact_key, 'do_not_contact' AS kind, NULL AS asked_at, NULL AS reason, NULL AS source
    FROM contacts
    WHERE do_not_contact
    UNION ALL
    SELECT n.contact_key, 'suppression' AS kind, n.at AS asked_at, n.reason, n.source
    FROM named_suppressions AS n
)

SELECT a.contact_key, c.contact_id, a.kind, a.asked_at, a.reason, a.source
FROM rows_of_all AS a
INNER JOIN contacts AS c ON c.contact_key = a.contact_key
ORDER BY a.contact_key, a.asked_at NULLS LAST, a.kind, a.reason NULLS FIRST, a.source NULLS FIRST
