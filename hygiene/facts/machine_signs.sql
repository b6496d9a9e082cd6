-- Question: which opens and clicks are machines', as of :as_of, and what gives each away?
-- Grain:    one open or click.
-- Columns:  event_key, contact_key, sender_key, type, at, sign (docs/machines.md; null: a person's, as far as one can
--           tell); of several signs the surest is named.
-- Times kept by the minute cannot tell an instant from a glance, so there only a habit counts; times kept by the hour or
-- the day tell nothing. Nearly all events have no sign: what is rare is looked for first and joined last.
WITH signals AS (
    SELECT e.event_key, e.contact_key, e.sender_key, e.type, e.at, e.is_machine, e.agent, e.detail
    FROM events AS e
    WHERE e.type IN ('open', 'click') AND e.at <= :as_of
),

resolution AS (
    SELECT
        2 * COUNT(CASE WHEN s.at <> DATE_TRUNC('minute', s.at) THEN 1 END) > COUNT(*) AS by_second,
        2 * COUNT(CASE WHEN s.at <> DATE_TRUNC('hour', s.at) THEN 1 END) > COUNT(*) AS by_minute
    FROM signals AS s
),

-- What came within a minute of the mail. The hours are only there to join by.
arrivals AS (
    SELECT a.contact_key, a.at, DATE_TRUNC('hour', a.at) AS near
    FROM events AS a
    WHERE a.type IN ('sent', 'delivered') AND a.at <= :as_of
    UNION ALL
    SELECT a.contact_key, a.at, DATE_TRUNC('hour', a.at + INTERVAL ':prompt_seconds' SECOND) AS near
    FROM events AS a
    WHERE a.type IN ('sent', 'delivered') AND a.at <= :as_of
        AND DATE_TRUNC('hour', a.at) <> DATE_TRUNC('hour', a.at + INTERVAL ':prompt_seconds' SECOND)
),

prompt AS (
    SELECT s.event_key, s.contact_key, MAX(a.at) AS arrived_at
    FROM signals AS s
    INNER JOIN arrivals AS a ON a.contact_key = s.contact_key AND a.near = DATE_TRUNC('hour', s.at)
    CROSS JOIN resolution AS r
    WHERE r.by_minute AND s.at >= a.at AND s.at <= a.at + INTERVAL ':prompt_seconds' SECOND
    GROUP BY s.event_key, s.contact_key
),

-- Habits: prompt mails against all that did not bounce; a day stands for a mail, as it may be both sent and delivered.
mailed AS (
    SELECT
        e.contact_key,
        GREATEST(
            COUNT(CASE WHEN e.type = :send_type THEN 1 END) - COUNT(CASE WHEN e.type = 'bounce' THEN 1 END), 0
        ) AS mails
    FROM events AS e
    WHERE e.type IN (:send_type, 'bounce') AND e.at <= :as_of
    GROUP BY e.contact_key
),

mailed_contacts AS (
    SELECT m.contact_key, m.mails, LOWER(SPLIT_PART(c.email, '@', 2)) AS domain, COALESCE(p.mails, 0) AS prompt
    FROM mailed AS m
    INNER JOIN contacts AS c ON c.contact_key = m.contact_key
    LEFT JOIN (
        SELECT q.contact_key, COUNT(DISTINCT DATE_TRUNC('day', q.arrived_at)) AS mails
        FROM prompt AS q
        GROUP BY q.contact_key
    ) AS p ON p.contact_key = m.contact_key
),

domains AS (
    SELECT
        m.domain,
        COUNT(*) AS contacts,
        SUM(2 * m.prompt - m.mails) >= :habit_lead AS is_prompt
    FROM mailed_contacts AS m
    WHERE m.domain <> ''
    GROUP BY m.domain
),

prompt_contacts AS (
    SELECT m.contact_key
    FROM mailed_contacts AS m
    LEFT JOIN domains AS d ON d.domain = m.domain
    WHERE 2 * m.prompt - m.mails >= :habit_lead OR (m.prompt > 0 AND d.is_prompt)
),

