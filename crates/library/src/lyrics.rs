//! The words of a song, timed (LRC) or not.

mod parse;

use store::rusqlite::{OptionalExtension, params};

use crate::{Error, Library, TrackId, folding};

/// Tracks with lyrics that are looked at for one artist and title; more would be found by no name.
const MAX_CANDIDATES: i64 = 1_000;

/// The words of a song.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lyrics {
    /// Whether the lines say when they are sung: then all of them do, in order.
    pub synced: bool,
    /// The language as the text names it ("en", "deu"); none where it does not.
    pub language: Option<String>,
    /// What players add: lines are sung so many milliseconds sooner, or later where it is negative.
    /// The times of the lines are as they stand in the text.
    pub offset_ms: i64,
    /// The lines, in order; an empty one is a pause.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// Milliseconds from the beginning; none in lyrics without times.
    pub start_ms: Option<u64>,
    /// What is sung.
    pub text: String,
}

impl Library {
    /// The words of a track; none where it has none.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub fn lyrics(&self, track: TrackId) -> Result<Option<Lyrics>, Error> {
        let text: Option<String> = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT text FROM track LEFT JOIN lyrics ON lyrics.track = track.id
                 WHERE track.id = ?1",
            )?;
            let found = statement.query_row([track], |row| row.get(0)).optional()?;
            found.ok_or(Error::Absent("the track"))
        })?;
        Ok(text.as_deref().map(Lyrics::parse).filter(|lyrics| !lyrics.lines.is_empty()))
    }

    /// The words of the track of an artist and a title, whatever their case and composition: for
    /// clients that know no ids.
    ///
    /// # Errors
    /// Those of the database.
    pub fn find_lyrics(
        &self,
        artist: &str,
        title: &str,
    ) -> Result<Option<(TrackId, Lyrics)>, Error> {
        let Some(query) = folding::query(&format!("{title} {artist}")) else { return Ok(None) };
        let asked = (folding::identity(artist), folding::identity(title));
        let found = self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT track.id, track.title, track.artist_line, text FROM track_search
                 JOIN track ON track.id = track_search.rowid JOIN lyrics ON lyrics.track = track.id
                 WHERE track_search MATCH ?1 AND missing IS NULL LIMIT ?2",
            )?;
            let mut rows = statement.query(params![query, MAX_CANDIDATES])?;
            while let Some(row) = rows.next()? {
                let (title, artist): (String, String) = (row.get(1)?, row.get(2)?);
                let said = (folding::identity(&artist), folding::identity(&title));
                // An artist nobody asked for is any artist.
                if said.1 == asked.1 && (asked.0.is_empty() || said.0 == asked.0) {
                    return Ok(Some((row.get(0)?, row.get::<_, String>(3)?)));
                }
            }
            Ok::<_, Error>(None)
        })?;
        let found = found.map(|(track, text)| (track, Lyrics::parse(&text)));
        Ok(found.filter(|(_, lyrics)| !lyrics.lines.is_empty()))
    }
}
