//! What a file says of itself to a collection: its words with all their values, its sound as stated,
//! and the essence that stays when the words change.

mod essence;

use std::io::{Read, Seek};

use lofty::config::ParseOptions;
use lofty::file::{AudioFile, FileType, TaggedFile, TaggedFileExt};
use lofty::mp4::{AtomData, AtomIdent, Ilst};
use lofty::tag::{ItemKey, Tag, TagType};

use crate::Error;
use crate::tags::{kept, parse_with};

pub use essence::Essence;

/// More values of one field than this are left behind: a choir has fewer singers.
const MAX_VALUES: usize = 64;

/// What a file says of itself. Fields a file does not have are empty or none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Description {
    /// The song.
    pub title: Option<String>,
    /// What it is sorted by.
    pub title_sort: Option<String>,
    /// Who plays it, as one line for people.
    pub artist_line: Option<String>,
    /// Who plays it, one by one; empty where there is but the line.
    pub artists: Vec<String>,
    /// What they are sorted by, in the same order as far as it goes.
    pub artist_sorts: Vec<String>,
    /// Their MusicBrainz identities, in the same order as far as it goes.
    pub artist_ids: Vec<String>,
    /// The same for the album as a whole.
    pub album_artist_line: Option<String>,
    /// One by one.
    pub album_artists: Vec<String>,
    /// What they are sorted by.
    pub album_artist_sorts: Vec<String>,
    /// Their MusicBrainz identities.
    pub album_artist_ids: Vec<String>,
    /// Everybody else, with what they did.
    pub people: Vec<(Part, String)>,
    /// The album.
    pub album: Option<String>,
    /// What it is sorted by.
    pub album_sort: Option<String>,
    /// Whether it gathers many artists.
    pub compilation: bool,
    /// Genres, in order.
    pub genres: Vec<String>,
    /// Moods, in order.
    pub moods: Vec<String>,
    /// The number on its disc.
    pub track: Option<u32>,
    /// The disc.
    pub disc: Option<u32>,
    /// What the disc is called.
    pub disc_title: Option<String>,
    /// When it was recorded or, in most files, released: "1999" or "1999-03-21".
    pub date: Option<String>,
    /// When this edition came out.
    pub release_date: Option<String>,
    /// When it first came out.
    pub original_date: Option<String>,
    /// Who published it.
    pub labels: Vec<String>,
    /// Beats a minute.
    pub bpm: Option<u32>,
    /// Anything else.
    pub comment: Option<String>,
    /// The words that are sung, timed (LRC) or not.
    pub lyrics: Option<String>,
    /// Codes of the recording.
    pub isrcs: Vec<String>,
    /// MusicBrainz: the recording.
    pub recording_id: Option<String>,
    /// MusicBrainz: the album.
    pub release_id: Option<String>,
    /// MusicBrainz: what all editions of the album share.
    pub release_group_id: Option<String>,
    /// Gains a player may apply.
    pub replay_gain: ReplayGain,
    /// The sound, as the file states it.
    pub sound: Sound,
}

/// What somebody did on a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the credits")]
pub enum Part {
    Composer,
    Lyricist,
    Conductor,
    Remixer,
    Arranger,
    Producer,
    Performer,
    Engineer,
    Mixer,
    DjMixer,
    Director,
}

impl Part {
    /// Every part, with the field it is read from.
    const FIELDS: [(Part, ItemKey); 11] = [
        (Part::Composer, ItemKey::Composer),
        (Part::Lyricist, ItemKey::Lyricist),
        (Part::Conductor, ItemKey::Conductor),
        (Part::Remixer, ItemKey::Remixer),
        (Part::Arranger, ItemKey::Arranger),
        (Part::Producer, ItemKey::Producer),
        (Part::Performer, ItemKey::Performer),
        (Part::Engineer, ItemKey::Engineer),
        (Part::Mixer, ItemKey::MixEngineer),
        (Part::DjMixer, ItemKey::MixDj),
        (Part::Director, ItemKey::Director),
    ];

    /// The number a part is kept by, from 1.
    pub fn role(self) -> i64 {
        self as i64 + 1
    }

    /// The part of a number; none of 0, which is the artist, and of others.
    pub fn of_role(role: i64) -> Option<Self> {
        Self::FIELDS.into_iter().map(|(part, _)| part).find(|part| part.role() == role)
    }
}

