-- Question: what is known of each contact, as of :as_of?
-- Grain:    one contact, ordered by key.
-- Columns:  as facts.types.ContactFacts; `activity`, `since_reply`, `since_engagement`, `answers` and
--           `contact_enrollments` are the results of the files of these names.
-- One mailbox is one person: what somebody said under one record holds for the others (`mailbox_key`).
-- Opt-outs of the contact's own row are a present state, not an event: they count whatever :as_of is, for an opt-out is
-- never lost.
WITH said_by_mailbox AS (
    SELECT
        c.mailbox_key,
        MIN(LEAST(a.unsubscribed_at, n.unsubscribed_at)) AS unsubscribed_at,
        MIN(a.complained_at) AS complained_at,
        MIN(w.asked_out_at) AS asked_out_at
    FROM contacts AS c
    LEFT JOIN activity AS a ON a.contact_key = c.contact_key
    LEFT JOIN contact_enrollments AS n ON n.contact_key = c.contact_key
    LEFT JOIN answers AS w ON w.contact_key = c.contact_key
    WHERE c.mailbox_key IS NOT NULL
    GROUP BY c.mailbox_key
)

SELECT
    c.contact_key,
    c.contact_id,
    c.email,
    n.sender_key,
    CASE WHEN :has_events THEN COALESCE(a.sends, 0) END AS sends,
    CASE WHEN :has_events AND :has_replies THEN COALESCE(a.replies, 0) ELSE n.replied END AS replies,
    CASE WHEN :has_events THEN COALESCE(a.engagements, 0) END AS engagements,
    CASE WHEN :has_events THEN COALESCE(r.sends, 0) END AS sends_since_reply,
    CASE WHEN :has_events THEN COALESCE(g.sends, 0) END AS sends_since_engagement,
    a.last_sent_at,
    a.last_reply_at,
    a.last_engaged_at,
    COALESCE(n.active, 0) AS active_enrollments,
    n.last_ended_at,
    c.opted_out,
    c.opted_out_at,
    LEAST(a.unsubscribed_at, n.unsubscribed_at, m.unsubscribed_at) AS unsubscribed_at,
    LEAST(a.complained_at, m.complained_at) AS complained_at,
    c.do_not_contact,
    c.suppressed,
    c.hard_bounce_reason,
    COALESCE(a.last_bounce_at, n.last_bounced_at) AS last_bounce_at,
    b.detail AS last_bounce_detail,
    b.category AS last_bounce_category,
    b.action AS last_bounce_action,
    b.signal AS last_bounce_signal,
    COALESCE(COALESCE(a.last_bounce_at, n.last_bounced_at) >= :hold_since, true) AS bounced_lately,
    GREATEST(a.last_engaged_at, a.last_delivered_at) AS alive_at,
    COALESCE(w.full_mailboxes, 0) AS full_mailboxes,
    LEAST(w.asked_out_at, m.asked_out_at) AS asked_out_at,
    w.away_at,
    w.away_until,
    COALESCE(w.away_until > :as_of, false) AS is_away,
    w.left_at,
    w.successor,
    c.sends_since_engagement AS marketing_sends_since_engagement,
    CASE WHEN c.sends_since_engagement IS NOT NULL
        THEN c.last_opened_at IS NOT NULL OR c.last_clicked_at IS NOT NULL END AS marketing_engaged
FROM contacts AS c
LEFT JOIN said_by_mailbox AS m ON m.mailbox_key = c.mailbox_key
LEFT JOIN activity AS a ON a.contact_key = c.contact_key
LEFT JOIN since_reply AS r ON r.contact_key = c.contact_key
LEFT JOIN since_engagement AS g ON g.contact_key = c.contact_key
LEFT JOIN contact_enrollments AS n ON n.contact_key = c.contact_key
LEFT JOIN answers AS w ON w.contact_key = c.contact_key
LEFT JOIN last_bounces AS b ON b.contact_key = c.contact_key
ORDER BY c.contact_key
