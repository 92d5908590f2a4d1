//! Things of the library as they are answered.

use clock::Nanos;
use gateway::UserId;
use library::model::{Album, Artist, Credit, Folder, Genre, Mark, Track};
use library::playlists::Playlist;
use library::rules::Rules;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ids::text;

/// Somebody who is named.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Credit)]
pub(super) struct CreditView {
    #[schema(example = "ar-3")]
    id: String,
    name: String,
}

/// What who asks gave to something. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Mark)]
pub(super) struct MarkView {
    /// Since when it is a favourite.
    favourite: Option<i64>,
    /// Stars, 1 to 5.
    stars: Option<u8>,
    plays: u64,
    last_played: Option<i64>,
}

/// A track. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Track)]
pub(super) struct TrackView {
    #[schema(example = "tr-12")]
    id: String,
    title: String,
    /// Who plays it, in one line.
    artist: String,
    artists: Vec<CreditView>,
    album: String,
    #[schema(example = "al-4")]
    album_id: String,
    /// Who the album is by, in one line.
    album_artist: String,
    #[schema(example = "fo-2")]
    folder_id: String,
    #[schema(example = "ro-1")]
    root_id: String,
    /// Its file, below the root.
    path: String,
    genres: Vec<String>,
    moods: Vec<String>,
    disc: Option<u32>,
    disc_title: Option<String>,
    number: Option<u32>,
    year: Option<i64>,
    /// Beats a minute, as tagged.
    bpm: Option<u32>,
    comment: Option<String>,
    /// MusicBrainz: the recording.
    mbid: Option<String>,
    duration_ms: u64,
    /// "flac", "mp3", "vorbis", "opus", "aac", "alac", "wav", "aiff", "au".
    codec: String,
    bytes: u64,
    bitrate_kbps: Option<u32>,
    sample_rate_hz: Option<u32>,
    bits: Option<u8>,
    channels: Option<u8>,
    /// ReplayGain as tagged, dB.
    track_gain_db: Option<f64>,
    /// ReplayGain of the album as tagged, dB.
    album_gain_db: Option<f64>,
    added: i64,
    /// Since when its file is not where it was.
    missing: Option<i64>,
    mark: MarkView,
}

/// An album. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Album)]
pub(super) struct AlbumView {
    #[schema(example = "al-4")]
    id: String,
    title: String,
    /// Who it is by, in one line.
    artist: String,
    artists: Vec<CreditView>,
    genres: Vec<String>,
    year: Option<i64>,
    /// The date it carries.
    date: Option<String>,
    /// When it first came out.
    original_date: Option<String>,
    /// When this edition came out.
    release_date: Option<String>,
    compilation: bool,
    label: Option<String>,
    /// MusicBrainz: the release.
    mbid: Option<String>,
    discs: Vec<DiscView>,
    tracks: u64,
    duration_ms: u64,
    added: i64,
    mark: MarkView,
}

/// A disc of an album that has a title of its own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Disc)]
pub(super) struct DiscView {
    number: u32,
    title: String,
}

/// An artist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Artist)]
pub(super) struct ArtistView {
    #[schema(example = "ar-3")]
    id: String,
    name: String,
    /// MusicBrainz: the artist.
    mbid: Option<String>,
    /// Albums that are theirs.
    albums: u64,
    /// Tracks they have a part in.
    tracks: u64,
    mark: MarkView,
}

/// A genre.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Genre)]
pub(super) struct GenreView {
    #[schema(example = "ge-1")]
    id: String,
    name: String,
    tracks: u64,
    albums: u64,
}

/// A folder of a root.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Folder)]
pub(super) struct FolderView {
    #[schema(example = "fo-2")]
    id: String,
    #[schema(example = "ro-1")]
    root_id: String,
    parent_id: Option<String>,
    name: String,
    /// Below the root.
    path: String,
}

/// A playlist, without its entries. Moments are milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Playlist)]
pub(super) struct PlaylistView {
    #[schema(example = "pl-1")]
    pub(super) id: String,
    name: String,
    comment: String,
    /// Whether everybody may read it.
    public: bool,
    /// Whether it is of who asks: only then it can be changed.
    own: bool,
    /// The rules of a smart one, as in a `.nsp` file; none where it is made by hand.
    #[schema(value_type = Option<Object>)]
    rules: Option<serde_json::Value>,
    created: i64,
    changed: i64,
    /// Entries whose file is there.
    tracks: u64,
    /// Entries whose file is not where it was.
    missing: u64,
    duration_ms: u64,
}

