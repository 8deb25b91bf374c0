-- Visits and other acts of a period, counted on the day on which they begin. An act known only to the year is in no
-- month: every month of that year is then unknown.
CREATE OR REPLACE TEMP TABLE visited AS
WITH act AS (
    SELECT CASE kind WHEN 'visit' THEN 'visit' ELSE 'act' END AS kind, ccode_from AS ccode1, ccode_to AS ccode2,
        date, precision, rank, force_tenths, count, date_trunc($grain, date)::DATE AS period,
        $grain = 'month' AND precision = 'year' AS vague
    FROM (FROM visit UNION ALL BY NAME (FROM acts WHERE kind <> 'visit'))
),
vague AS (
    SELECT DISTINCT kind, ccode1, ccode2, year(date) AS year FROM act WHERE vague
)
SELECT c.kind, c.ccode1, c.ccode2, c.period,
    coalesce(sum(a.count), 0) AS n,
    coalesce(sum(a.count) FILTER (a.rank = 'head of state'), 0) AS hos,
    coalesce(sum(a.count) FILTER (a.rank = 'head of government'), 0) AS hog,
    coalesce(sum(a.count) FILTER (a.rank = 'foreign minister'), 0) AS fm,
    coalesce(sum(a.count) FILTER (a.force_tenths >= 0), 0) AS coop,
    coalesce(sum(a.count) FILTER (a.force_tenths < 0), 0) AS conf
FROM covered AS c
JOIN period AS p USING (ccode1, ccode2, period)
LEFT JOIN act AS a ON a.kind = c.kind AND a.ccode1 = c.ccode1 AND a.ccode2 = c.ccode2 AND a.period = c.period
    AND (a.precision <> 'day' OR a.date BETWEEN p.first AND p.last)
ANTI JOIN vague AS v ON v.kind = c.kind AND v.ccode1 = c.ccode1 AND v.ccode2 = c.ccode2 AND v.year = year(c.period)
WHERE c.kind IN ('visit', 'act') AND c.whole
GROUP BY c.kind, c.ccode1, c.ccode2, c.period
