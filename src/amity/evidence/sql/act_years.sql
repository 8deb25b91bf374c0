-- Acts by year, whoever acts, each source as it stands.
SELECT source, kind, ccode_from, ccode_to, year(date)::SMALLINT AS year, sum(count)::INTEGER AS acts
FROM acts
GROUP BY ALL
