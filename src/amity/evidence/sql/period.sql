-- One row a pair and period: the rows of the panel. A pair may be together twice in a period.
CREATE OR REPLACE TEMP TABLE period AS
SELECT ccode1, ccode2, period, min(first) AS first, max(last) AS last, sum(last - first + 1)::SMALLINT AS days
FROM stretch
GROUP BY ccode1, ccode2, period
