//! Files that look like music and could not be read.

use clock::Nanos;
use store::rusqlite::params;

use crate::{Error, Library, RootId};

/// A file that could not be read when it was last looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The root it is in.
    pub root: RootId,
    /// Its path below the root.
    pub path: String,
    /// What its reader said of it.
    pub reason: String,
    /// Since when.
    pub since: Nanos,
}

impl Library {
    /// Files that could not be read, by root and path, behind one of them or from the first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn unreadable(
        &self,
        after: Option<(RootId, &str)>,
        limit: usize,
    ) -> Result<Vec<Unreadable>, Error> {
        let (root, path) = after.unwrap_or((RootId(0), ""));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT root, path, reason, since FROM unreadable
                 WHERE (root, path) > (?1, ?2) ORDER BY root, path LIMIT ?3",
            )?;
            let rows = statement.query_map(params![root, path, limit], |row| {
                let since = Nanos(row.get(3)?);
                Ok(Unreadable { root: row.get(0)?, path: row.get(1)?, reason: row.get(2)?, since })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}
