-- The panel: every pair and period, with what is known of it.
WITH visits AS (FROM visited WHERE kind = 'visit'),
others AS (FROM visited WHERE kind = 'act'),
ties_held AS (
    SELECT ccode1, ccode2, period,
        any_value(held) FILTER (kind = 'relations') AS relations,
        any_value(held) FILTER (kind = 'recognition') AS recognition,
        any_value(level) FILTER (kind = 'post') AS post_level,
        any_value(level) FILTER (kind = 'envoy') AS envoy_level
    FROM status
    GROUP BY ccode1, ccode2, period
),
aid AS (
    SELECT ccode1, ccode2, period,
        any_value(value) FILTER (kind = 'aid_obligated') AS obligated,
        any_value(value) FILTER (kind = 'aid_disbursed') AS disbursed
    FROM amount
    GROUP BY ccode1, ccode2, period
)
SELECT p.ccode1, p.ccode2, a.iso3c AS iso3c1, b.iso3c AS iso3c2,
    year(p.period)::SMALLINT AS year, month(p.period)::TINYINT AS month, p.days,
    visits.n::SMALLINT AS visits_1to2, visits.hos::SMALLINT AS visits_hos_1to2,
    visits.hog::SMALLINT AS visits_hog_1to2, visits.fm::SMALLINT AS visits_fm_1to2,
    ties_held.relations::TINYINT AS relations, ties_held.recognition::TINYINT AS recognition_1to2,
    ties_held.post_level AS post_level_1to2, ties_held.envoy_level AS envoy_level_1to2,
    posted.share AS envoy_share_1to2,
    aid.obligated AS aid_obligated_1to2, aid.disbursed AS aid_disbursed_1to2,
    others.coop::INTEGER AS acts_coop_1to2, others.conf::INTEGER AS acts_conf_1to2
FROM period AS p
JOIN code AS a ON a.ccode = p.ccode1
JOIN code AS b ON b.ccode = p.ccode2
LEFT JOIN visits USING (ccode1, ccode2, period)
LEFT JOIN others USING (ccode1, ccode2, period)
LEFT JOIN ties_held USING (ccode1, ccode2, period)
LEFT JOIN posted USING (ccode1, ccode2, period)
LEFT JOIN aid USING (ccode1, ccode2, period)
ORDER BY p.ccode1, p.ccode2, p.period
