//! Playlists as M3U and M3U8 files, in and out.
//!
//! A path in such a file names a track and nothing else: no file is ever opened by it.

mod matching;
mod place;

use store::UserId;

pub use matching::{Matched, Unmatched, Why};
pub use place::Place;

pub(crate) use matching::Shelf;

use crate::playlists::{Content, MAX_ENTRIES, NewPlaylist};
use crate::{Error, Library, PlaylistId};

/// A larger file is no playlist.
pub const MAX_BYTES: usize = 5 << 20;

/// A file as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct M3u {
    /// What it calls itself (`#PLAYLIST:`).
    pub name: Option<String>,
    /// Its tracks.
    pub entries: Vec<Entry>,
}

/// A track as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The line it stands on, from 1.
    pub line: usize,
    /// Where it is.
    pub place: Place,
    /// Whole seconds (`#EXTINF:`); none where they are not known.
    pub seconds: Option<u64>,
    /// Who and what, in one line; empty where nothing is said.
    pub words: String,
}

/// A track as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The file below the root.
    pub path: &'a str,
    /// Its length in milliseconds.
    pub duration_ms: u64,
    /// Who plays it.
    pub artist: &'a str,
    /// What.
    pub title: &'a str,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The playlist.
    pub id: PlaylistId,
    /// How many tracks are in it.
    pub tracks: usize,
    /// What was not found.
    pub unmatched: Vec<Unmatched>,
}

/// Reads a file: UTF-8 with a mark at its beginning or without, else Latin-1; lines that end in any way.
///
/// # Errors
/// [`Error::Asked`] for more than 5 MiB or 50,000 tracks.
pub fn parse(bytes: &[u8]) -> Result<M3u, Error> {
    parse_in("", bytes)
}

/// The same for a file that lies in this folder of a root: paths that begin nowhere begin there.
pub(crate) fn parse_in(folder: &str, bytes: &[u8]) -> Result<M3u, Error> {
    if bytes.len() > MAX_BYTES {
        let given = format!("{} bytes", bytes.len());
        return Err(Error::Asked { what: "a playlist of", given, accepted: "at most 5 MiB" });
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().copied().map(char::from).collect(), str::to_owned);
    // "\r\n" is one end of a line and not two, for the numbers of lines.
    let text = text.replace("\r\n", "\n");
    let mut read = M3u::default();
    let mut said = (None, String::new());
    for (number, line) in text.split(['\n', '\r']).enumerate() {
        let line = line.trim();
        if let Some(directive) = line.strip_prefix('#') {
            if let Some(info) = after(directive, "EXTINF:") {
                said = information(info);
            } else if let Some(name) = after(directive, "PLAYLIST:") {
                read.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
            }
            continue;
        }
        if line.is_empty() {
            continue;
        }
        let (seconds, words) = std::mem::take(&mut said);
        let place = Place::read(folder, line);
        read.entries.push(Entry { line: number + 1, place, seconds, words });
        if read.entries.len() > MAX_ENTRIES {
            let (what, accepted) = ("a playlist of more tracks than", "at most 50000");
            return Err(Error::Asked { what, given: MAX_ENTRIES.to_string(), accepted });
        }
    }
    Ok(read)
}

/// Writes a file: UTF-8 without a mark, as M3U8 is.
pub fn write<'a>(name: &str, lines: impl IntoIterator<Item = Line<'a>>) -> String {
    let mut text = format!("#EXTM3U\n#PLAYLIST:{}\n", one_line(name));
    for line in lines {
        let seconds = line.duration_ms.saturating_add(500) / 1_000;
        let (artist, title) = (one_line(line.artist), one_line(line.title));
        let words = if artist.is_empty() { title } else { format!("{artist} - {title}") };
        let path = place::written(line.path);
        text.push_str(&format!("#EXTINF:{seconds},{words}\n{path}\n"));
    }
    text
}

impl Library {
    /// Makes a playlist of a file. What names no track of the library is told and left out. `name` is
    /// for a file that does not call itself anything.
    ///
    /// # Errors
    /// [`Error::Asked`] for a file beyond the limits or a name that is not taken.
    pub fn import_m3u(&self, user: UserId, name: &str, bytes: &[u8]) -> Result<Imported, Error> {
        let read = parse(bytes)?;
        let Matched { tracks, unmatched } = self.match_m3u(&read)?;
        let name = read.name.unwrap_or_else(|| name.to_owned());
        let count = tracks.len();
        let content = Content::Tracks(tracks);
        let new = NewPlaylist { name, comment: String::new(), public: false, content };
        Ok(Imported { id: self.create_playlist(user, new)?, tracks: count, unmatched })
    }

    /// A playlist as a file, with paths below the tracks' roots; tracks that are missing are left out.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn export_m3u(&self, user: UserId, id: PlaylistId) -> Result<String, Error> {
        let contents = self.playlist_contents(user, id, crate::catalogue::Page::WHOLE)?;
        let lines = contents.there().map(|track| Line {
            path: &track.path,
            duration_ms: track.duration_ms,
            artist: &track.artist_line,
            title: &track.title,
        });
        Ok(write(&contents.playlist.name, lines))
    }
}

fn after<'a>(line: &'a str, directive: &str) -> Option<&'a str> {
    let begins = line.get(..directive.len())?.eq_ignore_ascii_case(directive);
    begins.then(|| line.get(directive.len()..)).flatten()
}

/// "123,Artist - Title", "123 logo=\"...\",Title", "-1,Title".
fn information(text: &str) -> (Option<u64>, String) {
    let (number, words) = text.split_once(',').unwrap_or((text, ""));
    let number = number.trim().split([' ', '.']).next().unwrap_or_default();
    (number.parse().ok(), words.trim().to_owned())
}

/// Without what would end the line.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}
