-- Days on which both states of a wanted pair are in the system; open spells run to the end of time.
CREATE OR REPLACE TEMP TABLE together AS
SELECT w.ccode1, w.ccode2, greatest(a.start, b.start) AS start, least(a."end", b."end") AS "end"
FROM wanted AS w
JOIN system_spell AS a ON a.ccode = w.ccode1
JOIN system_spell AS b ON b.ccode = w.ccode2
WHERE a.start <= b."end" AND b.start <= a."end"
