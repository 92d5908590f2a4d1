use std::fmt;
use std::str::FromStr;

use super::{MAX_FIELD_BYTES, MAX_VALUES};
use crate::Error;

/// The highest number of a track or a disc, and of their totals: MP4 has two bytes for them, people
/// write four digits.
const MAX_NUMBER: u32 = 9_999;
/// Beats a minute.
const MAX_BPM: u32 = 999;
/// So much of a refused value is said again.
const MAX_SAID: usize = 40;

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// A line.
    Line,
    /// Lines, each a value.
    Lines,
    /// Text with line ends.
    Prose,
    /// A whole number from 1.
    Number(u32),
    /// "1999", "1999-03" or "1999-03-21".
    Date,
    /// "1", or "0", which is none.
    Flag,
    /// An identity of MusicBrainz.
    Identity,
    /// Several.
    Identities,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident, $name:literal, $takes:expr, [$($belonging:ident),*];)+) => {
        /// A field that can be changed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum EditField { $($(#[$doc])* $field),+ }

        impl EditField {
            /// Every field.
            pub const ALL: &'static [EditField] = &[$(EditField::$field),+];

            /// Its name, for programs.
            pub fn name(self) -> &'static str {
                match self { $(EditField::$field => $name),+ }
            }

            fn takes(self) -> Takes {
                match self { $(EditField::$field => $takes),+ }
            }

            /// What says something of this field's values.
            fn said_of(self) -> &'static [EditField] {
                match self { $(EditField::$field => &[$(EditField::$belonging),*]),+ }
            }
        }
    };
}

fields! {
    /// The song.
    Title, "title", Takes::Line, [TitleSort];
    /// What it is sorted by.
    TitleSort, "title_sort", Takes::Line, [];
    /// Who plays it, one by one.
    Artists, "artists", Takes::Lines, [ArtistSorts, ArtistIds];
    /// What they are sorted by, in the same order.
    ArtistSorts, "artist_sorts", Takes::Lines, [];
    /// Their MusicBrainz identities, in the same order.
    ArtistIds, "artist_mbids", Takes::Identities, [];
    /// The album.
    Album, "album", Takes::Line, [AlbumSort];
    /// What it is sorted by.
    AlbumSort, "album_sort", Takes::Line, [];
    /// Who the album is by, one by one.
    AlbumArtists, "album_artists", Takes::Lines, [AlbumArtistSorts, AlbumArtistIds];
    /// What they are sorted by, in the same order.
    AlbumArtistSorts, "album_artist_sorts", Takes::Lines, [];
    /// Their MusicBrainz identities, in the same order.
    AlbumArtistIds, "album_artist_mbids", Takes::Identities, [];
    /// Genres, in order.
    Genres, "genres", Takes::Lines, [];
    /// Who wrote the music.
    Composers, "composers", Takes::Lines, [];
    /// The number on its disc, 1 to 9,999.
    Track, "track", Takes::Number(MAX_NUMBER), [TrackTotal];
    /// Tracks of the disc.
    TrackTotal, "track_total", Takes::Number(MAX_NUMBER), [];
    /// The disc, 1 to 9,999.
    Disc, "disc", Takes::Number(MAX_NUMBER), [DiscTotal];
    /// Discs of the album.
    DiscTotal, "disc_total", Takes::Number(MAX_NUMBER), [];
    /// "1999", "1999-03" or "1999-03-21".
    Date, "date", Takes::Date, [];
    /// Anything else.
    Comment, "comment", Takes::Prose, [];
    /// The words that are sung, timed (LRC) or not.
    Lyrics, "lyrics", Takes::Prose, [];
    /// "1" where the album gathers many artists.
    Compilation, "compilation", Takes::Flag, [];
    /// Beats a minute, 1 to 999, whole.
    Bpm, "bpm", Takes::Number(MAX_BPM), [];
    /// MusicBrainz: the recording.
    RecordingId, "recording_mbid", Takes::Identity, [];
    /// MusicBrainz: the album.
    ReleaseId, "release_mbid", Takes::Identity, [];
    /// MusicBrainz: what all editions of the album share.
    ReleaseGroupId, "release_group_mbid", Takes::Identity, [];
}

