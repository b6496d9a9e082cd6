-- Question: how many opens and clicks were exported, and by which sign is each one a machine's?
-- Grain:    sender × type × sign (null: by people); at within [:since, :until). `signals` are the rows of
--           machine_signs.sql.
-- Columns:  sender_key, type, sign, events.
SELECT s.sender_key, s.type, s.sign, COUNT(*) AS events
FROM signals AS s
WHERE s.at >= :since AND s.at < :until
GROUP BY s.sender_key, s.type, s.sign
ORDER BY s.sender_key, s.type, s.sign NULLS FIRST
