-- Roots and what lies in them. Paths are relative to their root, with "/" between names.
CREATE TABLE root(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE folder(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    parent INTEGER REFERENCES folder ON DELETE CASCADE,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    -- Of the names, sizes and times in it when it was last read; another digest is another content.
    digest BLOB,
    -- The best picture in it, by name.
    cover TEXT,
    missing INTEGER,
    UNIQUE(root, path)
) STRICT;
CREATE INDEX folder_parent ON folder(parent, name);

CREATE TABLE artist(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What makes it this artist: the name, whatever its case and composition.
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    sort TEXT NOT NULL,
    mbid TEXT,
    -- Albums it stands before, kept by the scan; 0 for those who only play along.
    albums INTEGER NOT NULL DEFAULT 0,
    tracks INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX artist_sort ON artist(sort, id);
CREATE INDEX artist_leads ON artist(sort, id) WHERE albums > 0;

CREATE TABLE album(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- What makes it this album: "mbid:...", "words:..." or "folder:...".
    key TEXT NOT NULL UNIQUE,
    -- Place and name of the track whose words are the album's: the first one.
    lead TEXT NOT NULL,
    title TEXT NOT NULL,
    sort TEXT NOT NULL,
    artist_line TEXT NOT NULL,
    artist_sort TEXT NOT NULL,
    year INTEGER,
    date TEXT,
    release_date TEXT,
    original_date TEXT,
    compilation INTEGER NOT NULL DEFAULT 0,
    mbid TEXT,
    group_mbid TEXT,
    label TEXT,
    genre_line TEXT,
    -- Sums over its tracks that are there, kept by the scan.
    tracks INTEGER NOT NULL DEFAULT 0,
    duration_ms INTEGER NOT NULL DEFAULT 0,
    added INTEGER NOT NULL
) STRICT;
CREATE INDEX album_sort ON album(sort, id) WHERE tracks > 0;
CREATE INDEX album_artist_sort ON album(artist_sort, sort, id) WHERE tracks > 0;
CREATE INDEX album_added ON album(added DESC, id DESC) WHERE tracks > 0;
CREATE INDEX album_year ON album(year, sort, id) WHERE tracks > 0;

CREATE TABLE album_artist(
    album INTEGER NOT NULL REFERENCES album ON DELETE CASCADE,
    position INTEGER NOT NULL,
    artist INTEGER NOT NULL REFERENCES artist,
    PRIMARY KEY(album, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_artist_artist ON album_artist(artist, album);

CREATE TABLE genre(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    tracks INTEGER NOT NULL DEFAULT 0,
    albums INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX genre_name ON genre(name, id);

CREATE TABLE track(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    root INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    folder INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    -- Of the coded sound; stays when words and places change.
    essence BLOB,
    -- Folded words that name it: stays when the file is coded anew.
    words TEXT NOT NULL,
    album INTEGER NOT NULL REFERENCES album,
    title TEXT NOT NULL,
    sort TEXT NOT NULL,
    artist_line TEXT NOT NULL,
    artist_sort TEXT NOT NULL,
    disc INTEGER,
    disc_title TEXT,
    number INTEGER,
    year INTEGER,
    date TEXT,
    genre_line TEXT,
    comment TEXT,
    moods TEXT,
    isrcs TEXT,
    mbid TEXT,
    bpm INTEGER,
    codec TEXT NOT NULL,
    suffix TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    bitrate_kbps INTEGER,
    rate_hz INTEGER,
    bits INTEGER,
    channels INTEGER,
    track_gain REAL,
    track_peak REAL,
    album_gain REAL,
    album_peak REAL,
    added INTEGER NOT NULL,
    -- Since when the file is not where it was; null while it is.
    missing INTEGER,
    UNIQUE(root, path)
) STRICT;
-- With the root: whether an album has a track in one is told by the index alone.
CREATE INDEX track_album ON track(album, disc, number, path, root) WHERE missing IS NULL;
CREATE INDEX track_folder ON track(folder, path);
CREATE INDEX track_essence ON track(essence, words);
CREATE INDEX track_words ON track(words);
CREATE INDEX track_sort ON track(sort, id) WHERE missing IS NULL;
CREATE INDEX track_artist_sort ON track(artist_sort, sort, id) WHERE missing IS NULL;
CREATE INDEX track_added ON track(added DESC, id DESC) WHERE missing IS NULL;
CREATE INDEX track_year ON track(year, sort, id) WHERE missing IS NULL;
CREATE INDEX track_duration ON track(duration_ms, id) WHERE missing IS NULL;
CREATE INDEX track_missing ON track(missing, id) WHERE missing IS NOT NULL;

CREATE TABLE credit(
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    -- 0 the artist; the others as the code lists them.
    role INTEGER NOT NULL,
    position INTEGER NOT NULL,
    artist INTEGER NOT NULL REFERENCES artist,
    PRIMARY KEY(track, role, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_artist ON credit(artist, role, track);

CREATE TABLE track_genre(
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    position INTEGER NOT NULL,
    genre INTEGER NOT NULL REFERENCES genre,
    PRIMARY KEY(track, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX track_genre_genre ON track_genre(genre, track);

-- Words that are sung, as they stood in the file or beside it.
CREATE TABLE lyrics(
    track INTEGER PRIMARY KEY REFERENCES track ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;

-- Files that could not be read, with the reason.
CREATE TABLE unreadable(
    root INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    folder INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY(root, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX unreadable_folder ON unreadable(folder);

-- What is searched: folded words, one row a track, an album, an artist, with their ids.
CREATE VIRTUAL TABLE track_search USING fts5(
    title, artist, album, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE album_search USING fts5(
    title, artist, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');
CREATE VIRTUAL TABLE artist_search USING fts5(
    name, content='', contentless_delete=1, tokenize='ascii', prefix='1 2 3');

-- What a listener thinks of things.
CREATE TABLE track_mark(
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    starred INTEGER,
    rating INTEGER,
    plays INTEGER NOT NULL DEFAULT 0,
    skips INTEGER NOT NULL DEFAULT 0,
    played INTEGER,
    PRIMARY KEY(user, track)
) STRICT, WITHOUT ROWID;
CREATE INDEX track_mark_track ON track_mark(track);
CREATE INDEX track_mark_starred ON track_mark(user, starred DESC, track) WHERE starred IS NOT NULL;
CREATE INDEX track_mark_played ON track_mark(user, played DESC, track) WHERE played IS NOT NULL;
CREATE INDEX track_mark_plays ON track_mark(user, plays DESC, track) WHERE plays > 0;
CREATE INDEX track_mark_rating ON track_mark(user, rating DESC, track) WHERE rating IS NOT NULL;

CREATE TABLE album_mark(
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    album INTEGER NOT NULL REFERENCES album ON DELETE CASCADE,
    starred INTEGER,
    rating INTEGER,
    plays INTEGER NOT NULL DEFAULT 0,
    played INTEGER,
    PRIMARY KEY(user, album)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_mark_album ON album_mark(album);
CREATE INDEX album_mark_starred ON album_mark(user, starred DESC, album) WHERE starred IS NOT NULL;
CREATE INDEX album_mark_played ON album_mark(user, played DESC, album) WHERE played IS NOT NULL;
CREATE INDEX album_mark_plays ON album_mark(user, plays DESC, album) WHERE plays > 0;
CREATE INDEX album_mark_rating ON album_mark(user, rating DESC, album) WHERE rating IS NOT NULL;

CREATE TABLE artist_mark(
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    artist INTEGER NOT NULL REFERENCES artist ON DELETE CASCADE,
    starred INTEGER,
    rating INTEGER,
    plays INTEGER NOT NULL DEFAULT 0,
    played INTEGER,
    PRIMARY KEY(user, artist)
) STRICT, WITHOUT ROWID;
CREATE INDEX artist_mark_artist ON artist_mark(artist);
CREATE INDEX artist_mark_starred ON artist_mark(user, starred DESC, artist) WHERE starred IS NOT NULL;

-- Every real play.
CREATE TABLE play(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    at INTEGER NOT NULL,
    client TEXT NOT NULL
) STRICT;
CREATE INDEX play_user ON play(user, at DESC, id DESC);
CREATE INDEX play_track ON play(track, user);

CREATE TABLE playlist(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    name TEXT NOT NULL,
    comment TEXT NOT NULL DEFAULT '',
    public INTEGER NOT NULL DEFAULT 0,
    -- A smart playlist's rules, as JSON; null in one made by hand.
    rules TEXT,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX playlist_owner ON playlist(owner, name, id);
CREATE INDEX playlist_public ON playlist(name, id) WHERE public = 1;

CREATE TABLE playlist_entry(
    playlist INTEGER NOT NULL REFERENCES playlist ON DELETE CASCADE,
    position INTEGER NOT NULL,
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    PRIMARY KEY(playlist, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX playlist_entry_track ON playlist_entry(track);

-- Files of playlists that lie among the music, as they were when they were last read.
CREATE TABLE playlist_file(
    root INTEGER NOT NULL REFERENCES root ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,
    -- Whether all that it names was found; else it is read again when tracks have changed.
    whole INTEGER NOT NULL,
    owner INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    -- What was made of it; null where nothing was, or its owner has deleted it.
    playlist INTEGER REFERENCES playlist ON DELETE SET NULL,
    -- When the playlist was changed last, as the import left it: another moment is a change by hand.
    changed INTEGER,
    PRIMARY KEY(root, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX playlist_file_playlist ON playlist_file(playlist);
CREATE INDEX playlist_file_owner ON playlist_file(owner);

CREATE TABLE queue(
    user INTEGER PRIMARY KEY REFERENCES user ON DELETE CASCADE,
    -- The place of the current track among the entries, and how far it was played.
    current INTEGER NOT NULL,
    position_ms INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    client TEXT NOT NULL
) STRICT;

CREATE TABLE queue_entry(
    user INTEGER NOT NULL REFERENCES queue ON DELETE CASCADE,
    position INTEGER NOT NULL,
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    PRIMARY KEY(user, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX queue_entry_track ON queue_entry(track);

-- Queues as they were, for undo: track ids as JSON.
CREATE TABLE queue_past(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    tracks TEXT NOT NULL,
    current INTEGER NOT NULL,
    position_ms INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    client TEXT NOT NULL
) STRICT;
CREATE INDEX queue_past_user ON queue_past(user, id DESC);

CREATE TABLE bookmark(
    user INTEGER NOT NULL REFERENCES user ON DELETE CASCADE,
    track INTEGER NOT NULL REFERENCES track ON DELETE CASCADE,
    position_ms INTEGER NOT NULL,
    comment TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY(user, track)
) STRICT, WITHOUT ROWID;
CREATE INDEX bookmark_track ON bookmark(track);

-- What was measured of a track's sound; of an older revision, or of another sound than the track has
-- now, it is measured again.
CREATE TABLE analysis(
    track INTEGER PRIMARY KEY REFERENCES track ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    -- The essence of the file that was heard, or its size and time where it had none.
    sound ANY NOT NULL,
    -- Why there are no figures; null where there are.
    failure TEXT,
    lufs REAL,
    true_peak_dbtp REAL,
    range_lu REAL,
    fingerprint BLOB
) STRICT;

-- What it looks like; apart, so that the figures of all tracks are read quickly.
CREATE TABLE waveform(
    track INTEGER PRIMARY KEY REFERENCES analysis ON DELETE CASCADE,
    peaks BLOB NOT NULL
) STRICT;
