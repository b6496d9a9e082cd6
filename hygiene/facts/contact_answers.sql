-- Question: what did the answers of each contact say in words, and how often was its mailbox full lately?
-- Grain:    one contact with at least one bounce or reply.
-- Columns:  contact_key, asked_out_at (first demand not to be written to), away_at (last out-of-office), away_until (the
--           first day back that it names), left_at (last notice that the person has left), successor, full_mailboxes
--           (since :full_since).
WITH last_answers AS (
    SELECT
        r.contact_key,
        MIN(CASE WHEN r.reply_kind = 'opt_out' THEN r.at END) AS asked_out_at,
        MAX(CASE WHEN r.reply_kind = 'out_of_office' THEN r.event_key END) AS away_key,
        MAX(CASE WHEN r.reply_kind = 'left_company' THEN r.event_key END) AS left_key,
        COUNT(CASE WHEN t.category = 'mailbox_full' AND r.at >= :full_since THEN 1 END) AS full_mailboxes
    FROM responses AS r
    LEFT JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
    WHERE r.at <= :as_of AND r.type IN ('bounce', 'reply')
    GROUP BY r.contact_key
)

SELECT
    l.contact_key,
    l.asked_out_at,
    away.at AS away_at,
    away.returns_on AS away_until,
    gone.at AS left_at,
    gone.successor,
    l.full_mailboxes
FROM last_answers AS l
LEFT JOIN responses AS away ON away.event_key = l.away_key
LEFT JOIN responses AS gone ON gone.event_key = l.left_key
