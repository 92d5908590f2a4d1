-- What mastering does to a sound while it is heard: solved and measured, as JSON. By what the sound is and
-- all that decides about it; nothing of it is anybody's.
CREATE TABLE plan(
    essence BLOB NOT NULL,
    preset TEXT NOT NULL,
    -- Loudness, tenths of LUFS.
    tenths INTEGER NOT NULL,
    -- How much of it.
    percent INTEGER NOT NULL CHECK(percent BETWEEN 0 AND 100),
    revision INTEGER NOT NULL,
    -- Counts plans of a sound: the one made first makes room.
    made INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (essence, preset, tenths, percent)
) STRICT, WITHOUT ROWID;
