-- Question: how many mails has each contact got since its last human reply, as of :as_of?
-- Grain:    one contact with at least one such send; for the others the answer is 0 (the `since_min` form: the filter
--           comes before the group-by, so that most sends never reach it).
-- Columns:  contact_key, sends.
WITH last_replies AS (
    SELECT a.contact_key, MAX(a.at) AS replied_at
    FROM responses AS a
    WHERE a.type = 'reply' AND NOT a.is_machine AND a.at <= :as_of
    GROUP BY a.contact_key
)

SELECT e.contact_key, COUNT(*) AS sends
FROM events AS e
LEFT JOIN last_replies AS r ON r.contact_key = e.contact_key
WHERE e.type = :send_type AND e.at <= :as_of AND (r.replied_at IS NULL OR e.at > r.replied_at)
GROUP BY e.contact_key
