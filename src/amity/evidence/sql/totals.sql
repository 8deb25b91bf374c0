-- What each state gave to all others and got from them by year, that of the calendar year in which a period ends.
-- Money taken back is none.
SELECT 'given' AS way, kind, ccode_from AS ccode, year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value
FROM figures
WHERE kind <> 'minimum_distance'
GROUP BY ALL
UNION ALL
SELECT 'got' AS way, kind, ccode_to AS ccode, year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value
FROM figures
WHERE kind <> 'minimum_distance'
GROUP BY ALL
