-- Share of the days of a period with an envoy in post; missing where a date is too vague to count days.
CREATE OR REPLACE TEMP TABLE posted AS
WITH shared AS (
    SELECT s.ccode1, s.ccode2, s.period,
        sum(least(t."end", s.last) - greatest(t.start, s.first) + 1) FILTER (t.sure) AS sure,
        sum(least(t."end", s.last) - greatest(t.start, s.first) + 1) FILTER (NOT t.sure) AS possible
    FROM stretch AS s
    JOIN tenure AS t ON t.ccode1 = s.ccode1 AND t.ccode2 = s.ccode2 AND t.start <= s.last AND t."end" >= s.first
    GROUP BY s.ccode1, s.ccode2, s.period
)
SELECT c.ccode1, c.ccode2, c.period,
    CASE WHEN coalesce(h.sure, 0) = coalesce(h.possible, 0) THEN coalesce(h.sure, 0) / p.days END AS share
FROM covered AS c
JOIN period AS p USING (ccode1, ccode2, period)
LEFT JOIN shared AS h USING (ccode1, ccode2, period)
WHERE c.kind = 'envoy' AND c.whole
