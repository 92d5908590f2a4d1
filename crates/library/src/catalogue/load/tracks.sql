SELECT starred, rating, plays, played, track.*, album.title AS album_title,
    album.artist_line AS album_artist_line
FROM track JOIN album ON album.id = track.album
LEFT JOIN track_mark ON track_mark.track = track.id AND track_mark.user = ?1
WHERE track.id IN (SELECT value FROM json_each(?2))
