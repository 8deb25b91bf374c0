-- What states did to each other, day by day: one row a day, direction and CAMEO root, however many reports or sources
-- tell of it. Bare statements (01, 010, 011) are left out: they lean neither way. A user's own acts stand beside coded
-- events, on the last day that they can have been; publishers' records of visits do not, since they tell of nothing else.
WITH reported AS (
    SELECT e.date, e.ccode_from, e.role_from, e.ccode_to, e.role_to, e.code, e.source
    FROM told AS e
    UNION ALL
    SELECT CASE a.precision WHEN 'year' THEN make_date(year(a.date), 12, 31) WHEN 'month' THEN last_day(a.date) ELSE a.date END,
        a.ccode_from, CASE a.role_from WHEN 'government' THEN 'GOV' WHEN 'military' THEN 'MIL' ELSE a.role_from END,
        a.ccode_to, CASE a.role_to WHEN 'government' THEN 'GOV' WHEN 'military' THEN 'MIL' ELSE a.role_to END, a.code, a.source
    FROM acts AS a
    WHERE starts_with(a.source, $own)
)
SELECT r.date, r.ccode_from, r.ccode_to, c.root, c.quad,
    coalesce(min(r.source) FILTER (starts_with(r.source, $own)), min(r.source) FILTER (r.source = ANY($prefer)), min(r.source)) AS source
FROM reported AS r
JOIN classes AS c ON c.code = r.code
WHERE r.ccode_from <> r.ccode_to AND r.date BETWEEN $first AND $last
    AND r.source = coalesce($source, r.source)
    AND ($senders IS NULL OR r.ccode_from = ANY($senders))
    AND r.code NOT IN ('01', '010', '011')
    AND ($everybody OR ((r.role_from IS NULL OR r.role_from = ANY($roles)) AND (r.role_to IS NULL OR r.role_to = ANY($roles))))
GROUP BY r.date, r.ccode_from, r.ccode_to, c.root, c.quad
ORDER BY r.date, r.ccode_from, r.ccode_to, c.root
