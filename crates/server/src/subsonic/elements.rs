//! From views to what stands in the envelope: one function an answer.
//!
//! Fields OpenSubsonic added are always there, empty where nothing is known (`""`, `[]`, `{}`, and
//! 0 for counts of bits, channels, samples and beats): that is how a client sees that a server
//! knows them. Fields of the first protocol are absent where nothing is known.
//! `Child.bookmarkPosition` is never sent: servers give milliseconds where the text says seconds,
//! and `getBookmarks` says it without doubt.

mod account;
mod browsing;
mod finds;
mod info;
mod lyrics;
mod media;
mod playing;
mod playlist;
mod transcoding;

pub use account::{license, scan_status, token_info, user, users};
pub use browsing::{
    album, artist, artists, directory, genres, indexes, music_folders, newest_podcasts, podcasts,
    radio_stations, shares, song,
};
pub use finds::{
    album_list, album_list2, random_songs, search2, search3, similar_songs, similar_songs2,
    songs_by_genre, starred, starred2, top_songs,
};
pub use info::{album_info, artist_info, artist_info2};
pub use lyrics::{lyrics, lyrics_list};
pub use playing::{bookmarks, now_playing, play_queue, play_queue_by_index, sonic_matches};
pub use playlist::{playlist, playlists};
pub use transcoding::transcode_decision;