/// A moment as it is said.
pub(super) fn millis(moment: Nanos) -> i64 {
    moment.millis()
}

impl From<Credit> for CreditView {
    fn from(credit: Credit) -> Self {
        Self { id: text(credit.id), name: credit.name }
    }
}

impl From<Mark> for MarkView {
    fn from(mark: Mark) -> Self {
        Self {
            favourite: mark.starred.map(millis),
            stars: mark.rating,
            plays: mark.plays,
            last_played: mark.played.map(millis),
        }
    }
}

fn each<T, V: From<T>>(things: Vec<T>) -> Vec<V> {
    things.into_iter().map(V::from).collect()
}

impl From<Track> for TrackView {
    fn from(track: Track) -> Self {
        Self {
            id: text(track.id),
            title: track.title,
            artist: track.artist_line,
            artists: each(track.artists),
            album: track.album_title,
            album_id: text(track.album),
            album_artist: track.album_artist_line,
            folder_id: text(track.folder),
            root_id: text(track.root),
            path: track.path,
            genres: track.genres,
            moods: track.moods,
            disc: track.disc,
            disc_title: track.disc_title,
            number: track.number,
            year: track.year,
            bpm: track.bpm,
            comment: track.comment,
            mbid: track.mbid,
            duration_ms: track.duration_ms,
            codec: track.codec,
            bytes: track.size,
            bitrate_kbps: track.bitrate_kbps,
            sample_rate_hz: track.rate_hz,
            bits: track.bits,
            channels: track.channels,
            track_gain_db: track.gain.track_gain,
            album_gain_db: track.gain.album_gain,
            added: millis(track.added),
            missing: track.missing.map(millis),
            mark: track.mark.into(),
        }
    }
}

impl From<Album> for AlbumView {
    fn from(album: Album) -> Self {
        let disc = |(number, title)| DiscView { number, title };
        Self {
            id: text(album.id),
            title: album.title,
            artist: album.artist_line,
            artists: each(album.artists),
            genres: album.genres,
            year: album.year,
            date: album.date,
            original_date: album.original_date,
            release_date: album.release_date,
            compilation: album.compilation,
            label: album.label,
            mbid: album.mbid,
            discs: album.discs.into_iter().map(disc).collect(),
            tracks: album.tracks,
            duration_ms: album.duration_ms,
            added: millis(album.added),
            mark: album.mark.into(),
        }
    }
}

impl From<Artist> for ArtistView {
    fn from(artist: Artist) -> Self {
        let Artist { id, name, sort: _, mbid, albums, tracks, mark } = artist;
        Self { id: text(id), name, mbid, albums, tracks, mark: mark.into() }
    }
}

impl From<Genre> for GenreView {
    fn from(genre: Genre) -> Self {
        let Genre { id, name, tracks, albums } = genre;
        Self { id: text(id), name, tracks, albums }
    }
}

impl From<Folder> for FolderView {
    fn from(folder: Folder) -> Self {
        Self {
            id: text(folder.id),
            root_id: text(folder.root),
            parent_id: folder.parent.map(text),
            name: folder.name,
            path: folder.path,
        }
    }
}

impl PlaylistView {
    pub(super) fn of(playlist: Playlist, asks: UserId) -> Self {
        Self {
            id: text(playlist.id),
            name: playlist.name,
            comment: playlist.comment,
            public: playlist.public,
            own: playlist.owner == asks,
            rules: playlist.rules.map(written),
            created: millis(playlist.created),
            changed: millis(playlist.changed),
            tracks: playlist.tracks,
            missing: playlist.missing,
            duration_ms: playlist.duration_ms,
        }
    }
}

/// Rules as a file has them.
fn written(rules: Rules) -> serde_json::Value {
    let smart = library::rules::Smart { name: None, comment: None, public: None, rules };
    // What was written as JSON reads as JSON.
    serde_json::from_str(&smart.to_nsp()).unwrap_or_default()
}
