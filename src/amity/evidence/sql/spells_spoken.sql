-- What each source says that it speaks about, as far as it bears on the states asked for; missing: every state.
SELECT kind, source, ccode_from, ccode_to, start, "end"
FROM coverage
WHERE "table" = $table AND kind IN (SELECT unnest($kinds) UNION ALL SELECT '*') AND start <= "end"
    AND ($codes IS NULL OR ((ccode_from IS NULL OR ccode_from = ANY($codes)) AND (ccode_to IS NULL OR ccode_to = ANY($codes))))
