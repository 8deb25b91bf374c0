-- How many events each source has with each of the states asked for, and of all (no state), by month.
SELECT source, month, ccode, events
FROM volumes
WHERE ccode IS NULL OR $codes IS NULL OR ccode = ANY($codes)
