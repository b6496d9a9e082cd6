-- Question: how many mails did each sender send, and how many came back or were reported as spam, as of :as_of?
-- Grain:    one sender with at least one event.
-- Columns:  sender_key, sent, delivered (as the tool logs them), bounced, complaints (events of that type).
SELECT
    e.sender_key,
    COUNT(CASE WHEN e.type = 'sent' THEN 1 END) AS sent,
    COUNT(CASE WHEN e.type = 'delivered' THEN 1 END) AS delivered,
    COUNT(CASE WHEN e.type = 'bounce' THEN 1 END) AS bounced,
    COUNT(CASE WHEN e.type = 'complaint' THEN 1 END) AS complaints
FROM events AS e
WHERE e.at <= :as_of
GROUP BY e.sender_key
ORDER BY e.sender_key
