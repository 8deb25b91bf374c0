-- Visits, each once, with the sources that tell it again. Two sources tell the same visit where its days are within
-- three of each other and the rank or the name is the same. A visit known to the year is told again by as many dated
-- ones of that year and name as there are. The first in $order counts; a user's own record comes before all others.
CREATE TABLE visit AS
WITH told AS (
    SELECT *, row_number() OVER () AS id, coalesce(list_position($order::VARCHAR[], source), 0) AS standing,
        regexp_extract_all(lower(strip_accents(coalesce(who, ''))), '[a-z]{2,}') AS names,
        CASE precision WHEN 'month' THEN last_day(date) ELSE date + coalesce(days, 1)::INTEGER - 1 END AS until
    FROM acts
    WHERE kind = 'visit'
),
pair AS (
    SELECT a.id AS first, b.id, a.precision AS first_precision, b.precision,
        CASE WHEN len(a.names) = 0 OR len(b.names) = 0 THEN a.rank IS NOT DISTINCT FROM b.rank
            ELSE list_has_all(a.names, b.names) OR list_has_all(b.names, a.names) END AS alike,
        a.rank IS NOT DISTINCT FROM b.rank AS ranked,
        a.date <= b.until + 3 AND b.date <= a.until + 3 AS near, (a.standing, a.source) < (b.standing, b.source) AS before
    FROM told AS a
    JOIN told AS b ON a.ccode_from = b.ccode_from AND a.ccode_to = b.ccode_to AND a.source <> b.source
        AND abs(year(a.date) - year(b.date)) <= 1
        AND (b.precision <> 'year' OR year(a.date) = year(b.date))
),
again AS (
    SELECT DISTINCT id
    FROM pair
    WHERE first_precision <> 'year' AND precision <> 'year' AND near AND before AND (alike OR ranked)
),
dated AS (
    SELECT p.id, count(*) AS times
    FROM pair AS p
    ANTI JOIN again AS g ON g.id = p.first
    WHERE p.precision = 'year' AND p.alike AND (p.first_precision <> 'year' OR p.before)
    GROUP BY p.id
),
numbered AS (
    SELECT *, row_number() OVER (PARTITION BY source, ccode_from, ccode_to, names, year(date) ORDER BY ref) AS turn
    FROM told
)
SELECT n.* EXCLUDE (id, standing, names, until, turn)
FROM numbered AS n
ANTI JOIN again AS g ON g.id = n.id
LEFT JOIN dated AS d ON d.id = n.id
WHERE n.precision <> 'year' OR n.turn > coalesce(d.times, 0)
