-- How many events there were to count, of each state and of all (no state), in the panel's periods.
CREATE OR REPLACE TEMP TABLE loudness AS
SELECT source, ccode, date_trunc($grain, month)::DATE AS period, sum(events) AS events,
    count(articles) = count(*) AS counts_articles
FROM volumes
WHERE source = ANY($sources)
GROUP BY ALL
