-- Amounts by year, that of the calendar year in which a period ends; states that are not asked for are one, and missing.
SELECT source, kind,
    CASE WHEN $codes IS NULL OR ccode_from = ANY($codes) THEN ccode_from END AS ccode_from,
    CASE WHEN $codes IS NULL OR ccode_to = ANY($codes) THEN ccode_to END AS ccode_to,
    year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value, count(*) AS figures
FROM figures
WHERE kind = ANY($kinds)
GROUP BY ALL
