-- Days with an envoy in post, surely and possibly, each as spells that do not overlap.
CREATE OR REPLACE TEMP TABLE tenure AS
WITH spell AS (
    SELECT true AS sure, ccode1, ccode2, start, "end" FROM tie WHERE kind = 'envoy' AND start <= "end"
    UNION ALL
    SELECT false, ccode1, ccode2, may_start, may_end FROM tie WHERE kind = 'envoy'
),
opened AS (
    SELECT *, coalesce(start > 1 + max("end") OVER earlier, true) AS opens
    FROM spell
    WINDOW earlier AS (PARTITION BY sure, ccode1, ccode2 ORDER BY start, "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
    SELECT *, count_if(opens) OVER (PARTITION BY sure, ccode1, ccode2 ORDER BY start, "end" ROWS UNBOUNDED PRECEDING) AS spell
    FROM opened
)
SELECT sure, ccode1, ccode2, min(start) AS start, max("end") AS "end"
FROM numbered
GROUP BY sure, ccode1, ccode2, spell
