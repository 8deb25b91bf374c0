-- Ties, those that hold both ways in both orders, with the days on which they surely and possibly held.
-- A date known to the month or year leaves its month or year open; a tie known to end in a year is over by its last day.
CREATE OR REPLACE TEMP TABLE tie AS
WITH dated AS (
    SELECT t.kind, t.level, t.ccode_from AS ccode1, t.ccode_to AS ccode2, f.both_ways, t.start AS may_start,
        CASE start_precision WHEN 'year' THEN make_date(year(t.start), 12, 31)
            WHEN 'month' THEN last_day(t.start) ELSE t.start END AS start,
        CASE end_precision WHEN 'year' THEN make_date(year(t."end"), 1, 1)
            WHEN 'month' THEN date_trunc('month', t."end")::DATE ELSE t."end" END AS "end",
        CASE end_precision WHEN 'year' THEN make_date(year(t."end"), 12, 30)
            WHEN 'month' THEN last_day(t."end") - 1 ELSE t."end" END AS may_end
    FROM ties AS t
    JOIN family AS f ON f."table" = 'ties' AND f.kind = t.kind
)
SELECT kind, level, ccode1, ccode2, start, coalesce("end", $forever) AS "end", may_start, coalesce(may_end, $forever) AS may_end
FROM dated
UNION ALL
SELECT kind, level, ccode2, ccode1, start, coalesce("end", $forever), may_start, coalesce(may_end, $forever)
FROM dated
WHERE both_ways
