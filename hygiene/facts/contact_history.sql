-- Question: what was sent to one contact, and what came back, as of :as_of?
-- Grain:    an event of the contact :contact_key, in order of time.
-- Columns:  at, type, sender_key, sequence_key, step, subject, detail, is_machine (marked by the export, or an automatic
--           answer), sign (what gives a machine's open or click away), reply_kind, bounce_category; null where not known.
-- `signals` is the result of machine_signs.sql.
SELECT
    e.at,
    e.type,
    e.sender_key,
    e.sequence_key,
    e.step,
    e.subject,
    e.detail,
    e.is_machine,
    s.sign,
    r.reply_kind,
    t.category AS bounce_category
FROM events AS e
LEFT JOIN signals AS s ON s.event_key = e.event_key
LEFT JOIN responses AS r ON r.event_key = e.event_key
LEFT JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
WHERE e.contact_key = :contact_key AND e.at <= :as_of
ORDER BY e.at, e.event_key
