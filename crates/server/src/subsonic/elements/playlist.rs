use super::media;
use crate::subsonic::Node;
use crate::subsonic::views::{Child, Playlist};

/// `getPlaylists`.
pub fn playlists(playlists: &[Playlist]) -> Node {
    Node::new()
        .child("playlists", Node::new().list("playlist", playlists.iter().map(without_songs)))
}

/// `getPlaylist`, and the answer to `createPlaylist`.
pub fn playlist(view: &Playlist, songs: &[Child]) -> Node {
    Node::new().child("playlist", without_songs(view).list("entry", media::children(songs)))
}

fn without_songs(view: &Playlist) -> Node {
    Node::new()
        .attribute("id", &view.id)
        .attribute("name", &view.name)
        .maybe("comment", view.comment.as_ref())
        .maybe("owner", view.owner.as_ref())
        .attribute("public", view.public)
        .attribute("songCount", view.song_count)
        .attribute("duration", view.duration)
        .attribute("created", view.created)
        .attribute("changed", view.changed)
        .maybe("coverArt", view.cover_art.as_ref())
        .scalars("allowedUser", &view.allowed_users)
        .attribute("readonly", view.readonly)
        .maybe("validUntil", view.valid_until)
}
