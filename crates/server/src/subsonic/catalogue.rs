//! Every method of the protocol and how it is answered.

use super::Node;

/// A method of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Method {
    /// Its name, as in `/rest/NAME`.
    pub name: &'static str,
    /// How it is answered.
    pub answer: Answer,
}

/// How a method is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// By an envelope, to those who are let in.
    Document,
    /// By an envelope, to everyone: a client asks it to learn how it may authenticate.
    Open,
    /// By the bytes of a file or picture; an envelope only where that fails.
    Bytes,
    /// Status 410: chat, video, HLS and the oldest search will not come.
    Gone,
    /// By an envelope that says it is known and not made, status 200 as with every failure: a 501 is
    /// taken for a fault of the server by those who check for faults.
    NotImplemented,
}

/// Something of OpenSubsonic that servers may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// As clients look for it.
    pub name: &'static str,
    /// Which of its versions.
    pub versions: &'static [u32],
}

/// What of OpenSubsonic this server has.
pub const EXTENSIONS: [Extension; 9] = [
    Extension { name: "apiKeyAuthentication", versions: &[1] },
    Extension { name: "formPost", versions: &[1] },
    Extension { name: "indexBasedQueue", versions: &[1] },
    Extension { name: "playbackReport", versions: &[1] },
    Extension { name: "songLyrics", versions: &[1, 2] },
    Extension { name: "sonicSimilarity", versions: &[1] },
    Extension { name: "topSongsByArtistId", versions: &[1] },
    Extension { name: "transcodeOffset", versions: &[1] },
    Extension { name: "transcoding", versions: &[1] },
];