/// Gains in dB and peaks with full scale at 1, as ReplayGain or R128 tags state them (R128 gains are
/// brought to ReplayGain's reference, 5 dB above).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReplayGain {
    /// Of this track alone.
    pub track_gain: Option<f64>,
    /// Of this track alone.
    pub track_peak: Option<f64>,
    /// Of the whole album.
    pub album_gain: Option<f64>,
    /// Of the whole album.
    pub album_peak: Option<f64>,
}

/// The sound of a file as its headers state it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    /// The codec: "flac", "mp3", "vorbis", "opus", "aac", "wav", "aiff".
    pub codec: &'static str,
    /// Length in milliseconds.
    pub duration_ms: u64,
    /// Kilobits a second.
    pub bitrate_kbps: Option<u32>,
    /// Samples a second.
    pub rate_hz: Option<u32>,
    /// Bits a sample, in lossless files.
    pub bits: Option<u8>,
    /// Channels.
    pub channels: Option<u8>,
}

impl Description {
    /// Reads what a file says. Pictures are passed over.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`] and [`Error::Damaged`] where the reader of tags finds nothing it can
    /// make sense of; the sound may still be played.
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Self, Error> {
        let options = ParseOptions::new().read_properties(true).read_cover_art(false);
        let file = parse_with(source, options)?;
        let tag = file.primary_tag().or_else(|| file.first_tag());
        let mut found = tag.map_or_else(Self::default, Self::of);
        found.sound = Sound::of(&file);
        Ok(found)
    }

    fn of(tag: &Tag) -> Self {
        let first = |key| first_of(tag, key);
        let all = |key| all_of(tag, key);
        Self {
            title: first(ItemKey::TrackTitle),
            title_sort: first(ItemKey::TrackTitleSortOrder),
            artist_line: joined(all(ItemKey::TrackArtist)),
            artists: listed(tag, ItemKey::TrackArtists, ItemKey::TrackArtist),
            artist_sorts: all(ItemKey::TrackArtistSortOrder),
            artist_ids: all(ItemKey::MusicBrainzArtistId),
            album_artist_line: joined(all(ItemKey::AlbumArtist)),
            album_artists: listed(tag, ItemKey::AlbumArtists, ItemKey::AlbumArtist),
            album_artist_sorts: all(ItemKey::AlbumArtistSortOrder),
            album_artist_ids: all(ItemKey::MusicBrainzReleaseArtistId),
            people: people(tag),
            album: first(ItemKey::AlbumTitle),
            album_sort: first(ItemKey::AlbumTitleSortOrder),
            compilation: first(ItemKey::FlagCompilation).is_some_and(|flag| flag.trim() == "1"),
            genres: all(ItemKey::Genre),
            moods: all(ItemKey::Mood),
            track: first(ItemKey::TrackNumber).as_deref().and_then(number),
            disc: first(ItemKey::DiscNumber).as_deref().and_then(number),
            disc_title: first(ItemKey::SetSubtitle),
            date: first(ItemKey::RecordingDate).or_else(|| first(ItemKey::Year)),
            release_date: first(ItemKey::ReleaseDate),
            original_date: first(ItemKey::OriginalReleaseDate),
            labels: listed(tag, ItemKey::Label, ItemKey::Publisher),
            bpm: beats(tag),
            comment: comment_of(tag),
            lyrics: first(ItemKey::Lyrics).or_else(|| first(ItemKey::UnsyncLyrics)),
            isrcs: all(ItemKey::Isrc),
            recording_id: first(ItemKey::MusicBrainzRecordingId),
            release_id: first(ItemKey::MusicBrainzReleaseId),
            release_group_id: first(ItemKey::MusicBrainzReleaseGroupId),
            replay_gain: ReplayGain::of(tag),
            sound: Sound::default(),
        }
    }
}

/// Beats a minute. In an MP4 they are no text.
pub(crate) fn beats(tag: &Tag) -> Option<u32> {
    let text = first_of(tag, ItemKey::IntegerBpm).or_else(|| first_of(tag, ItemKey::Bpm));
    let beats = match text {
        Some(text) => text.parse().ok()?,
        None if tag.tag_type() == TagType::Mp4Ilst && tag.has_format_specific_items() => {
            let atoms = Ilst::from(tag.clone());
            match atoms.get(&AtomIdent::Fourcc(*b"tmpo"))?.data().next()? {
                AtomData::SignedInteger(beats) => f64::from(*beats),
                AtomData::UnsignedInteger(beats) => f64::from(*beats),
                _ => return None,
            }
        }
        None => return None,
    };
    (1.0..1_000.0).contains(&beats).then_some(beats.round() as u32)
}

