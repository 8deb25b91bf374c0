-- GDELT's own table `gdelt` (58 columns of 1.0 or 61 of 2.0, as in BigQuery) as `events` and `volumes`, by `countries`
-- (CAMEO's country codes, with the state that each means on which days). What amity's reader of files sets aside is left
-- out: days that do not exist or are absurd, unknown classes and countries, no number of articles; of a repeated id the
-- row added last stays. The statement of `pair_months.sql` stands in place of the last line.
WITH dated AS (
    SELECT g.GLOBALEVENTID AS ref, g.Actor1CountryCode AS country_from, g.Actor2CountryCode AS country_to,
        nullif(g.Actor1Type1Code, '') AS role_from, nullif(g.Actor2Type1Code, '') AS role_to,
        g.EventCode AS code, g.NumArticles AS articles, g.DATEADDED AS moment,
        TRY_CAST(concat(substr(CAST(g.SQLDATE AS VARCHAR), 1, 4), '-', substr(CAST(g.SQLDATE AS VARCHAR), 5, 2), '-',
            substr(CAST(g.SQLDATE AS VARCHAR), 7, 2)) AS DATE) AS date,
        TRY_CAST(concat(substr(CAST(g.DATEADDED AS VARCHAR), 1, 4), '-', substr(CAST(g.DATEADDED AS VARCHAR), 5, 2), '-',
            substr(CAST(g.DATEADDED AS VARCHAR), 7, 2)) AS DATE) AS added
    FROM gdelt AS g
    WHERE g.SQLDATE BETWEEN $first AND $last
),
placed AS (
    SELECT d.ref, d.date, d.role_from, d.role_to, d.code, d.articles, d.moment,
        CAST(a.ccode AS SMALLINT) AS ccode_from, CAST(b.ccode AS SMALLINT) AS ccode_to
    FROM dated AS d
    JOIN classes AS c ON c.code = d.code
    LEFT JOIN countries AS a ON a.code = d.country_from AND d.date BETWEEN a.first AND a.last
    LEFT JOIN countries AS b ON b.code = d.country_to AND d.date BETWEEN b.first AND b.last
    WHERE d.date >= DATE '1900-01-01' AND d.date - 1 <= d.added AND d.articles >= 0
        AND (coalesce(d.country_from, '') = '' OR a.code IS NOT NULL)
        AND (coalesce(d.country_to, '') = '' OR b.code IS NOT NULL)
    QUALIFY row_number() OVER (PARTITION BY d.ref ORDER BY d.moment DESC, d.articles DESC) = 1
),
events AS (
    SELECT $source AS source, date, ccode_from, role_from, ccode_to, role_to, code, articles
    FROM placed
),
volumes AS (
    SELECT source, CAST(date_trunc('month', CAST(date AS DATE)) AS DATE) AS month, ccode, count(*) AS events
    FROM (
        SELECT source, date, CAST(NULL AS SMALLINT) AS ccode FROM events
        UNION ALL
        SELECT source, date, ccode_from AS ccode FROM events WHERE ccode_from IS NOT NULL
        UNION ALL
        SELECT source, date, ccode_to AS ccode FROM events
        WHERE ccode_to IS NOT NULL AND (ccode_from IS NULL OR ccode_from <> ccode_to)
    ) AS sides
    GROUP BY source, CAST(date_trunc('month', CAST(date AS DATE)) AS DATE), ccode
)
SELECT * FROM events
