-- Pair-months as the panel's periods: incidents by quad class, events, articles, Goldstein sum in tenths.
CREATE OR REPLACE TEMP TABLE counted AS
SELECT source, ccode_from AS ccode1, ccode_to AS ccode2, date_trunc($grain, month)::DATE AS period,
    sum(incidents) FILTER (quad = 1) AS vcoop, sum(incidents) FILTER (quad = 2) AS mcoop,
    sum(incidents) FILTER (quad = 3) AS vconf, sum(incidents) FILTER (quad = 4) AS mconf,
    sum(events) AS events, CASE WHEN count(articles) = count(*) THEN sum(articles) END AS articles,
    sum(force_incidents) AS force_tenths
FROM pair_months
WHERE scope = $scope AND source = ANY($sources) AND ($codes IS NULL OR (ccode_from = ANY($codes) AND ccode_to = ANY($codes)))
GROUP BY ALL
