SELECT track.album, genre.name, min(disc), min(number) FROM track
JOIN track_genre ON track_genre.track = track.id JOIN genre ON genre.id = track_genre.genre
WHERE track.album IN (SELECT value FROM json_each(?1)) AND track.missing IS NULL
GROUP BY track.album, genre.id ORDER BY track.album, min(disc), min(number), min(position), genre.id
