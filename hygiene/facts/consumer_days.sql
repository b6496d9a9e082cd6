-- Question: how many mails went to mailboxes of private persons, day by day, as of :as_of?
-- Grain:    day (UTC) × domain of the sender's address × domain of the contact's address.
-- Columns:  day, sender_domain (null: not known), domain, sends.
-- By the first label alone, so that a large source hands on few rows; which of these domains are truly the provider's
-- is decided where they are read.
SELECT
    DATE_TRUNC('day', e.at) AS day,
    LOWER(SPLIT_PART(s.email, '@', 2)) AS sender_domain,
    LOWER(SPLIT_PART(c.email, '@', 2)) AS domain,
    COUNT(*) AS sends
FROM events AS e
INNER JOIN contacts AS c ON c.contact_key = e.contact_key
LEFT JOIN senders AS s ON s.sender_key = e.sender_key
WHERE e.type = :send_type AND e.at <= :as_of
    AND SPLIT_PART(LOWER(SPLIT_PART(c.email, '@', 2)), '.', 1) IN (
        'gmail', 'googlemail', 'yahoo', 'ymail', 'rocketmail', 'myyahoo', 'aol', 'aim', 'verizon', 'hotmail', 'outlook',
        'live', 'msn', 'passport', 'windowslive'
    )
GROUP BY DATE_TRUNC('day', e.at), LOWER(SPLIT_PART(s.email, '@', 2)), LOWER(SPLIT_PART(c.email, '@', 2))
ORDER BY day, sender_domain NULLS FIRST, domain
