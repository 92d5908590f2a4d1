//! Which track a path means that was written on another machine, or relative to another folder.

use store::rusqlite::Connection;
use unicode_normalization::UnicodeNormalization;

use super::{M3u, Place};
use crate::{Error, Library, TrackId};

/// What was found of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// The tracks, in order.
    pub tracks: Vec<TrackId>,
    /// What names none.
    pub unmatched: Vec<Unmatched>,
}

/// An entry that names no track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The line it stands on, from 1.
    pub line: usize,
    /// What it says.
    pub place: String,
    /// Why it names none.
    pub why: Why,
}

/// Why an entry names no track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// No file is called so.
    Unknown,
    /// Several are, and nothing tells them apart.
    Several,
    /// It is an address on a network.
    Elsewhere,
}

impl Library {
    /// Finds the tracks that a file names: for each entry the one that agrees with the most names at
    /// the end of its path. Composed and decomposed names are one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn match_m3u(&self, read: &M3u) -> Result<Matched, Error> {
        Ok(self.shelf()?.matched(read))
    }

    /// The paths of all tracks that are there.
    pub(crate) fn shelf(&self) -> Result<Shelf, Error> {
        self.read(Shelf::of)
    }
}

/// All paths that are there, from their ends, in order.
pub(crate) struct Shelf(Vec<(String, TrackId)>);

/// Behind every name; no name has it.
const END: char = '\0';

impl Shelf {
    fn of(connection: &Connection) -> Result<Self, Error> {
        let mut statement =
            connection.prepare_cached("SELECT path, id FROM track WHERE missing IS NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut paths = Vec::new();
        for row in rows {
            let (path, id) = row?;
            paths.push((backwards(path.split('/')), id));
        }
        paths.sort();
        Ok(Self(paths))
    }

    /// The tracks that a file names.
    pub(crate) fn matched(&self, read: &M3u) -> Matched {
        let mut matched = Matched::default();
        for entry in &read.entries {
            match self.find(&entry.place) {
                Ok(track) => matched.tracks.push(track),
                Err(why) => matched.unmatched.push(Unmatched {
                    line: entry.line,
                    place: entry.place.shown(),
                    why,
                }),
            }
        }
        matched
    }

    fn find(&self, place: &Place) -> Result<TrackId, Why> {
        let Place::Path(names) = place else { return Err(Why::Elsewhere) };
        let asked = backwards(names.iter().map(String::as_str));
        // Who agrees most stands beside the place where it would stand itself.
        let at = self.0.partition_point(|(path, _)| *path < asked);
        let before = at.checked_sub(1).and_then(|n| self.0.get(n));
        let common =
            |one: Option<&(String, TrackId)>| one.map_or(0, |(path, _)| agreed(path, &asked));
        let length = common(before).max(common(self.0.get(at)));
        let Some(most) = asked.get(..length).filter(|most| !most.is_empty()) else {
            return Err(Why::Unknown);
        };
        let from = self.0.partition_point(|(path, _)| path.as_str() < most);
        let agree = self.0.get(from..).unwrap_or_default();
        let agree = || agree.iter().take_while(|(path, _)| path.starts_with(most));
        let mut first = agree().map(|(_, id)| *id);
        if let (Some(only), None) = (first.next(), first.next()) {
            return Ok(only);
        }
        // One whose whole path it is agrees; the others stand in folders that are not named.
        let mut whole = agree().take_while(|(path, _)| path == most).map(|(_, id)| *id);
        match (whole.next(), whole.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(Why::Several),
        }
    }
}

/// The names of a path in one form, the last one first.
fn backwards<'a>(names: impl DoubleEndedIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for name in names.rev() {
        text.extend(name.nfc());
        text.push(END);
    }
    text
}

/// Bytes of the names that two paths have in common.
fn agreed(one: &str, other: &str) -> usize {
    let same = one.split_inclusive(END).zip(other.split_inclusive(END));
    same.take_while(|(one, other)| one == other).map(|(one, _)| one.len()).sum()
}
