-- Question: what became of the first mail of each enrollment, and to whom of which list did it go, as of :as_of?
-- Grain:    one enrollment that was written to, as far as the export tells.
-- Columns:  enrollment_key, contact_key, sender_key, source, batch (the import batch, else the day the contact was created,
--           else null), verification (as it stood when the enrollment began; `none` = not told), enrolled_at, tried_at (the
--           first mail), until_at (the end, or :as_of), is_replied, is_bounced, is_address_bounce, is_refused (came
--           back for the sender's fault).
-- Running enrollments are there too. Whoever counts bounces has to count by `tried_at`: an enrollment that bounces ends that
-- day and the others weeks later, so that among those that ended lately a sender who writes more than before has too many
-- bounces, and one who writes less too few. Whose fault a bounce is follows outcome_factors.sql.
SELECT
    o.enrollment_key,
    o.contact_key,
    o.sender_key,
    c.source,
    COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS batch,
    CASE WHEN c.verified_at IS NULL OR c.verified_at <= o.enrolled_at THEN COALESCE(c.verification, 'none')
        ELSE 'none' END AS verification,
    o.enrolled_at,
    COALESCE(s.sent_at, o.enrolled_at) AS tried_at,
    COALESCE(o.ended_at, :as_of) AS until_at,
    o.is_replied,
    o.is_bounced,
    CASE WHEN o.is_bounced = 1 AND COALESCE(t.fault, 'unknown') IN ('address', 'unknown') THEN 1 ELSE 0 END
        AS is_address_bounce,
    CASE WHEN o.is_bounced = 1 AND COALESCE(t.fault, 'unknown') = 'sender' THEN 1 ELSE 0 END AS is_refused
FROM outcomes AS o
INNER JOIN contacts AS c ON c.contact_key = o.contact_key
LEFT JOIN first_sends AS s ON s.enrollment_key = o.enrollment_key
LEFT JOIN first_bounces AS f ON f.enrollment_key = o.enrollment_key
LEFT JOIN bounce_texts AS t ON t.bounce_key = COALESCE(f.telling_key, c.bounce_key)
WHERE o.ended_at IS NOT NULL OR s.sent_at IS NOT NULL OR NOT :has_events