/// The comment; those that iTunes leaves for itself, under names of its own, are none.
pub(crate) fn comment_of(tag: &Tag) -> Option<String> {
    let comments = tag.get_items(ItemKey::Comment);
    let comments = comments.filter(|item| !item.description().starts_with("iTun"));
    let text = comments.filter_map(|item| item.value().text()).find_map(trimmed);
    text.or_else(|| first_of(tag, ItemKey::Description))
}

pub(crate) fn first_of(tag: &Tag, key: ItemKey) -> Option<String> {
    tag.get_strings(key).find_map(trimmed)
}

fn trimmed(value: &str) -> Option<String> {
    kept(value).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Every value of a field; those that older ID3 tags put behind a zero count one by one.
pub(crate) fn all_of(tag: &Tag, key: ItemKey) -> Vec<String> {
    let values = tag.get_strings(key).flat_map(|value| value.split('\0'));
    let values = values.filter_map(kept).map(|value| value.trim().to_owned());
    values.filter(|value| !value.is_empty()).take(MAX_VALUES).collect()
}

/// The values of `many`, or of `one` where it has several.
pub(crate) fn listed(tag: &Tag, many: ItemKey, one: ItemKey) -> Vec<String> {
    let named = all_of(tag, many);
    if named.is_empty() { all_of(tag, one) } else { named }
}

fn joined(values: Vec<String>) -> Option<String> {
    (!values.is_empty()).then(|| values.join(", "))
}

fn people(tag: &Tag) -> Vec<(Part, String)> {
    let named = Part::FIELDS.into_iter();
    named
        .flat_map(|(part, key)| all_of(tag, key).into_iter().map(move |name| (part, name)))
        .collect()
}

/// "3", "03", "3/12".
pub(crate) fn number(text: &str) -> Option<u32> {
    text.split('/').next()?.trim().parse().ok()
}

impl ReplayGain {
    fn of(tag: &Tag) -> Self {
        let figure = |key, unit| first_of(tag, key).and_then(|text| figure(&text, unit));
        let r128 = |key| first_of(tag, key).and_then(|text| r128(&text));
        Self {
            track_gain: figure(ItemKey::ReplayGainTrackGain, "db")
                .or_else(|| r128(ItemKey::R128TrackGain)),
            track_peak: figure(ItemKey::ReplayGainTrackPeak, ""),
            album_gain: figure(ItemKey::ReplayGainAlbumGain, "db")
                .or_else(|| r128(ItemKey::R128AlbumGain)),
            album_peak: figure(ItemKey::ReplayGainAlbumPeak, ""),
        }
    }
}

/// RFC 7845, 5.2.1: 256ths of a dB towards -23 LUFS; ReplayGain aims at -18.
fn r128(text: &str) -> Option<f64> {
    text.trim().parse::<i16>().ok().map(|gain| f64::from(gain) / 256.0 + 5.0)
}

/// "-7.34 dB" or "0.988"; none where a player would be led to something absurd.
fn figure(text: &str, unit: &str) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let value: f64 = text.strip_suffix(unit).unwrap_or(&text).trim().parse().ok()?;
    (value.is_finite() && value.abs() <= 100.0).then_some(value)
}

impl Sound {
    fn of(file: &TaggedFile) -> Self {
        let stated = file.properties();
        let codec = codec(file.file_type(), stated.bit_depth().is_some());
        // What an Opus file states is the rate of what was coded; it decodes at 48 kHz (RFC 7845, 5.1).
        let rate = if codec == "opus" { Some(48_000) } else { stated.sample_rate() };
        Self {
            codec,
            duration_ms: u64::try_from(stated.duration().as_millis()).unwrap_or(u64::MAX),
            bitrate_kbps: stated.audio_bitrate().or_else(|| stated.overall_bitrate()),
            rate_hz: rate.filter(|rate| *rate > 0),
            bits: stated.bit_depth().filter(|bits| *bits > 0),
            channels: stated.channels().filter(|channels| *channels > 0),
        }
    }
}

/// In an MP4 only ALAC has a depth.
fn codec(kind: FileType, has_depth: bool) -> &'static str {
    match kind {
        FileType::Mp4 if has_depth => "alac",
        FileType::Aac | FileType::Mp4 => "aac",
        FileType::Aiff => "aiff",
        FileType::Flac => "flac",
        FileType::Mpeg => "mp3",
        FileType::Opus => "opus",
        FileType::Vorbis => "vorbis",
        FileType::Wav => "wav",
        _ => "other",
    }
}
