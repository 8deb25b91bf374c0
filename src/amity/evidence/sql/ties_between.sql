-- Ties of some kinds between the states asked for.
SELECT source, kind, ccode_from, ccode_to, start, start_precision, "end", end_precision
FROM ties
WHERE kind = ANY($kinds) AND ($codes IS NULL OR (ccode_from = ANY($codes) AND ccode_to = ANY($codes)))
