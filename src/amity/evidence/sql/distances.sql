-- From which year on two states' borders are how far apart (kilometres), once a pair.
SELECT ccode_from, ccode_to, year(start)::SMALLINT AS year, min(value) AS km
FROM figures
WHERE kind = 'minimum_distance' AND ccode_from < ccode_to
    AND ($codes IS NULL OR (ccode_from = ANY($codes) AND ccode_to = ANY($codes)))
GROUP BY ALL
