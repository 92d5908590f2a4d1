SELECT album, artist.id, artist.name FROM album_artist
JOIN artist ON artist.id = album_artist.artist
WHERE album IN (SELECT value FROM json_each(?1)) ORDER BY album, position
