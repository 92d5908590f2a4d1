SELECT starred, rating, plays, played, album.* FROM album
LEFT JOIN album_mark ON album_mark.album = album.id AND album_mark.user = ?1
WHERE album.id IN (SELECT value FROM json_each(?2))
