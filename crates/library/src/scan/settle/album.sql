UPDATE album SET (tracks, duration_ms, added, genre_line) = (
    SELECT count(*), coalesce(sum(duration_ms), 0), coalesce(min(track.added), album.added),
        (SELECT genre_line FROM track AS first WHERE first.album = ?1 AND first.missing IS NULL
         ORDER BY disc, number, path LIMIT 1)
    FROM track WHERE album = ?1 AND missing IS NULL)
WHERE id = ?1