/// Every method, in the order of the alphabet.
pub const METHODS: [Method; 87] = [
    Method { name: "addChatMessage", answer: Answer::Gone },
    Method { name: "changePassword", answer: Answer::Document },
    Method { name: "createBookmark", answer: Answer::Document },
    Method { name: "createInternetRadioStation", answer: Answer::NotImplemented },
    Method { name: "createPlaylist", answer: Answer::Document },
    Method { name: "createPodcastChannel", answer: Answer::NotImplemented },
    Method { name: "createShare", answer: Answer::NotImplemented },
    Method { name: "createUser", answer: Answer::Document },
    Method { name: "deleteBookmark", answer: Answer::Document },
    Method { name: "deleteInternetRadioStation", answer: Answer::NotImplemented },
    Method { name: "deletePlaylist", answer: Answer::Document },
    Method { name: "deletePodcastChannel", answer: Answer::NotImplemented },
    Method { name: "deletePodcastEpisode", answer: Answer::NotImplemented },
    Method { name: "deleteShare", answer: Answer::NotImplemented },
    Method { name: "deleteUser", answer: Answer::Document },
    Method { name: "download", answer: Answer::Bytes },
    Method { name: "downloadPodcastEpisode", answer: Answer::NotImplemented },
    Method { name: "findSonicPath", answer: Answer::Document },
    Method { name: "getAlbum", answer: Answer::Document },
    Method { name: "getAlbumInfo", answer: Answer::Document },
    Method { name: "getAlbumInfo2", answer: Answer::Document },
    Method { name: "getAlbumList", answer: Answer::Document },
    Method { name: "getAlbumList2", answer: Answer::Document },
    Method { name: "getArtist", answer: Answer::Document },
    Method { name: "getArtistInfo", answer: Answer::Document },
    Method { name: "getArtistInfo2", answer: Answer::Document },
    Method { name: "getArtists", answer: Answer::Document },
    Method { name: "getAvatar", answer: Answer::Bytes },
    Method { name: "getBookmarks", answer: Answer::Document },
    Method { name: "getCaptions", answer: Answer::Gone },
    Method { name: "getChatMessages", answer: Answer::Gone },
    Method { name: "getCoverArt", answer: Answer::Bytes },
    Method { name: "getGenres", answer: Answer::Document },
    Method { name: "getIndexes", answer: Answer::Document },
    Method { name: "getInternetRadioStations", answer: Answer::Document },
    Method { name: "getLicense", answer: Answer::Document },
    Method { name: "getLyrics", answer: Answer::Document },
    Method { name: "getLyricsBySongId", answer: Answer::Document },
    Method { name: "getMusicDirectory", answer: Answer::Document },
    Method { name: "getMusicFolders", answer: Answer::Document },
    Method { name: "getNewestPodcasts", answer: Answer::Document },
    Method { name: "getNowPlaying", answer: Answer::Document },
    Method { name: "getOpenSubsonicExtensions", answer: Answer::Open },
    Method { name: "getPlayQueue", answer: Answer::Document },
    Method { name: "getPlayQueueByIndex", answer: Answer::Document },
    Method { name: "getPlaylist", answer: Answer::Document },
    Method { name: "getPlaylists", answer: Answer::Document },
    Method { name: "getPodcastEpisode", answer: Answer::NotImplemented },
    Method { name: "getPodcasts", answer: Answer::Document },
    Method { name: "getRandomSongs", answer: Answer::Document },
    Method { name: "getScanStatus", answer: Answer::Document },
    Method { name: "getShares", answer: Answer::Document },
    Method { name: "getSimilarSongs", answer: Answer::Document },
    Method { name: "getSimilarSongs2", answer: Answer::Document },
    Method { name: "getSong", answer: Answer::Document },
    Method { name: "getSongsByGenre", answer: Answer::Document },
    Method { name: "getSonicSimilarTracks", answer: Answer::Document },
    Method { name: "getStarred", answer: Answer::Document },
    Method { name: "getStarred2", answer: Answer::Document },
    Method { name: "getTopSongs", answer: Answer::Document },
    Method { name: "getTranscodeDecision", answer: Answer::Document },
    Method { name: "getTranscodeStream", answer: Answer::Bytes },
    Method { name: "getUser", answer: Answer::Document },
    Method { name: "getUsers", answer: Answer::Document },
    Method { name: "getVideoInfo", answer: Answer::Gone },
    Method { name: "getVideos", answer: Answer::Gone },
    Method { name: "hls.m3u8", answer: Answer::Gone },
    Method { name: "jukeboxControl", answer: Answer::NotImplemented },
    Method { name: "ping", answer: Answer::Document },
    Method { name: "refreshPodcasts", answer: Answer::NotImplemented },
    Method { name: "reportPlayback", answer: Answer::Document },
    Method { name: "savePlayQueue", answer: Answer::Document },
    Method { name: "savePlayQueueByIndex", answer: Answer::Document },
    Method { name: "scrobble", answer: Answer::Document },
    Method { name: "search", answer: Answer::Gone },
    Method { name: "search2", answer: Answer::Document },
    Method { name: "search3", answer: Answer::Document },
    Method { name: "setRating", answer: Answer::Document },
    Method { name: "star", answer: Answer::Document },
    Method { name: "startScan", answer: Answer::Document },
    Method { name: "stream", answer: Answer::Bytes },
    Method { name: "tokenInfo", answer: Answer::Document },
    Method { name: "unstar", answer: Answer::Document },
    Method { name: "updateInternetRadioStation", answer: Answer::NotImplemented },
    Method { name: "updatePlaylist", answer: Answer::Document },
    Method { name: "updateShare", answer: Answer::NotImplemented },
    Method { name: "updateUser", answer: Answer::Document },
];

/// The method of that name, as [`super::request::method`] read it; names are exact.
pub fn method(name: &str) -> Option<Method> {
    METHODS.into_iter().find(|method| method.name == name)
}

impl Answer {
    /// The status of HTTP that says there will be no other answer.
    pub const fn refusal(self) -> Option<u16> {
        match self {
            Self::Document | Self::Open | Self::Bytes => None,
            Self::Gone => Some(410),
            Self::NotImplemented => Some(200),
        }
    }
}

/// `getOpenSubsonicExtensions`.
pub fn extensions() -> Node {
    let extension = |view: &Extension| {
        Node::new().attribute("name", view.name).scalars("versions", view.versions.iter().copied())
    };
    Node::new().list("openSubsonicExtensions", EXTENSIONS.iter().map(extension))
}
