use clock::Nanos;

use super::{ArtistRef, Bytes, Hertz, Id, Kilobits, Rating, RelativePath, Seconds};

/// A song, or an album or folder seen as a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Child {
    /// Names it.
    pub id: Id,
    /// The folder or album it is in.
    pub parent: Option<Id>,
    /// Whether it is a song, or a folder that is opened.
    pub kind: Kind,
    /// The song's title or the folder's name.
    pub title: String,
    /// The album's name.
    pub album: Option<String>,
    /// The artist in one line, as the tag has it.
    pub artist: Option<String>,
    /// The number on its disc.
    pub track: Option<u32>,
    /// The year of its release.
    pub year: Option<u32>,
    /// The first genre.
    pub genre: Option<String>,
    /// The id of its cover.
    pub cover_art: Option<Id>,
    /// The size of its file.
    pub size: Option<Bytes>,
    /// The media type of its file, as `audio/flac`.
    pub content_type: Option<String>,
    /// The ending of its file, without the dot.
    pub suffix: Option<String>,
    /// The media type it is streamed in where that is another one.
    pub transcoded_content_type: Option<String>,
    /// The ending that goes with it.
    pub transcoded_suffix: Option<String>,
    /// How long it sounds.
    pub duration: Option<Seconds>,
    /// The rate of its file, averaged.
    pub bit_rate: Option<Kilobits>,
    /// Bits a sample; none for what is not stored as samples.
    pub bit_depth: Option<u32>,
    /// Samples a second.
    pub sampling_rate: Option<Hertz>,
    /// How many channels.
    pub channel_count: Option<u32>,
    /// Where its file is below the library's folder.
    pub path: Option<RelativePath>,
    /// Songs in it, of an album listed as a folder.
    pub song_count: Option<u32>,
    /// The asking user's rating.
    pub user_rating: Option<Rating>,
    /// The mean of all users' ratings, 1 to 5.
    pub average_rating: Option<f64>,
    /// How often the asking user played it.
    pub play_count: Option<u32>,
    /// The number of its disc.
    pub disc_number: Option<u32>,
    /// When it came into the library.
    pub created: Option<Nanos>,
    /// When the asking user starred it.
    pub starred: Option<Nanos>,
    /// When the asking user last played it.
    pub played: Option<Nanos>,
    /// The album it is on.
    pub album_id: Option<Id>,
    /// The artist it is listed under.
    pub artist_id: Option<Id>,
    /// Beats a minute.
    pub bpm: Option<u32>,
    /// The comment tag.
    pub comment: String,
    /// What it is sorted by.
    pub sort_name: String,
    /// Its name in MusicBrainz.
    pub music_brainz_id: String,
    /// International standard recording codes.
    pub isrc: Vec<String>,
    /// All genres.
    pub genres: Vec<String>,
    /// All artists of the song.
    pub artists: Vec<ArtistRef>,
    /// The artists in one line.
    pub display_artist: String,
    /// All artists of the album.
    pub album_artists: Vec<ArtistRef>,
    /// The album's artists in one line.
    pub display_album_artist: String,
    /// Everyone else who took part.
    pub contributors: Vec<Contributor>,
    /// The composers in one line.
    pub display_composer: String,
    /// Moods as tagged.
    pub moods: Vec<String>,
    /// How loud it is.
    pub replay_gain: ReplayGain,
    /// Whether its words are for everyone.
    pub explicit: Explicit,
    /// The works it is a recording of.
    pub works: Vec<Work>,
    /// The movements it contains.
    pub movements: Vec<Movement>,
    /// Groupings as tagged.
    pub groupings: Vec<String>,
}

/// What a [`Child`] is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A song: it is streamed.
    #[default]
    Song,
    /// An album seen as a folder.
    Album,
    /// An artist seen as a folder.
    Artist,
    /// A folder that is neither.
    Folder,
}

/// Whether words are for everyone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Explicit {
    /// Nobody said.
    #[default]
    Unknown,
    /// They are.
    Clean,
    /// They are not.
    Explicit,
}

/// Someone who took part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contributor {
    /// As what: "composer", "performer".
    pub role: String,
    /// More exactly: the instrument.
    pub sub_role: Option<String>,
    /// Who.
    pub artist: ArtistRef,
}

/// Loudness, as gains to ReplayGain's reference in decibels and peaks relative to full scale.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ReplayGain {
    /// Of the track, in dB.
    pub track_gain: Option<f64>,
    /// Of the album, in dB.
    pub album_gain: Option<f64>,
    /// Of the track; 1 is full scale.
    pub track_peak: Option<f64>,
    /// Of the album; 1 is full scale.
    pub album_peak: Option<f64>,
    /// What an Opus file's header applies already, in dB.
    pub base_gain: Option<f64>,
    /// What to apply where no gain is known, in dB.
    pub fallback_gain: Option<f64>,
}

/// A composition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// Its title.
    pub name: String,
    /// Its name in MusicBrainz.
    pub music_brainz_id: Option<String>,
}

/// A part of a composition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Movement {
    /// Its title.
    pub name: String,
    /// Which one it is, from 1.
    pub number: Option<u32>,
    /// How many the work has.
    pub count: Option<u32>,
}
