-- What each state gave to all others by year: of the calendar year in which a period ends. Money taken back is none.
SELECT kind, ccode_from AS ccode, year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value
FROM figures
WHERE kind = ANY($kinds) AND ($codes IS NULL OR ccode_from = ANY($codes))
GROUP BY ALL
