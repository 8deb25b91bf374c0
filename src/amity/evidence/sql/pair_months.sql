-- Directed pair-months of `events`, by class, from `volumes`, `classes` (code to root, quad, field, weight) and
-- `state_roles`. Kept to what DuckDB, Spark and BigQuery all read alike: integers only, CASE rather than FILTER, and
-- dates cast where they are cut to months, because sqlglot would else take them for moments.
WITH act AS (
    SELECT e.source, e.date, e.ccode_from, e.ccode_to, e.articles, c.field, c.quad, c.root,
        c.goldstein_tenths AS weight,
        (e.role_from IS NULL OR a.role IS NOT NULL) AND (e.role_to IS NULL OR b.role IS NOT NULL) AS of_states
    FROM events AS e
    JOIN classes AS c ON c.code = e.code
    LEFT JOIN state_roles AS a ON a.role = e.role_from
    LEFT JOIN state_roles AS b ON b.role = e.role_to
    WHERE e.ccode_from <> e.ccode_to
),
incident AS (
    SELECT source, date, ccode_from, ccode_to, field, quad, root,
        count(*) AS events,
        count(articles) AS told,
        sum(articles) AS articles,
        sum(weight) AS weight,
        CASE WHEN -min(weight) >= max(weight) THEN min(weight) ELSE max(weight) END AS strongest,
        sum(CASE WHEN of_states THEN 1 ELSE 0 END) AS state_events,
        sum(CASE WHEN of_states AND articles IS NOT NULL THEN 1 ELSE 0 END) AS state_told,
        sum(CASE WHEN of_states THEN articles END) AS state_articles,
        sum(CASE WHEN of_states THEN weight END) AS state_weight,
        min(CASE WHEN of_states THEN weight END) AS state_least,
        max(CASE WHEN of_states THEN weight END) AS state_most
    FROM act
    GROUP BY source, date, ccode_from, ccode_to, field, quad, root
),
monthly AS (
    SELECT source, CAST(date_trunc('month', CAST(date AS DATE)) AS DATE) AS month, ccode_from, ccode_to, field, quad, root,
        sum(events) AS events,
        count(*) AS incidents,
        CASE WHEN sum(told) = sum(events) THEN sum(articles) END AS articles,
        sum(weight) AS force_events,
        sum(strongest) AS force_incidents,
        sum(state_events) AS state_events,
        sum(CASE WHEN state_events > 0 THEN 1 ELSE 0 END) AS state_incidents,
        CASE WHEN sum(state_told) = sum(state_events) THEN sum(state_articles) END AS state_articles,
        sum(state_weight) AS state_force_events,
        sum(CASE WHEN -state_least >= state_most THEN state_least ELSE state_most END) AS state_force_incidents
    FROM incident
    GROUP BY source, CAST(date_trunc('month', CAST(date AS DATE)) AS DATE), ccode_from, ccode_to, field, quad, root
),
scoped AS (
    SELECT source, month, ccode_from, ccode_to, 'country' AS scope, field, quad, root,
        events, incidents, articles, force_events, force_incidents
    FROM monthly
    UNION ALL
    SELECT source, month, ccode_from, ccode_to, 'state' AS scope, field, quad, root,
        state_events, state_incidents, state_articles, state_force_events, state_force_incidents
    FROM monthly
    WHERE state_events > 0
),
volume AS (
    SELECT source, month, ccode, sum(events) AS events
    FROM volumes
    GROUP BY source, month, ccode
)
SELECT s.month, s.ccode_from, s.ccode_to, s.scope, s.field,
    CAST(s.quad AS TINYINT) AS quad,
    s.root AS code,
    CAST(s.events AS INTEGER) AS events,
    CAST(s.incidents AS INTEGER) AS incidents,
    CAST(s.articles AS BIGINT) AS articles,
    CAST(s.force_events AS BIGINT) AS force_events,
    CAST(s.force_incidents AS BIGINT) AS force_incidents,
    CAST(v.events AS INTEGER) AS volume,
    CAST(a.events AS INTEGER) AS volume_from,
    CAST(b.events AS INTEGER) AS volume_to,
    s.source
FROM scoped AS s
LEFT JOIN volume AS v ON v.source = s.source AND v.month = s.month AND v.ccode IS NULL
LEFT JOIN volume AS a ON a.source = s.source AND a.month = s.month AND a.ccode = s.ccode_from
LEFT JOIN volume AS b ON b.source = s.source AND b.month = s.month AND b.ccode = s.ccode_to
ORDER BY s.source, s.ccode_from, s.ccode_to, s.month, s.scope, s.field, s.quad, s.root