impl EditField {
    /// Whether it has several values.
    pub fn is_many(self) -> bool {
        matches!(self.takes(), Takes::Lines | Takes::Identities)
    }

    /// Fields that are wrong once this one has another value, or none. A total outlives another
    /// number.
    pub(super) fn belongings(self, is_cleared: bool) -> &'static [EditField] {
        match self.takes() {
            Takes::Number(_) if !is_cleared => &[],
            _ => self.said_of(),
        }
    }

    /// The values as they are written.
    pub(super) fn check(self, values: Vec<String>) -> Result<Vec<String>, Error> {
        let bytes: usize = values.iter().map(String::len).sum();
        if bytes > MAX_FIELD_BYTES {
            return Err(self.refuse(&format!("{bytes} bytes"), "64 KiB of text"));
        }
        let values = values.into_iter().map(|value| value.trim().to_owned());
        let values: Vec<String> = values.filter(|value| !value.is_empty()).collect();
        if values.len() > if self.is_many() { MAX_VALUES } else { 1 } {
            let accepted = if self.is_many() { "up to 64 values" } else { "one value" };
            return Err(self.refuse(&format!("{} values", values.len()), accepted));
        }
        let checked = values.iter().map(|value| self.check_one(value));
        let values: Vec<String> = checked.collect::<Result<_, _>>()?;
        Ok(values.into_iter().filter(|v| self.takes() != Takes::Flag || v == "1").collect())
    }

    fn check_one(self, value: &str) -> Result<String, Error> {
        let is_prose = self.takes() == Takes::Prose;
        let is_text =
            |letter: char| !letter.is_control() || is_prose && matches!(letter, '\n' | '\r' | '\t');
        if !value.chars().all(is_text) {
            return Err(self.refuse(value, "text without control characters"));
        }
        let taken = match self.takes() {
            Takes::Line | Takes::Lines | Takes::Prose => Ok(value.to_owned()),
            Takes::Number(most) => match value.parse() {
                Ok(number) if (1..=most).contains(&number) => Ok(number.to_string()),
                _ if most == MAX_BPM => Err("a whole number from 1 to 999"),
                _ => Err("a whole number from 1 to 9999"),
            },
            Takes::Date if is_date(value) => Ok(value.to_owned()),
            Takes::Date => Err("a date as 1999, 1999-03 or 1999-03-21"),
            Takes::Flag if ["0", "1"].contains(&value) => Ok(value.to_owned()),
            Takes::Flag => Err("1 or 0"),
            Takes::Identity | Takes::Identities if is_identity(value) => {
                Ok(value.to_ascii_lowercase())
            }
            Takes::Identity | Takes::Identities => {
                Err("an identity as 8f3471b5-7e6a-48da-86a9-c1c07a0f47ae")
            }
        };
        taken.map_err(|accepted| self.refuse(value, accepted))
    }

    fn refuse(self, given: &str, accepted: &'static str) -> Error {
        let said = given.chars().filter(|letter| !letter.is_control()).take(MAX_SAID).collect();
        Error::Value { field: self.name(), given: said, accepted }
    }
}

impl fmt::Display for EditField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EditField {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().find(|field| field.name() == name);
        found.copied().ok_or_else(|| Error::Value {
            field: "field",
            given: name.chars().filter(|letter| !letter.is_control()).take(MAX_SAID).collect(),
            accepted: "a field that can be changed",
        })
    }
}

/// A day that is in the calendar, or a month, or a year after 0.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let are_digits = parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if !are_digits || !matches!(lengths[..], [4] | [4, 2] | [4, 2, 2]) {
        return false;
    }
    let number = |n: usize| parts.get(n).and_then(|part| part.parse::<u32>().ok());
    let (Some(year), month, day) = (number(0), number(1).unwrap_or(1), number(2).unwrap_or(1))
    else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    year > 0 && (1..=days).contains(&day)
}

fn is_identity(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
