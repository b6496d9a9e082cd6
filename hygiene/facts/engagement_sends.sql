-- Question: which mails had their chance, and when did a person first reply to each, click in it, open it, as of :as_of?
-- Grain:    one mail of :send_type that did not bounce, ordered by contact and time.
-- Columns:  contact_key, sender_key, sequence_key, step, sent_at, replied_at, clicked_at, opened_at (null = not yet).
-- An answer belongs to the last mail before it (last touch), whoever sent that: the reader saw that one. Machines do not
-- answer, but opens that only their regularity gives away are kept: whether they say anything is asked at each moment of
-- the past anew (flags/engagement/histories.py). A contact that replied got the mail, whatever bounced.
-- Where the events know no reply at all (not :has_replies), the enrollments' own outcomes tell of them.
WITH moments AS (
    SELECT e.contact_key, e.sender_key, e.sequence_key, e.step, e.at AS happened_at, e.event_key, e.type, 0 AS is_answer
    FROM events AS e
    WHERE e.type = :send_type AND e.at <= :as_of
    UNION ALL
    SELECT e.contact_key, e.sender_key, e.sequence_key, e.step, e.at AS happened_at, e.event_key, e.type, 1 AS is_answer
    FROM responses AS e
    WHERE e.type IN ('reply', 'bounce') AND NOT e.is_machine AND e.at <= :as_of
    UNION ALL
    SELECT o.contact_key, o.sender_key, o.sequence_key, NULL AS step, o.ended_at AS happened_at, 0 AS event_key,
        'reply' AS type, 1 AS is_answer
    FROM outcomes AS o
    WHERE NOT :has_replies AND o.is_replied = 1 AND o.ended_at <= :as_of
    UNION ALL
    SELECT s.contact_key, s.sender_key, NULL AS sequence_key, NULL AS step, s.at AS happened_at, s.event_key, s.type,
        1 AS is_answer
    FROM signals AS s
    WHERE s.sign IS NULL OR s.sign = 'opens_everything'
),

numbered AS (
    SELECT
        contact_key,
        sender_key,
        sequence_key,
        step,
        happened_at,
        type,
        is_answer,
        COUNT(CASE WHEN is_answer = 0 THEN 1 END) OVER (
            PARTITION BY contact_key
            ORDER BY happened_at, is_answer, event_key
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS number
    FROM moments
)

SELECT
    contact_key,
    MAX(CASE WHEN is_answer = 0 THEN sender_key END) AS sender_key,
    MAX(CASE WHEN is_answer = 0 THEN sequence_key END) AS sequence_key,
    MAX(CASE WHEN is_answer = 0 THEN step END) AS step,
    MAX(CASE WHEN is_answer = 0 THEN happened_at END) AS sent_at,
    MIN(CASE WHEN type = 'reply' THEN happened_at END) AS replied_at,
    MIN(CASE WHEN type = 'click' THEN happened_at END) AS clicked_at,
    MIN(CASE WHEN type = 'open' THEN happened_at END) AS opened_at
FROM numbered
WHERE number > 0
GROUP BY contact_key, number
HAVING COUNT(CASE WHEN type = 'bounce' THEN 1 END) = 0 OR COUNT(CASE WHEN type = 'reply' THEN 1 END) > 0
ORDER BY contact_key, sent_at, number
