-- What each source says that it speaks about, as far as it bears on the states asked for; missing: every state.
SELECT *
FROM coverage
WHERE (ccode_from IS NULL OR ccode_from = ANY($codes)) AND (ccode_to IS NULL OR ccode_to = ANY($codes))
