-- What states did to each other by month, as each source of coded events counts it: incidents, and those of conflict.
SELECT source, month, ccode_from, ccode_to,
    sum(incidents)::DOUBLE AS incidents,
    coalesce(sum(incidents) FILTER (quad >= 3), 0)::DOUBLE AS hostile
FROM pair_months
WHERE scope = 'state' AND ccode_from = ANY($ccodes) AND ccode_to = ANY($ccodes)
GROUP BY ALL
