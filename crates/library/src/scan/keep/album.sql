INSERT INTO album(key, lead, title, sort, artist_line, artist_sort, year, date, release_date,
    original_date, compilation, mbid, group_mbid, label, added)
VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT(key) DO UPDATE SET
    lead = excluded.lead, title = excluded.title, sort = excluded.sort,
    artist_line = excluded.artist_line, artist_sort = excluded.artist_sort, year = excluded.year,
    date = excluded.date, release_date = excluded.release_date,
    original_date = excluded.original_date, compilation = excluded.compilation, mbid = excluded.mbid,
    group_mbid = excluded.group_mbid, label = excluded.label
RETURNING id