-- Several links at once: more than a hand can do.
click_pairs AS (
    SELECT
        a.event_key,
        b.event_key AS other_key,
        a.at = b.at AS is_at_once,
        CASE WHEN a.detail <> b.detail THEN b.detail END AS other_link
    FROM signals AS a
    INNER JOIN signals AS b ON b.contact_key = a.contact_key
    WHERE a.type = 'click' AND b.type = 'click' AND a.event_key <> b.event_key
        AND b.at >= a.at AND b.at < a.at + INTERVAL ':links_seconds' SECOND
),

click_groups AS (
    SELECT
        p.event_key,
        1 + COUNT(DISTINCT p.other_link) >= :all_links AS is_all_links,
        COUNT(CASE WHEN p.is_at_once AND p.other_link IS NOT NULL THEN 1 END) > 0
            OR COUNT(CASE WHEN p.is_at_once THEN 1 END) > 1 AS is_burst
    FROM click_pairs AS p
    GROUP BY p.event_key
),

all_links AS (
    SELECT g.event_key FROM click_groups AS g WHERE g.is_all_links
    UNION
    SELECT p.other_key AS event_key
    FROM click_groups AS g
    INNER JOIN click_pairs AS p ON p.event_key = g.event_key
    WHERE g.is_all_links
),

-- Several colleagues within one second.
seconds AS (
    SELECT s.at
    FROM signals AS s
    CROSS JOIN resolution AS r
    WHERE r.by_second
    GROUP BY s.at
    HAVING COUNT(*) >= :choir_contacts
),

choirs AS (
    SELECT d.domain, s.type, s.at
    FROM seconds AS t
    INNER JOIN signals AS s ON s.at = t.at
    INNER JOIN mailed_contacts AS m ON m.contact_key = s.contact_key
    INNER JOIN domains AS d ON d.domain = m.domain
    GROUP BY d.domain, d.contacts, s.type, s.at
    HAVING COUNT(DISTINCT s.contact_key) >= :choir_contacts
        AND 100 * COUNT(DISTINCT s.contact_key) >= :choir_percent * d.contacts
),

synchronous AS (
    SELECT s.event_key
    FROM choirs AS c
    INNER JOIN signals AS s ON s.type = c.type AND s.at = c.at
    INNER JOIN mailed_contacts AS m ON m.contact_key = s.contact_key AND m.domain = c.domain
),

-- What was found, the surest first.
found AS (
    SELECT p.event_key, 1 AS place
    FROM prompt AS p
    INNER JOIN signals AS s ON s.event_key = p.event_key
    CROSS JOIN resolution AS r
    WHERE r.by_second AND s.at < p.arrived_at + INTERVAL ':instant_seconds' SECOND
    UNION ALL
    SELECT l.event_key, 2 AS place
    FROM all_links AS l
    LEFT JOIN prompt AS p ON p.event_key = l.event_key
    CROSS JOIN resolution AS r
    WHERE r.by_second OR p.event_key IS NOT NULL
    UNION ALL
    SELECT g.event_key, 3 AS place FROM click_groups AS g CROSS JOIN resolution AS r WHERE r.by_second AND g.is_burst
    UNION ALL
    SELECT y.event_key, 4 AS place FROM synchronous AS y
    UNION ALL
    SELECT p.event_key, 5 AS place
    FROM prompt AS p
    INNER JOIN prompt_contacts AS h ON h.contact_key = p.contact_key
),

signed AS (
    SELECT
        s.event_key,
        s.contact_key,
        s.sender_key,
        s.type,
        s.at,
        s.detail,
        CASE
            WHEN s.is_machine THEN 'declared'
            WHEN s.agent IS NOT NULL THEN s.agent
            WHEN f.place = 1 THEN 'instant'
            WHEN f.place = 2 THEN 'all_links'
            WHEN f.place = 3 THEN 'burst'
            WHEN f.place = 4 THEN 'same_domain'
            WHEN f.place = 5 THEN 'prompt'
        END AS sign
    FROM signals AS s
    LEFT JOIN (
        SELECT n.event_key, MIN(n.place) AS place FROM found AS n GROUP BY n.event_key
    ) AS f ON f.event_key = s.event_key
),

