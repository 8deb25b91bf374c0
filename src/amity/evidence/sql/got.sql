-- What each state got from all others by year: of the calendar year in which a period ends. Money taken back is none.
SELECT kind, ccode_to AS ccode, year("end")::SMALLINT AS year, sum(greatest(value, 0)) AS value
FROM figures
WHERE kind = ANY($kinds) AND ($codes IS NULL OR ccode_to = ANY($codes))
GROUP BY ALL
