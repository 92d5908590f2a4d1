INSERT INTO track(id, root, folder, path, size, modified, essence, words, album, title, sort,
    artist_line, artist_sort, disc, disc_title, number, year, date, genre_line, comment, moods, isrcs,
    mbid, bpm, codec, suffix, duration_ms, bitrate_kbps, rate_hz, bits, channels, track_gain,
    track_peak, album_gain, album_peak, added)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
    ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)
ON CONFLICT(id) DO UPDATE SET
    root = excluded.root, folder = excluded.folder, path = excluded.path, size = excluded.size,
    modified = excluded.modified, essence = excluded.essence, words = excluded.words,
    album = excluded.album, title = excluded.title, sort = excluded.sort,
    artist_line = excluded.artist_line, artist_sort = excluded.artist_sort, disc = excluded.disc,
    disc_title = excluded.disc_title, number = excluded.number, year = excluded.year,
    date = excluded.date, genre_line = excluded.genre_line, comment = excluded.comment,
    moods = excluded.moods, isrcs = excluded.isrcs, mbid = excluded.mbid, bpm = excluded.bpm,
    codec = excluded.codec, suffix = excluded.suffix, duration_ms = excluded.duration_ms,
    bitrate_kbps = excluded.bitrate_kbps, rate_hz = excluded.rate_hz, bits = excluded.bits,
    channels = excluded.channels, track_gain = excluded.track_gain, track_peak = excluded.track_peak,
    album_gain = excluded.album_gain, album_peak = excluded.album_peak, missing = NULL
RETURNING id
