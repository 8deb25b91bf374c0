-- Amounts between the states asked for by year, that of the calendar year in which a period ends.
SELECT source, kind, ccode_from, ccode_to, year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value,
    count(*) AS figures
FROM figures
WHERE kind = ANY($kinds) AND ($codes IS NULL OR (ccode_from = ANY($codes) AND ccode_to = ANY($codes)))
GROUP BY ALL
