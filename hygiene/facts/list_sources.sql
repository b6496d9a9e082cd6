-- Question: how did the contacts of each list source and import batch fare?
-- Grain:    contacts' source × import batch (null = not told); enrollments ended within [:since, :until).
-- Columns:  source, import_batch, ended, replied, bounced, active, unsubscribed.
SELECT
    c.source,
    c.import_batch,
    COUNT(o.ended_at) AS ended,
    COUNT(CASE WHEN o.is_replied = 1 THEN 1 END) AS replied,
    COUNT(CASE WHEN o.is_bounced = 1 THEN 1 END) AS bounced,
    0 AS active,
    COUNT(CASE WHEN o.is_unsubscribed = 1 THEN 1 END) AS unsubscribed
FROM outcomes AS o
INNER JOIN contacts AS c ON c.contact_key = o.contact_key
WHERE o.ended_at >= :since AND o.ended_at < :until
GROUP BY c.source, c.import_batch
ORDER BY c.source NULLS LAST, c.import_batch NULLS LAST
