-- Question: who is on each list, what is known of them, and what came of their enrollments?
-- Grain:    list source × batch (the import batch, else the day the contact was created, else null) × verification ×
--           legal basis × whether a consent is told × day of creation; enrollments ended within [:since, :until).
-- Columns:  source, batch, is_import (0: the batch is a day of creation, or not told), verification, legal_basis,
--           is_consent_told (0 or 1), created_on, contacts, verified (anybody verified them), not_mailed (never enrolled,
--           though they may be written to), ended, bounced, replied. `outcomes` is the result of enrollment_outcomes.sql.
WITH fates AS (
    SELECT
        contact_key,
        COUNT(CASE WHEN ended_at >= :since AND ended_at < :until THEN 1 END) AS ended,
        COUNT(CASE WHEN ended_at >= :since AND ended_at < :until AND is_bounced = 1 THEN 1 END) AS bounced,
        COUNT(CASE WHEN ended_at >= :since AND ended_at < :until AND is_replied = 1 THEN 1 END) AS replied
    FROM outcomes
    GROUP BY contact_key
),

people AS (
    SELECT
        c.source,
        COALESCE(c.import_batch, CAST(CAST(c.created_at AS DATE) AS VARCHAR)) AS batch,
        CASE WHEN c.import_batch IS NULL THEN 0 ELSE 1 END AS is_import,
        COALESCE(c.verification, 'none') AS verification,
        c.legal_basis,
        CASE WHEN c.consent_at IS NULL AND c.consent_source IS NULL THEN 0 ELSE 1 END AS is_consent_told,
        DATE_TRUNC('day', c.created_at) AS created_on,
        CASE WHEN c.verified_at IS NOT NULL OR c.verification IN ('valid', 'invalid', 'catch_all') THEN 1 ELSE 0 END
            AS is_verified,
        CASE WHEN f.contact_key IS NULL AND NOT c.opted_out AND NOT c.do_not_contact AND c.suppressed IS NULL
            AND c.hard_bounce_reason IS NULL THEN 1 ELSE 0 END AS is_not_mailed,
        f.ended,
        f.bounced,
        f.replied
    FROM contacts AS c
    LEFT JOIN fates AS f ON f.contact_key = c.contact_key
)

SELECT
    source,
    batch,
    is_import,
    verification,
    legal_basis,
    is_consent_told,
    created_on,
    COUNT(*) AS contacts,
    COUNT(CASE WHEN is_verified = 1 THEN 1 END) AS verified,
    COUNT(CASE WHEN is_not_mailed = 1 THEN 1 END) AS not_mailed,
    CAST(COALESCE(SUM(ended), 0) AS BIGINT) AS ended,
    CAST(COALESCE(SUM(bounced), 0) AS BIGINT) AS bounced,
    CAST(COALESCE(SUM(replied), 0) AS BIGINT) AS replied
FROM people
GROUP BY source, batch, is_import, verification, legal_basis, is_consent_told, created_on
ORDER BY source NULLS FIRST, batch NULLS FIRST, is_import, verification, legal_basis NULLS FIRST, is_consent_told,
    created_on NULLS FIRST
