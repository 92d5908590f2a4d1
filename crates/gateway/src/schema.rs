/// The part of the schema that is ours. Tables of others refer to `user(id)`.
///
/// `audit` refers to nobody: what somebody did stays known when they are gone.
pub const SCHEMA: store::Chapter = store::Chapter { name: "gateway", steps: &[FIRST] };

const FIRST: &str = "
CREATE TABLE user(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE,
    password TEXT NOT NULL,
    role TEXT NOT NULL CHECK(role IN ('admin', 'listener')),
    created INTEGER NOT NULL,
    disabled INTEGER NOT NULL DEFAULT 0 CHECK(disabled IN (0, 1))
) STRICT;
CREATE TABLE session(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    token_hash BLOB NOT NULL UNIQUE,
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    created INTEGER NOT NULL,
    last_used INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    agent TEXT NOT NULL
) STRICT;
CREATE INDEX session_of_user ON session(user, id);
CREATE INDEX session_by_use ON session(last_used);
CREATE INDEX session_by_end ON session(expires);
CREATE TABLE api_key(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    sealed BLOB,
    created INTEGER NOT NULL,
    last_used INTEGER,
    revoked INTEGER
) STRICT;
CREATE INDEX api_key_of_user ON api_key(user, id);
CREATE INDEX api_key_sealed ON api_key(user) WHERE sealed IS NOT NULL;
CREATE TABLE audit(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    user INTEGER,
    name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK(outcome IN ('done', 'refused')),
    client TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_outcome ON audit(outcome, id);
";
