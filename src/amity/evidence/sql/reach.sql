-- Spells of days on which some source speaks of this kind of row, for each pair asked; touching spells are joined.
WITH spoken AS (
    SELECT a.ccode_from, a.ccode_to, c.start, c."end"
    FROM asked AS a
    JOIN coverage AS c ON (coalesce(c.ccode_from, a.ccode_from) = a.ccode_from AND coalesce(c.ccode_to, a.ccode_to) = a.ccode_to)
        OR ($both_ways AND coalesce(c.ccode_from, a.ccode_to) = a.ccode_to AND coalesce(c.ccode_to, a.ccode_from) = a.ccode_from)
    WHERE c."table" = $table AND c.kind IN ($kind, '*') AND c.start <= c."end"
),
opened AS (
    SELECT *, coalesce(start > 1 + max("end") OVER earlier, true) AS opens
    FROM spoken
    WINDOW earlier AS (PARTITION BY ccode_from, ccode_to ORDER BY start, "end" ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
    SELECT *, count_if(opens) OVER (PARTITION BY ccode_from, ccode_to ORDER BY start, "end" ROWS UNBOUNDED PRECEDING) AS spell
    FROM opened
)
SELECT ccode_from, ccode_to, min(start) AS start, max("end") AS "end"
FROM numbered
GROUP BY ccode_from, ccode_to, spell
ORDER BY ccode_from, ccode_to, start
