use clock::Nanos;

use super::{ArtistRef, Explicit, Id, Images, Rating, Seconds};

/// An album, organised by tags.
#[derive(Debug, Clone, PartialEq)]
pub struct Album {
    /// Names it.
    pub id: Id,
    /// Its title.
    pub name: String,
    /// Which edition: "Deluxe".
    pub version: String,
    /// The artist in one line, as tagged.
    pub artist: Option<String>,
    /// The artist it is listed under.
    pub artist_id: Option<Id>,
    /// The id of its cover.
    pub cover_art: Option<Id>,
    /// How many songs.
    pub song_count: u32,
    /// How long all of them sound.
    pub duration: Seconds,
    /// How often the asking user played songs of it.
    pub play_count: Option<u32>,
    /// When it came into the library: clients refuse an album without.
    pub created: Nanos,
    /// When the asking user starred it.
    pub starred: Option<Nanos>,
    /// When the asking user last played a song of it.
    pub played: Option<Nanos>,
    /// The year of its release.
    pub year: Option<u32>,
    /// The first genre.
    pub genre: Option<String>,
    /// The asking user's rating.
    pub user_rating: Option<Rating>,
    /// Who published it.
    pub record_labels: Vec<String>,
    /// Its name in MusicBrainz.
    pub music_brainz_id: String,
    /// All genres.
    pub genres: Vec<String>,
    /// All artists.
    pub artists: Vec<ArtistRef>,
    /// The artists in one line.
    pub display_artist: String,
    /// "Album", "EP", "Live", "Remix".
    pub release_types: Vec<String>,
    /// Moods as tagged.
    pub moods: Vec<String>,
    /// What it is sorted by.
    pub sort_name: String,
    /// When it first came out.
    pub original_release_date: ItemDate,
    /// When this edition came out.
    pub release_date: ItemDate,
    /// Whether it gathers several artists.
    pub is_compilation: bool,
    /// Whether its words are for everyone.
    pub explicit: Explicit,
    /// The titles of its discs.
    pub disc_titles: Vec<DiscTitle>,
}

/// A date as far as it is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ItemDate {
    /// The year.
    pub year: Option<u32>,
    /// The month from 1.
    pub month: Option<u32>,
    /// The day from 1.
    pub day: Option<u32>,
}

/// The title of one disc of an album.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscTitle {
    /// Which disc.
    pub disc: u32,
    /// Its title.
    pub title: String,
    /// The id of its cover.
    pub cover_art: Option<Id>,
}

/// What is known of an album beyond its tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlbumInfo {
    /// Text about it.
    pub notes: Option<String>,
    /// Its name in MusicBrainz.
    pub music_brainz_id: Option<String>,
    /// Its page at Last.fm.
    pub last_fm_url: Option<String>,
    /// Its pictures.
    pub images: Images,
}
