WITH led AS (
    SELECT album_artist.artist AS id, count(*) AS n FROM album_artist
    JOIN album ON album.id = album_artist.album WHERE album.tracks > 0 GROUP BY 1),
played AS (
    SELECT credit.artist AS id, count(DISTINCT track.id) AS n FROM credit
    JOIN track ON track.id = credit.track WHERE track.missing IS NULL GROUP BY 1)
UPDATE artist SET albums = counted.albums, tracks = counted.tracks FROM (
    SELECT artist.id, coalesce(led.n, 0) AS albums, coalesce(played.n, 0) AS tracks FROM artist
    LEFT JOIN led ON led.id = artist.id LEFT JOIN played ON played.id = artist.id) AS counted
WHERE artist.id = counted.id
    AND (artist.albums, artist.tracks) IS NOT (counted.albums, counted.tracks);
WITH counted AS (
    SELECT genre.id, count(track.id) AS tracks, count(DISTINCT track.album) AS albums FROM genre
    LEFT JOIN track_genre ON track_genre.genre = genre.id
    LEFT JOIN track ON track.id = track_genre.track AND track.missing IS NULL GROUP BY genre.id)
UPDATE genre SET tracks = counted.tracks, albums = counted.albums FROM counted
WHERE genre.id = counted.id AND (genre.tracks, genre.albums) IS NOT (counted.tracks, counted.albums);
