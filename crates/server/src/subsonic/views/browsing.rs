use clock::Nanos;

use super::{Album, Artist, Child, FolderArtist, Id, Rating};

/// One of the folders a library is read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MusicFolder {
    /// Names it: the only id of the protocol that is a number.
    pub id: u32,
    /// As listed.
    pub name: String,
}

/// Artists under one letter; `A` is [`Artist`] or [`FolderArtist`].
#[derive(Debug, Clone, PartialEq)]
pub struct Index<A> {
    /// The letter or letters, or `#`.
    pub name: String,
    /// In their order.
    pub artists: Vec<A>,
}

/// All artists by tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shelf {
    /// Articles that do not count in sorting, with spaces between.
    pub ignored_articles: String,
    /// By letter.
    pub index: Vec<Index<Artist>>,
}

/// All folders of the first level.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Indexes {
    /// Articles that do not count in sorting, with spaces between.
    pub ignored_articles: String,
    /// When anything last changed.
    pub last_modified: Nanos,
    /// Folders that stand apart, as "Newly added".
    pub shortcuts: Vec<FolderArtist>,
    /// By letter.
    pub index: Vec<Index<FolderArtist>>,
    /// Songs that are in no folder.
    pub children: Vec<Child>,
}

/// A folder and what is in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Directory {
    /// Names it.
    pub id: Id,
    /// The folder it is in.
    pub parent: Option<Id>,
    /// As listed.
    pub name: String,
    /// When the asking user starred it.
    pub starred: Option<Nanos>,
    /// The asking user's rating.
    pub user_rating: Option<Rating>,
    /// The mean of all users' ratings, 1 to 5.
    pub average_rating: Option<f64>,
    /// How often the asking user played songs of it.
    pub play_count: Option<u32>,
    /// Folders and songs.
    pub children: Vec<Child>,
}

/// A genre and how much there is of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Genre {
    /// Its name.
    pub name: String,
    /// How many songs.
    pub song_count: u32,
    /// How many albums.
    pub album_count: u32,
}

/// What was found or starred, by tags.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TaggedFinds {
    /// Artists.
    pub artists: Vec<Artist>,
    /// Albums.
    pub albums: Vec<Album>,
    /// Songs.
    pub songs: Vec<Child>,
}

/// What was found or starred, by folders.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FolderFinds {
    /// Artists.
    pub artists: Vec<FolderArtist>,
    /// Albums.
    pub albums: Vec<Child>,
    /// Songs.
    pub songs: Vec<Child>,
}
