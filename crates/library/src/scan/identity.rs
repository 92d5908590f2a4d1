//! When a file at a new place is a track the library knows.

use std::path::{Path, PathBuf};

use audio_file::Description;
use store::rusqlite::{Connection, Statement};

use super::read::Found;
use crate::folding::identity;
use crate::{Error, RootId, TrackId};

/// Two codings of one recording differ by less: padding, a cut of silence.
const MAX_LENGTH_DIFFERENCE_MS: i64 = 2_000;
/// Tracks of one essence that are looked at, those of the same words first; more are copies of one file,
/// and each costs a look at the disk.
const MAX_CANDIDATES: i64 = 8;

/// The folded words that name a track, whatever its coding; the path where it says too little.
pub(super) fn words(said: &Description, path: &str) -> String {
    let disc = said.disc.unwrap_or(1);
    let number = said.track.map(|n| n.to_string()).unwrap_or_default();
    if let (Some(recording), Some(release)) = (&said.recording_id, &said.release_id) {
        return format!("mbid|{recording}|{release}|{disc}|{number}");
    }
    match (&said.title, &said.artist_line, &said.album) {
        (Some(title), Some(artist), album) => {
            let album = album.as_deref().map(identity).unwrap_or_default();
            format!("said|{}|{album}|{disc}|{number}|{}", identity(artist), identity(title))
        }
        _ => format!("path|{path}"),
    }
}

/// The track that this file was before it came to its place: one of the same essence, or of the same
/// words and length, whose own file is gone. Tracks of roots that are not there now do not count:
/// their disk may come back.
pub(super) fn moved(
    connection: &Connection,
    live: &[(RootId, PathBuf)],
    found: &Found,
) -> Result<Option<TrackId>, Error> {
    // One after the other, so that no index is walked further than that: a sound that a collection has
    // a thousand times, such as a second of silence, costs no more than any other.
    for of_essence in [
        "SELECT id, root, path FROM track WHERE essence = ?1 AND words = ?2 ORDER BY id LIMIT ?3",
        "SELECT id, root, path FROM track WHERE essence = ?1 AND words < ?2 LIMIT ?3",
        "SELECT id, root, path FROM track WHERE essence = ?1 AND words > ?2 LIMIT ?3",
    ] {
        let mut statement = connection.prepare_cached(of_essence)?;
        let asked = (&found.essence, &found.words, MAX_CANDIDATES);
        if let Some(same) = first_gone(&mut statement, asked, live)? {
            return Ok(Some(same));
        }
    }
    if found.words.starts_with("path|") {
        return Ok(None);
    }
    let mut by_words = connection.prepare_cached(
        "SELECT id, root, path FROM track
         WHERE words = ?1 AND abs(duration_ms - ?2) < ?3 ORDER BY id LIMIT ?4",
    )?;
    let length = found.said.sound.duration_ms.cast_signed();
    let asked = (&found.words, length, MAX_LENGTH_DIFFERENCE_MS, MAX_CANDIDATES);
    first_gone(&mut by_words, asked, live)
}

fn first_gone(
    statement: &mut Statement<'_>,
    asked: impl store::rusqlite::Params,
    live: &[(RootId, PathBuf)],
) -> Result<Option<TrackId>, Error> {
    let mut rows = statement.query(asked)?;
    while let Some(row) = rows.next()? {
        let (id, root, path): (TrackId, RootId, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let place = live.iter().find(|(live, _)| *live == root).map(|(_, place)| place);
        if place.is_some_and(|place: &PathBuf| is_gone(&place.join(&path))) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn is_gone(file: &Path) -> bool {
    matches!(file.try_exists(), Ok(false))
}
