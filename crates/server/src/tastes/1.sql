-- How a listener wants things mastered.
CREATE TABLE taste(
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    -- A track, an album, or "player:" and a name.
    scope TEXT NOT NULL,
    -- Preset, intensity and loudness; none for the sound as it came.
    wanted TEXT,
    PRIMARY KEY (user, scope)
) STRICT, WITHOUT ROWID;
