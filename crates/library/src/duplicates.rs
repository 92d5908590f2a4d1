//! Tracks that are there more than once.

use store::UserId;
use store::rusqlite::params;

use crate::catalogue::{self, Page};
use crate::model::Track;
use crate::{Error, Library, TrackId};

/// Two codings of one recording differ by no more: padding, a cut of silence.
const MAX_LENGTH_DIFFERENCE_MS: i64 = 2_000;

/// What makes tracks one and the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Bit for bit the same coded sound, whatever its tags and place.
    Essence,
    /// The same words and number on the same album, and a length within two seconds: perhaps another
    /// coding.
    Words,
}

impl Library {
    /// Groups of tracks that are alike, each group of at least two, by name. A page counts what they
    /// have in common; under the same words stands more than one group where lengths fall apart.
    ///
    /// # Errors
    /// Those of the database.
    pub fn duplicates(
        &self,
        user: UserId,
        likeness: Likeness,
        page: Page,
    ) -> Result<Vec<Vec<Track>>, Error> {
        let sql = match likeness {
            Likeness::Essence => include_str!("duplicates/essence.sql"),
            Likeness::Words => include_str!("duplicates/words.sql"),
        };
        let (limit, offset) = page.values();
        self.read(|connection| {
            let mut statement = connection.prepare_cached(sql)?;
            let asked = params![MAX_LENGTH_DIFFERENCE_MS, limit, offset];
            let rows = statement.query_map(asked, |row| {
                Ok(Row { group: row.get(0)?, length: row.get(1)?, track: row.get(2)? })
            })?;
            let rows: Vec<Row> = rows.collect::<Result<_, _>>()?;
            let groups: Vec<&[Row]> = rows
                .chunk_by(|one, other| match likeness {
                    Likeness::Essence => one.group == other.group,
                    Likeness::Words => {
                        one.group == other.group
                            && other.length - one.length <= MAX_LENGTH_DIFFERENCE_MS
                    }
                })
                .filter(|group| group.len() > 1)
                .collect();
            let tracks = groups.into_iter().map(|group| {
                let ids: Vec<TrackId> = group.iter().map(|row| row.track).collect();
                catalogue::tracks(connection, user, &ids)
            });
            tracks.collect()
        })
    }
}

/// A track, and the number of what it has in common with others; by length within that.
struct Row {
    group: i64,
    length: i64,
    track: TrackId,
}
