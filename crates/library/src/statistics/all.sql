WITH sound AS (
    SELECT count(*) AS tracks, coalesce(sum(duration_ms), 0) AS duration_ms,
        coalesce(sum(size), 0) AS bytes
    FROM track WHERE missing IS NULL),
played AS (
    SELECT coalesce(sum(plays), 0) AS plays, coalesce(sum(plays * duration_ms), 0) AS played_ms,
        count(*) AS heard
    FROM track_mark JOIN track ON track.id = track_mark.track WHERE user = ?1 AND plays > 0)
SELECT sound.*, played.*,
    (SELECT count(*) FROM album WHERE tracks > 0) AS albums,
    (SELECT count(*) FROM artist WHERE tracks > 0) AS artists,
    (SELECT count(*) FROM genre WHERE tracks > 0) AS genres,
    (SELECT count(*) FROM track WHERE missing IS NOT NULL) AS missing,
    (SELECT count(*) FROM unreadable) AS unreadable,
    (SELECT count(*) FROM track_mark WHERE user = ?1 AND starred IS NOT NULL) AS starred_tracks,
    (SELECT count(*) FROM album_mark WHERE user = ?1 AND starred IS NOT NULL) AS starred_albums,
    (SELECT count(*) FROM artist_mark WHERE user = ?1 AND starred IS NOT NULL) AS starred_artists
FROM sound, played
