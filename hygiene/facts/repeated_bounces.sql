-- Question: what became of the next mail to an address that had bounced for its own fault, as of :as_of?
-- Grain:    one row.
-- Columns:  tried (contacts written to again, their next mail sent by :settled; or that bounced again), again (those of
--           them that bounced again, for their own fault or for none that is named).
-- Only bounces that ask for a removal count as a first one; bounces of another's fault tell nothing of an address.
WITH dead AS (
    SELECT r.contact_key, MIN(r.at) AS bounced_at
    FROM responses AS r
    INNER JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
    WHERE r.type = 'bounce' AND r.at <= :as_of AND t.fault = 'address' AND t.action = 'remove'
    GROUP BY r.contact_key
),

next_mails AS (
    SELECT d.contact_key, MIN(e.at) AS sent_at
    FROM dead AS d
    INNER JOIN events AS e ON e.contact_key = d.contact_key
    WHERE e.type = :send_type AND e.at > d.bounced_at AND e.at <= :settled
    GROUP BY d.contact_key
),

returned AS (
    SELECT d.contact_key, MIN(r.at) AS returned_at
    FROM dead AS d
    INNER JOIN responses AS r ON r.contact_key = d.contact_key
    LEFT JOIN bounce_texts AS t ON t.bounce_key = r.bounce_key
    WHERE r.type = 'bounce' AND r.at > d.bounced_at AND r.at <= :as_of
        AND COALESCE(t.fault, 'unknown') IN ('address', 'unknown')
    GROUP BY d.contact_key
)

SELECT
    COUNT(CASE WHEN n.contact_key IS NOT NULL OR b.contact_key IS NOT NULL THEN 1 END) AS tried,
    COUNT(b.contact_key) AS again
FROM dead AS d
LEFT JOIN next_mails AS n ON n.contact_key = d.contact_key
LEFT JOIN returned AS b ON b.contact_key = d.contact_key
