use super::media;
use crate::subsonic::Node;
use crate::subsonic::views::{Album, Child, FolderFinds, TaggedFinds};

/// `getAlbumList`.
pub fn album_list(albums: &[Child]) -> Node {
    Node::new().child("albumList", Node::new().list("album", media::children(albums)))
}

/// `getAlbumList2`.
pub fn album_list2(albums: &[Album]) -> Node {
    Node::new().child("albumList2", Node::new().list("album", media::albums(albums)))
}

/// `getRandomSongs`.
pub fn random_songs(found: &[Child]) -> Node {
    songs("randomSongs", found)
}

/// `getSongsByGenre`.
pub fn songs_by_genre(found: &[Child]) -> Node {
    songs("songsByGenre", found)
}

/// `getTopSongs`.
pub fn top_songs(found: &[Child]) -> Node {
    songs("topSongs", found)
}

/// `getSimilarSongs`.
pub fn similar_songs(found: &[Child]) -> Node {
    songs("similarSongs", found)
}

/// `getSimilarSongs2`.
pub fn similar_songs2(found: &[Child]) -> Node {
    songs("similarSongs2", found)
}

/// `getStarred`.
pub fn starred(view: &FolderFinds) -> Node {
    Node::new().child("starred", by_folders(view))
}

/// `getStarred2`.
pub fn starred2(view: &TaggedFinds) -> Node {
    Node::new().child("starred2", by_tags(view))
}

/// `search2`.
pub fn search2(view: &FolderFinds) -> Node {
    Node::new().child("searchResult2", by_folders(view))
}

/// `search3`.
pub fn search3(view: &TaggedFinds) -> Node {
    Node::new().child("searchResult3", by_tags(view))
}

fn songs(name: &'static str, songs: &[Child]) -> Node {
    Node::new().child(name, Node::new().list("song", media::children(songs)))
}

fn by_folders(view: &FolderFinds) -> Node {
    Node::new()
        .list("artist", view.artists.iter().map(media::folder_artist))
        .list("album", media::children(&view.albums))
        .list("song", media::children(&view.songs))
}

fn by_tags(view: &TaggedFinds) -> Node {
    Node::new()
        .list("artist", view.artists.iter().map(media::artist))
        .list("album", media::albums(&view.albums))
        .list("song", media::children(&view.songs))
}
