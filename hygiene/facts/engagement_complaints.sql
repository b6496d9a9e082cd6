-- Question: how often did the contacts of each list source report a mail as spam, as of :as_of?
-- Grain:    one list source (0 = not told). `engagement_groups` and `engagement_sends` are the results of those files.
-- Columns:  source_number, sends, complaints (contacts that complained).
WITH mails AS (
    SELECT g.source_number, COUNT(*) AS sends
    FROM engagement_sends AS s
    INNER JOIN engagement_groups AS g ON g.contact_key = s.contact_key
    GROUP BY g.source_number
),

complainers AS (
    SELECT g.source_number, COUNT(DISTINCT r.contact_key) AS complaints
    FROM responses AS r
    INNER JOIN engagement_groups AS g ON g.contact_key = r.contact_key
    WHERE r.type = 'complaint' AND r.at <= :as_of
    GROUP BY g.source_number
)

SELECT m.source_number, m.sends, COALESCE(c.complaints, 0) AS complaints
FROM mails AS m
LEFT JOIN complainers AS c ON c.source_number = m.source_number
ORDER BY m.source_number
