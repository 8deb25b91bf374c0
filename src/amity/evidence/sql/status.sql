-- Whether each kind of tie held on the last day of a period, and its highest level; missing where a date is too vague.
CREATE OR REPLACE TEMP TABLE status AS
WITH day AS (
    SELECT c.kind, c.ccode1, c.ccode2, c.period, t.level, t.kind IS NOT NULL AS possible,
        coalesce(c.last BETWEEN t.start AND t."end", false) AS sure
    FROM covered AS c
    LEFT JOIN tie AS t ON t.kind = c.kind AND t.ccode1 = c.ccode1 AND t.ccode2 = c.ccode2
        AND c.last BETWEEN t.may_start AND t.may_end
    WHERE c.at_end AND c.kind IN ('recognition', 'relations', 'post', 'envoy')
),
ranked AS (
    SELECT d.*, coalesce(l.rank, 0) AS rank
    FROM day AS d LEFT JOIN level AS l ON l.kind = d.kind AND l.level = d.level
)
SELECT kind, ccode1, ccode2, period,
    CASE WHEN bool_or(sure) THEN 1 WHEN NOT bool_or(possible) THEN 0 END AS held,
    CASE WHEN bool_or(sure) THEN coalesce(arg_max(level, rank) FILTER (sure), 'unstated')
        WHEN NOT bool_or(possible) THEN 'none' END AS level
FROM ranked
GROUP BY kind, ccode1, ccode2, period
