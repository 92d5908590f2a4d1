//! What the elements of the protocol are made of: plain data, filled from wherever it is kept.
//!
//! An `Option` is what may not be known; empty text and empty lists mean the same where the
//! protocol wants the field to be there anyway.

mod account;
mod artist;
mod browsing;
mod lyrics;
mod playing;
mod playlist;
mod record;
mod song;
mod transcoding;
mod units;

pub use account::User;
pub use artist::{Artist, ArtistInfo, ArtistRef, FolderArtist, Images};
pub use browsing::{
    Directory, FolderFinds, Genre, Index, Indexes, MusicFolder, Shelf, TaggedFinds,
};
pub use lyrics::{Agent, Cue, CueLine, Line, Lyrics, Role, Strand, StructuredLyrics, Voice};
pub use playing::{Bookmark, NowPlaying, PlayQueue, Reported, SonicMatch, State};
pub use playlist::Playlist;
pub use record::{Album, AlbumInfo, DiscTitle, ItemDate};
pub use song::{Child, Contributor, Explicit, Kind, Movement, ReplayGain, Work};
pub use transcoding::{Stream, TranscodeDecision};
pub use units::{Bytes, Hertz, Id, Kilobits, Millis, Rating, RelativePath, Seconds};
