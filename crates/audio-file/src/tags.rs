//! What a file says about its song: read from every format, written to WAV, FLAC and MP3.

mod carried;
mod id3;

use std::io::{Read, Seek, SeekFrom};

use lofty::config::ParseOptions;
use lofty::file::{TaggedFile, TaggedFileExt};
use lofty::probe::Probe;
use lofty::tag::{Accessor, ItemKey};

pub use carried::Carried;
pub(crate) use carried::{Cover, kept};

use crate::Error;
use carried::Field;

/// What a file says about its song. Empty fields are not written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The song.
    pub title: String,
    /// Who plays it; further artists are [`Self::carried`].
    pub artist: String,
    /// Where it belongs.
    pub album: String,
    /// Its genre; further genres are [`Self::carried`].
    pub genre: String,
    /// Beats a minute, whole.
    pub bpm: Option<u32>,
    /// Its key, as "F#m" or "Bb".
    pub key: String,
    /// Anything else.
    pub comment: String,
    /// The program that made the file.
    pub encoder: String,
    /// What is passed on from one file to another as it is: numbers, dates, people, identities, the
    /// cover.
    pub carried: Carried,
}

impl Tags {
    /// What a file says of itself; empty where it says nothing or in a format without tags. Gains
    /// for players (ReplayGain, R128) are left behind: they were measured on another sound, and
    /// would be applied to this one.
    pub fn read(source: &mut (impl Read + Seek)) -> Self {
        // A file without readable tags simply has none to carry over; one whose pictures defeat the
        // reader still has its words.
        let file = parse(source, true).or_else(|| parse(source, false));
        let Some(tag) = file.as_ref().and_then(|f| f.primary_tag().or_else(|| f.first_tag()))
        else {
            return Self::default();
        };
        let text = |value: Option<std::borrow::Cow<'_, str>>| {
            value.and_then(|value| kept(&value)).unwrap_or_default()
        };
        Self {
            title: text(tag.title()),
            artist: text(tag.artist()),
            album: text(tag.album()),
            genre: text(tag.genre()),
            bpm: tag.get_string(ItemKey::IntegerBpm).and_then(|bpm| bpm.parse().ok()),
            key: tag.get_string(ItemKey::InitialKey).and_then(kept).unwrap_or_default(),
            // ffmpeg calls the comment of a FLAC or an Ogg its description.
            comment: text(
                tag.comment()
                    .or_else(|| tag.get_string(ItemKey::Description).map(std::borrow::Cow::from)),
            ),
            encoder: String::new(),
            carried: Carried::of(tag),
        }
    }

    /// The front cover, as it stands in the file.
    pub fn front_cover(&self) -> Option<&[u8]> {
        self.carried.cover().map(|cover| cover.bytes.as_slice())
    }

    /// Vorbis comment fields and their values.
    pub(crate) fn vorbis(&self) -> Vec<(&'static str, String)> {
        let bpm = self.bpm.map_or_else(String::new, |bpm| bpm.to_string());
        let own = [
            ("TITLE", &self.title),
            ("ARTIST", &self.artist),
            ("ALBUM", &self.album),
            ("GENRE", &self.genre),
            ("BPM", &bpm),
            ("INITIALKEY", &self.key),
            ("COMMENT", &self.comment),
            ("ENCODER", &self.encoder),
        ];
        let carried = self.carried.values().map(|(field, value)| (field.vorbis(), value));
        own.into_iter()
            .chain(carried)
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| (field, value.clone()))
            .collect()
    }

    /// The front cover.
    pub(crate) fn cover(&self) -> Option<&Cover> {
        self.carried.cover()
    }

    /// The body of a RIFF `LIST` chunk of type `INFO`; empty without tags.
    pub(crate) fn riff_info(&self) -> Vec<u8> {
        let carried = |field| self.carried.first(field).cloned().unwrap_or_default();
        let (date, number) = (carried(Field::Date), carried(Field::TrackNumber));
        let copyright = carried(Field::Copyright);
        let fields = [
            (b"INAM", &self.title),
            (b"IART", &self.artist),
            (b"IPRD", &self.album),
            (b"IGNR", &self.genre),
            (b"IKEY", &self.key),
            (b"ICMT", &self.comment),
            (b"ICRD", &date),
            (b"IPRT", &number),
            (b"ICOP", &copyright),
            (b"ISFT", &self.encoder),
        ];
        let mut body = Vec::new();
        for (id, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            let text: Vec<u8> = value.bytes().filter(|b| *b != 0).chain([0]).collect();
            body.extend_from_slice(id);
            body.extend_from_slice(&(text.len() as u32).to_le_bytes());
            body.extend_from_slice(&text);
            if text.len() % 2 == 1 {
                body.push(0);
            }
        }
        if !body.is_empty() {
            body.splice(0..0, *b"INFO");
        }
        body
    }

    /// The body of a RIFF `id3 ` chunk, which holds what has no place in `INFO`; empty where that is
    /// nothing.
    pub(crate) fn riff_id3(&self) -> Vec<u8> {
        if self.carried == Carried::default() { Vec::new() } else { self.id3() }
    }
}

fn parse(source: &mut (impl Read + Seek), pictures: bool) -> Option<TaggedFile> {
    let options = ParseOptions::new().read_properties(false).read_cover_art(pictures);
    parse_with(source, options).ok()
}

/// The file as the foreign parser sees it, from its beginning.
pub(crate) fn parse_with(
    source: &mut (impl Read + Seek),
    options: ParseOptions,
) -> Result<TaggedFile, Error> {
    source.rewind()?;
    let read = || {
        let source = Bounded { source, left: MAX_READ_BYTES };
        let probe = Probe::new(std::io::BufReader::new(source)).options(options);
        let probe = probe.guess_file_type()?;
        if probe.file_type().is_none() {
            return Err(Error::UnknownFormat);
        }
        probe.read().map_err(|error| Error::Damaged(error.to_string()))
    };
    // A foreign parser that panics has met bytes it did not expect.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(Error::Damaged("the reader of tags gave up".to_owned())))
}

/// Tags are read from so many bytes at most: several covers and pages of lyrics have a few million,
/// and what a file claims to hold is held in memory.
const MAX_READ_BYTES: u64 = 24 << 20;

/// A source of which only so much is read.
struct Bounded<'a, S> {
    source: &'a mut S,
    left: u64,
}

impl<S: Read> Read for Bounded<'_, S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buf)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other(format!("tags of more than {MAX_READ_BYTES} bytes"))
        })?;
        Ok(read)
    }
}

impl<S: Seek> Seek for Bounded<'_, S> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.source.seek(to)
    }
}
