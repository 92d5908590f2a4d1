use clock::Nanos;

use super::Kilobits;

/// An account and what it may do. What this server does not have at all, nobody may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// Names it.
    pub username: String,
    /// Whether what is played is told to another service.
    pub scrobbling: bool,
    /// The most a stream may take; none is no limit.
    pub max_bit_rate: Option<Kilobits>,
    /// May do everything.
    pub admin: bool,
    /// May change the own settings and password.
    pub settings: bool,
    /// May download.
    pub download: bool,
    /// May upload.
    pub upload: bool,
    /// May make playlists. Everyone may delete their own.
    pub playlist: bool,
    /// May change covers and tags.
    pub cover_art: bool,
    /// May comment and rate.
    pub comment: bool,
    /// May listen.
    pub stream: bool,
    /// May play on the server's own outputs.
    pub jukebox: bool,
    /// May share with those who have no account.
    pub share: bool,
    /// When the picture was changed.
    pub avatar_changed: Option<Nanos>,
    /// The folders the account sees.
    pub folders: Vec<u32>,
}
