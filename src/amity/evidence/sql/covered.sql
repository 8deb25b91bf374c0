-- What is known of a period: whether of all its days together, and whether of the last one of them.
CREATE OR REPLACE TEMP TABLE covered AS
SELECT k.kind, s.ccode1, s.ccode2, s.period, any_value(p.last) AS last,
    sum(least(k."end", s.last) - greatest(k.start, s.first) + 1) = any_value(p.days) AS whole,
    bool_or(p.last BETWEEN k.start AND k."end") AS at_end
FROM stretch AS s
JOIN period AS p USING (ccode1, ccode2, period)
JOIN seen AS k ON k.ccode1 = s.ccode1 AND k.ccode2 = s.ccode2 AND k.start <= s.last AND k."end" >= s.first
GROUP BY k.kind, s.ccode1, s.ccode2, s.period
