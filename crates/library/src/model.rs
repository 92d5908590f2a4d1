//! What the library tells of a track, an album, an artist, a genre, a folder.

use audio_file::{Part, ReplayGain};
use clock::Nanos;

use crate::{AlbumId, ArtistId, FolderId, GenreId, RootId, TrackId};

/// Somebody who is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Their id.
    pub id: ArtistId,
    /// Their name.
    pub name: String,
}

/// What one listener gave to something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Since when it is a favourite.
    pub starred: Option<Nanos>,
    /// Stars, 1 to 5.
    pub rating: Option<u8>,
    /// Real plays.
    pub plays: u64,
    /// When it was last played.
    pub played: Option<Nanos>,
}

/// A track, as one listener sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Its id.
    pub id: TrackId,
    /// Its album.
    pub album: AlbumId,
    /// The folder its file is in.
    pub folder: FolderId,
    /// The root the folder is in.
    pub root: RootId,
    /// Its file, below the root.
    pub path: String,
    /// Bytes of the file.
    pub size: u64,
    /// Its title.
    pub title: String,
    /// What it is sorted by.
    pub sort: String,
    /// The title of its album.
    pub album_title: String,
    /// Who the album is by, in one line.
    pub album_artist_line: String,
    /// Who plays it, in one line.
    pub artist_line: String,
    /// Who plays it.
    pub artists: Vec<Credit>,
    /// Who the album is by.
    pub album_artists: Vec<Credit>,
    /// Everybody else.
    pub people: Vec<(Part, Credit)>,
    /// Genres, the first one first.
    pub genres: Vec<String>,
    /// Moods.
    pub moods: Vec<String>,
    /// Codes of the recording.
    pub isrcs: Vec<String>,
    /// Disc, number on it, and what the disc is called.
    pub disc: Option<u32>,
    /// The number on its disc.
    pub number: Option<u32>,
    /// What the disc is called.
    pub disc_title: Option<String>,
    /// The year in its date.
    pub year: Option<i64>,
    /// MusicBrainz: the recording.
    pub mbid: Option<String>,
    /// Beats a minute, as tagged.
    pub bpm: Option<u32>,
    /// Anything else.
    pub comment: Option<String>,
    /// "flac", "mp3", "vorbis", "opus", "aac", "alac", "wav", "aiff", "au".
    pub codec: String,
    /// The ending of its name, in small letters.
    pub suffix: String,
    /// Length in milliseconds.
    pub duration_ms: u64,
    /// Kilobits a second.
    pub bitrate_kbps: Option<u32>,
    /// Samples a second.
    pub rate_hz: Option<u32>,
    /// Bits a sample.
    pub bits: Option<u8>,
    /// Channels.
    pub channels: Option<u8>,
    /// Gains as tagged.
    pub gain: ReplayGain,
    /// When the library first saw it.
    pub added: Nanos,
    /// Since when its file is not where it was.
    pub missing: Option<Nanos>,
    /// What the listener gave it.
    pub mark: Mark,
}

/// An album, as one listener sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// Its id.
    pub id: AlbumId,
    /// Its title.
    pub title: String,
    /// What it is sorted by.
    pub sort: String,
    /// Who it is by, in one line.
    pub artist_line: String,
    /// Who it is by.
    pub artists: Vec<Credit>,
    /// Genres of its tracks, those of the first track first.
    pub genres: Vec<String>,
    /// The year it first came out, as far as is known.
    pub year: Option<i64>,
    /// The date it carries.
    pub date: Option<String>,
    /// When this edition came out.
    pub release_date: Option<String>,
    /// When it first came out.
    pub original_date: Option<String>,
    /// Whether it gathers many artists.
    pub compilation: bool,
    /// MusicBrainz: the release.
    pub mbid: Option<String>,
    /// Labels, in one line.
    pub label: Option<String>,
    /// Titles of its discs, by disc.
    pub discs: Vec<(u32, String)>,
    /// Tracks that are there.
    pub tracks: u64,
    /// Their length in milliseconds.
    pub duration_ms: u64,
    /// When the library first saw it.
    pub added: Nanos,
    /// What the listener gave it.
    pub mark: Mark,
}

/// An artist, as one listener sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artist {
    /// Their id.
    pub id: ArtistId,
    /// Their name.
    pub name: String,
    /// What they are sorted by.
    pub sort: String,
    /// MusicBrainz: the artist.
    pub mbid: Option<String>,
    /// Albums that are theirs.
    pub albums: u64,
    /// Tracks they have a part in.
    pub tracks: u64,
    /// What the listener gave them.
    pub mark: Mark,
}

/// A genre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Genre {
    /// Its id.
    pub id: GenreId,
    /// Its name.
    pub name: String,
    /// Tracks of it.
    pub tracks: u64,
    /// Albums with such tracks.
    pub albums: u64,
}

/// A folder of a root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// The root it is in.
    pub root: RootId,
    /// The folder it is in; none for the root's own.
    pub parent: Option<FolderId>,
    /// Its path below the root.
    pub path: String,
    /// Its name.
    pub name: String,
}
