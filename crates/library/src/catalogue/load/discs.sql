SELECT album, disc, min(disc_title) FROM track
WHERE album IN (SELECT value FROM json_each(?1)) AND missing IS NULL
    AND disc IS NOT NULL AND disc_title IS NOT NULL
GROUP BY album, disc ORDER BY album, disc
