-- Question: what has each enrollment come to, as of :as_of?
-- Grain:    one enrollment that began by then.
-- Columns:  enrollment_key, contact_key, sender_key, sequence_key, enrolled_at,
--           ended_at (null = still active), is_replied, is_bounced, is_unsubscribed (0 or 1), unsubscribed_at (the event's
--           time, which may lie after the end; else the row's own end).
-- Events speak first (docs/input.md); the row's own columns are already false where they do. A row's own end that
-- lies after :as_of is not known yet. A bounce counts unless the mail got there after all, which a reply always proves.
-- This is the `probe` form: enrollments hold one start row each, and only the few answering events are joined to them.
WITH answers AS (
    SELECT
        r.enrollment_key,
        MIN(CASE WHEN r.type = 'reply' AND NOT r.is_machine THEN r.at END) AS replied_at,
        MIN(CASE WHEN r.type = 'bounce' AND (r.received_at IS NULL OR r.received_at > :as_of) THEN r.at END) AS bounced_at,
        MIN(CASE WHEN r.type IN ('unsubscribe', 'complaint') THEN r.at END) AS unsubscribed_at,
        MIN(CASE WHEN r.type = 'meeting' THEN r.at END) AS meeting_at
    FROM responses AS r
    WHERE r.at <= :as_of AND r.enrollment_key IS NOT NULL
    GROUP BY r.enrollment_key
),

started AS (
    SELECT
        e.enrollment_key,
        e.contact_key,
        e.sender_key,
        e.sequence_key,
        e.enrolled_at,
        CASE WHEN e.ended_at <= :as_of THEN e.ended_at END AS own_ended_at,
        e.replied,
        e.bounced,
        e.unsubscribed,
        a.replied_at,
        CASE WHEN a.replied_at IS NULL THEN a.bounced_at END AS bounced_at,
        a.unsubscribed_at,
        a.meeting_at
    FROM enrollments AS e
    LEFT JOIN answers AS a ON a.enrollment_key = e.enrollment_key
    WHERE e.enrolled_at <= :as_of
)

SELECT
    enrollment_key,
    contact_key,
    sender_key,
    sequence_key,
    enrolled_at,
    COALESCE(own_ended_at, LEAST(replied_at, bounced_at, unsubscribed_at, meeting_at)) AS ended_at,
    CASE WHEN replied_at IS NOT NULL OR (own_ended_at IS NOT NULL AND replied AND NOT bounced AND bounced_at IS NULL)
        THEN 1 ELSE 0 END AS is_replied,
    CASE WHEN bounced_at IS NOT NULL OR (own_ended_at IS NOT NULL AND bounced AND replied_at IS NULL)
        THEN 1 ELSE 0 END AS is_bounced,
    CASE WHEN unsubscribed_at IS NOT NULL OR (own_ended_at IS NOT NULL AND unsubscribed)
        THEN 1 ELSE 0 END AS is_unsubscribed,
    COALESCE(unsubscribed_at, CASE WHEN unsubscribed THEN own_ended_at END) AS unsubscribed_at
FROM started
