//! What is there, read for one listener: things by their ids, and lists in an order.
//!
//! A list is found as ids by an index alone; then the things themselves are loaded, in the same order.

mod albums;
mod artists;
#[cfg(test)]
mod explain;
mod folders;
mod genres;
pub mod keyset;
mod load;
mod tracks;

use store::rusqlite::types::FromSql;
use store::rusqlite::{Connection, Params};

use crate::Error;

pub use albums::AlbumList;
pub use artists::ArtistList;
pub use folders::FolderContents;
pub use tracks::TrackList;

pub(crate) use load::{albums, artists, json, known, tracks};

/// A part of a list, counted from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Things passed over.
    pub offset: u64,
    /// Things wanted.
    pub limit: u64,
}

impl Page {
    /// Everything that fits in one answer.
    pub const WHOLE: Page = Page { offset: 0, limit: u64::MAX };

    /// As SQLite takes them.
    pub(crate) fn values(self) -> (i64, i64) {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        (whole(self.limit), whole(self.offset))
    }
}

/// The ids a list's statement finds, in its order.
fn found<I: FromSql>(
    connection: &Connection,
    sql: &str,
    asked: impl Params,
) -> Result<Vec<I>, Error> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(asked, |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
