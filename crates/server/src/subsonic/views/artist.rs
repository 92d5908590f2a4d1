use clock::Nanos;

use super::{Id, Rating};

/// An artist, organised by tags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artist {
    /// Names the artist.
    pub id: Id,
    /// As listed.
    pub name: String,
    /// The id of a picture.
    pub cover_art: Option<Id>,
    /// The address of a picture.
    pub image_url: Option<String>,
    /// How many albums.
    pub album_count: u32,
    /// When the asking user starred the artist.
    pub starred: Option<Nanos>,
    /// The name in MusicBrainz.
    pub music_brainz_id: String,
    /// What the artist is sorted by.
    pub sort_name: String,
    /// What tells artists of one name apart.
    pub disambiguation: String,
    /// "artist", "albumartist", "composer".
    pub roles: Vec<String>,
}

/// An artist where one is only mentioned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArtistRef {
    /// Names the artist.
    pub id: Id,
    /// As listed.
    pub name: String,
}

/// An artist as a folder.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FolderArtist {
    /// Names the folder.
    pub id: Id,
    /// As listed.
    pub name: String,
    /// The address of a picture.
    pub image_url: Option<String>,
    /// When the asking user starred it.
    pub starred: Option<Nanos>,
    /// The asking user's rating.
    pub user_rating: Option<Rating>,
    /// The mean of all users' ratings, 1 to 5.
    pub average_rating: Option<f64>,
}

/// What is known of an artist beyond tags; `A` is [`Artist`] or [`FolderArtist`].
#[derive(Debug, Clone, PartialEq)]
pub struct ArtistInfo<A> {
    /// Text about the artist.
    pub biography: Option<String>,
    /// The name in MusicBrainz.
    pub music_brainz_id: Option<String>,
    /// The page at Last.fm.
    pub last_fm_url: Option<String>,
    /// Pictures.
    pub images: Images,
    /// Artists like this one.
    pub similar: Vec<A>,
}

/// Addresses of one picture in three sizes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Images {
    /// About 64 pixels.
    pub small: Option<String>,
    /// About 174 pixels.
    pub medium: Option<String>,
    /// 300 pixels and more.
    pub large: Option<String>,
}
