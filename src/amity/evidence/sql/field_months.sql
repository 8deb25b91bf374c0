-- Incidents between the states asked for, as states, by month and field, both ways together (ccode1 < ccode2).
SELECT source, month, least(ccode_from, ccode_to) AS ccode1, greatest(ccode_from, ccode_to) AS ccode2, field,
    sum(incidents)::INTEGER AS incidents
FROM pair_months
WHERE scope = 'state' AND ccode_from <> ccode_to
    AND ($codes IS NULL OR (ccode_from = ANY($codes) AND ccode_to = ANY($codes)))
GROUP BY ALL
