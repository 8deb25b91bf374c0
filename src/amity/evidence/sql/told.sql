-- What each source of events tells of the periods about which it speaks: inside them nothing told is zero.
SELECT c.kind AS source, c.ccode1, c.ccode2, year(c.period)::SMALLINT AS year, month(c.period)::TINYINT AS month,
    coalesce(n.vcoop, 0)::INTEGER AS vcoop, coalesce(n.mcoop, 0)::INTEGER AS mcoop,
    coalesce(n.vconf, 0)::INTEGER AS vconf, coalesce(n.mconf, 0)::INTEGER AS mconf,
    coalesce(n.events, 0)::INTEGER AS events,
    CASE WHEN n.events > 0 THEN n.articles WHEN v.counts_articles THEN 0 END::INTEGER AS articles,
    coalesce(n.force_tenths, 0)::DOUBLE / 10 AS force,
    coalesce(a.events, 0)::INTEGER AS volume1, coalesce(b.events, 0)::INTEGER AS volume2,
    coalesce(v.events, 0)::INTEGER AS volume
FROM covered AS c
LEFT JOIN counted AS n ON n.source = c.kind AND n.ccode1 = c.ccode1 AND n.ccode2 = c.ccode2 AND n.period = c.period
LEFT JOIN loudness AS v ON v.source = c.kind AND v.period = c.period AND v.ccode IS NULL
LEFT JOIN loudness AS a ON a.source = c.kind AND a.period = c.period AND a.ccode = c.ccode1
LEFT JOIN loudness AS b ON b.source = c.kind AND b.period = c.period AND b.ccode = c.ccode2
WHERE c.whole AND c.kind = ANY($sources)
