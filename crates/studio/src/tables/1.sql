-- A song is what its finished jobs made: each of them a version.
CREATE TABLE song(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX song_user ON song(user, id);

CREATE TABLE job(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    -- What is to be made, as JSON: a song or a master.
    request TEXT NOT NULL,
    -- Of a new song only once it is finished.
    song INTEGER REFERENCES song(id) ON DELETE CASCADE,
    version INTEGER CHECK(version BETWEEN 1 AND 1000000000),
    -- The version it was remade from.
    parent INTEGER CHECK(parent BETWEEN 1 AND 1000000000),
    state TEXT NOT NULL CHECK(
        state IN ('queued', 'making', 'finished', 'failed', 'cancelled', 'altered')
    ),
    -- Whether it was asked to stop while it was composed.
    cancelling INTEGER NOT NULL DEFAULT 0 CHECK(cancelling IN (0, 1)),
    -- How often an end of the program cut it off.
    attempts INTEGER NOT NULL DEFAULT 0 CHECK(attempts BETWEEN 0 AND 1000),
    -- Counts starts of all jobs: whose last is longest ago is next.
    turn INTEGER NOT NULL DEFAULT 0,
    title TEXT,
    -- The name of its master among the composed files.
    file TEXT,
    -- Of a master and its report. No references: they may be collected.
    master INTEGER,
    report INTEGER,
    passed INTEGER CHECK(passed IN (0, 1)),
    -- Why it failed, for people, and in the words of the error.
    reason TEXT,
    detail TEXT,
    created INTEGER NOT NULL,
    started INTEGER,
    ended INTEGER,
    -- What the record was when this program wrote it.
    seal BLOB NOT NULL
) STRICT;
CREATE INDEX job_user ON job(user, id);
CREATE INDEX job_turn ON job(user, turn);
CREATE INDEX job_open ON job(state, user) WHERE state IN ('queued', 'making');
CREATE UNIQUE INDEX job_song ON job(song, version) WHERE version IS NOT NULL;

CREATE TABLE artifact(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK(length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK(bytes >= 0),
    song INTEGER REFERENCES song(id) ON DELETE CASCADE,
    version INTEGER,
    -- What it was made anew from. No reference: an ancestor may be gone, its id is never used again.
    parent INTEGER,
    created INTEGER NOT NULL,
    deleted INTEGER,
    seal BLOB NOT NULL
) STRICT;
CREATE INDEX artifact_user ON artifact(user, bytes);
CREATE INDEX artifact_song ON artifact(song, version, name);
CREATE INDEX artifact_sha256 ON artifact(sha256);
CREATE INDEX artifact_deleted ON artifact(deleted) WHERE deleted IS NOT NULL;
