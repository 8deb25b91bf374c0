-- Spells of days about which some source speaks, by pair and kind; touching spells are joined. Events are known by
-- source, each of which is a kind of its own. Acts beside visits are not known from a record of meetings alone: its
-- silence about conflict is no zero.
CREATE OR REPLACE TEMP TABLE seen AS
WITH code AS (
    SELECT DISTINCT ccode FROM system_spell
),
spoken AS (
    SELECT f.kind, f.both_ways, a.ccode AS ccode1, b.ccode AS ccode2, c.start, c."end"
    FROM coverage AS c
    JOIN family AS f ON f."table" = c."table" AND CASE f."table"
        WHEN 'events' THEN f.kind = c.source
        ELSE c.kind IN (f.kind, '*') OR (f.kind = 'act' AND c.kind NOT IN ('visit', 'meeting')) END
    JOIN code AS a ON coalesce(c.ccode_from, a.ccode) = a.ccode
    JOIN code AS b ON coalesce(c.ccode_to, b.ccode) = b.ccode
    WHERE a.ccode <> b.ccode AND c.start <= c."end"
),
either_way AS (
    SELECT kind, ccode1, ccode2, start, "end" FROM spoken
    UNION ALL
    SELECT kind, ccode2, ccode1, start, "end" FROM spoken WHERE both_ways
),
opened AS (
    SELECT *, coalesce(start > 1 + max("end") OVER earlier, true) AS opens
    FROM either_way
    WINDOW earlier AS (PARTITION BY kind, ccode1, ccode2 ORDER BY start, "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
    SELECT *, count_if(opens) OVER (PARTITION BY kind, ccode1, ccode2 ORDER BY start, "end" ROWS UNBOUNDED PRECEDING) AS spell
    FROM opened
)
SELECT kind, ccode1, ccode2, min(start) AS start, max("end") AS "end"
FROM numbered
GROUP BY kind, ccode1, ccode2, spell
