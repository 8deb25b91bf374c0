-- What each state gave and got in all, and what the world did, by year: of the calendar year in which a period ends.
-- Money taken back is no gift: amounts below zero count as none.
SELECT kind, year("end")::SMALLINT AS year, ccode_from, ccode_to, sum(greatest(value, 0)) AS value
FROM figures
WHERE kind = ANY($kinds)
GROUP BY GROUPING SETS ((kind, year("end"), ccode_from), (kind, year("end"), ccode_to), (kind, year("end")))