-- A gateway that takes its time: several links of mail after mail. A day stands for a mail, as above.
clicked AS (
    SELECT c.contact_key, COUNT(*) AS mails
    FROM (
        SELECT s.contact_key, DATE_TRUNC('day', s.at) AS clicked_on
        FROM signed AS s
        WHERE s.type = 'click' AND s.sign IS NULL
        GROUP BY s.contact_key, DATE_TRUNC('day', s.at)
        HAVING MIN(s.detail) <> MAX(s.detail)
    ) AS c
    GROUP BY c.contact_key
),

clicking_domains AS (
    SELECT m.domain
    FROM mailed_contacts AS m
    LEFT JOIN clicked AS c ON c.contact_key = m.contact_key
    WHERE m.domain <> ''
    GROUP BY m.domain
    HAVING SUM(2 * COALESCE(c.mails, 0) - m.mails) >= :habit_lead
),

clickers AS (
    SELECT c.contact_key
    FROM clicked AS c
    INNER JOIN mailed_contacts AS m ON m.contact_key = c.contact_key
    LEFT JOIN clicking_domains AS d ON d.domain = m.domain
    WHERE 2 * c.mails - m.mails >= :habit_lead OR d.domain IS NOT NULL
),

-- Nearly every mail opened, each exactly once, and nothing else ever: a privacy proxy without an agent.
openers AS (
    SELECT s.contact_key, m.mails
    FROM signed AS s
    INNER JOIN mailed AS m ON m.contact_key = s.contact_key
    LEFT JOIN clickers AS k ON k.contact_key = s.contact_key
    WHERE s.sign IS NULL AND m.mails >= :everything_lead AND s.contact_key NOT IN (
        SELECT r.contact_key FROM responses AS r WHERE r.type = 'reply' AND NOT r.is_machine AND r.at <= :as_of
    )
    GROUP BY s.contact_key, m.mails
    HAVING COUNT(CASE WHEN s.type = 'click' AND k.contact_key IS NULL THEN 1 END) = 0
        AND (1 + :everything_cost) * COUNT(*) - :everything_cost * m.mails >= :everything_lead
),

opens AS (
    SELECT s.event_key, o.contact_key, o.mails, MAX(e.at) AS sent_at
    FROM openers AS o
    INNER JOIN signed AS s ON s.contact_key = o.contact_key
    INNER JOIN events AS e ON e.contact_key = o.contact_key AND e.at <= s.at
    WHERE s.sign IS NULL AND s.type = 'open' AND e.type = :send_type
    GROUP BY s.event_key, o.contact_key, o.mails
),

openers_of_everything AS (
    SELECT n.contact_key
    FROM (
        SELECT o.contact_key, o.mails, o.sent_at FROM opens AS o
        GROUP BY o.contact_key, o.mails, o.sent_at
        HAVING COUNT(*) = 1
    ) AS n
    GROUP BY n.contact_key, n.mails
    HAVING (1 + :everything_cost) * COUNT(*) - :everything_cost * n.mails >= :everything_lead
)

SELECT
    s.event_key,
    s.contact_key,
    s.sender_key,
    s.type,
    s.at,
    CASE
        WHEN s.sign IS NOT NULL THEN s.sign
        WHEN s.type = 'click' AND k.contact_key IS NOT NULL THEN 'clicks_everything'
        WHEN s.type = 'open' AND o.contact_key IS NOT NULL THEN 'opens_everything'
    END AS sign
FROM signed AS s
LEFT JOIN clickers AS k ON k.contact_key = s.contact_key
LEFT JOIN openers_of_everything AS o ON o.contact_key = s.contact_key
