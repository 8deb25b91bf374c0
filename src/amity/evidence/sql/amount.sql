-- Amounts by period: a fiscal year's is spread evenly over those of its days on which both states are in the system,
-- so that the periods of a pair sum to what was published.
CREATE OR REPLACE TEMP TABLE amount AS
WITH figure AS (
    SELECT row_number() OVER () AS id, kind, ccode_from AS ccode1, ccode_to AS ccode2, start, "end", value
    FROM figures
    WHERE kind IN ('aid_obligated', 'aid_disbursed')
),
spread AS (
    SELECT f.*, value / sum(least(f."end", t."end") - greatest(f.start, t.start) + 1) OVER (PARTITION BY id) AS a_day,
        greatest(f.start, t.start) AS first, least(f."end", t."end") AS last
    FROM figure AS f
    JOIN together AS t ON t.ccode1 = f.ccode1 AND t.ccode2 = f.ccode2 AND t.start <= f."end" AND t."end" >= f.start
),
fallen AS (
    SELECT s.ccode1, s.ccode2, s.period, f.kind,
        sum(f.a_day * (least(f.last, s.last) - greatest(f.first, s.first) + 1)) AS value
    FROM stretch AS s
    JOIN spread AS f ON f.ccode1 = s.ccode1 AND f.ccode2 = s.ccode2 AND f.first <= s.last AND f.last >= s.first
    GROUP BY s.ccode1, s.ccode2, s.period, f.kind
)
SELECT c.kind, c.ccode1, c.ccode2, c.period, coalesce(f.value, 0) AS value
FROM covered AS c
LEFT JOIN fallen AS f USING (ccode1, ccode2, period, kind)
WHERE c.kind IN ('aid_obligated', 'aid_disbursed') AND c.whole
