//! A collection of music: what is there, what is known of it, and how it is found.
//!
//! Holds: the scan, identities, the catalogue, search, playlists, covers. Must never know: HTTP,
//! how anything is played or shown.
