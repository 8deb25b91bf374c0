-- Those days cut at the bounds of the calendar's periods, inside the days asked for.
CREATE OR REPLACE TEMP TABLE stretch AS
WITH asked AS (
    SELECT ccode1, ccode2, greatest(start, $start) AS start, least("end", $end) AS "end"
    FROM together
    WHERE start <= $end AND "end" >= $start
),
periods AS (
    SELECT ccode1, ccode2, start, "end",
        unnest(generate_series(date_trunc($grain, start), "end"::TIMESTAMP, to_months($months))) AS period
    FROM asked
)
SELECT ccode1, ccode2, period::DATE AS period, greatest(start, period::DATE) AS first,
    least("end", (period + to_months($months))::DATE - 1) AS last
FROM periods
