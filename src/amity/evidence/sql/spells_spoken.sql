-- What each source says that it speaks about, as far as it bears on the states asked for; missing: every state.
SELECT "table", kind, source, ccode_from, ccode_to, start, "end"
FROM coverage
WHERE "table" = ANY($tables) AND start <= "end"
    AND ($codes IS NULL OR ((ccode_from IS NULL OR ccode_from = ANY($codes)) AND (ccode_to IS NULL OR ccode_to = ANY($codes))))
