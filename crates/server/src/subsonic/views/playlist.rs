use clock::Nanos;

use super::{Id, Seconds};

/// A playlist without its songs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Playlist {
    /// Names it.
    pub id: Id,
    /// As its owner called it.
    pub name: String,
    /// What its owner says of it.
    pub comment: Option<String>,
    /// The name of its owner.
    pub owner: Option<String>,
    /// Whether everyone sees it.
    pub public: bool,
    /// How many songs.
    pub song_count: u32,
    /// How long all of them sound.
    pub duration: Seconds,
    /// When it was made.
    pub created: Nanos,
    /// When it was last changed.
    pub changed: Nanos,
    /// The id of its cover.
    pub cover_art: Option<Id>,
    /// The names of those it is shared with.
    pub allowed_users: Vec<String>,
    /// Whether the asking user may not change it: a rule makes it, or it is another's.
    pub readonly: bool,
    /// Until when a client may keep what is in it.
    pub valid_until: Option<Nanos>,
}
