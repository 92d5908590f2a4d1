use super::media;
use crate::subsonic::Node;
use crate::subsonic::views::{
    Album, Artist, Child, Directory, Genre, Index, Indexes, MusicFolder, Shelf,
};

/// `getMusicFolders`.
pub fn music_folders(folders: &[MusicFolder]) -> Node {
    let folder =
        |view: &MusicFolder| Node::new().attribute("id", view.id).attribute("name", &view.name);
    Node::new().child("musicFolders", Node::new().list("musicFolder", folders.iter().map(folder)))
}

/// `getIndexes`.
pub fn indexes(view: &Indexes) -> Node {
    let indexes = Node::new()
        .attribute("ignoredArticles", &view.ignored_articles)
        .attribute("lastModified", view.last_modified.millis())
        .list("shortcut", view.shortcuts.iter().map(media::folder_artist))
        .list("index", view.index.iter().map(|letter| index(letter, media::folder_artist)))
        .list("child", media::children(&view.children));
    Node::new().child("indexes", indexes)
}

/// `getArtists`.
pub fn artists(view: &Shelf) -> Node {
    let artists = Node::new()
        .attribute("ignoredArticles", &view.ignored_articles)
        .list("index", view.index.iter().map(|letter| index(letter, media::artist)));
    Node::new().child("artists", artists)
}

/// `getMusicDirectory`.
pub fn directory(view: &Directory) -> Node {
    let directory = Node::new()
        .attribute("id", &view.id)
        .maybe("parent", view.parent.as_ref())
        .attribute("name", &view.name)
        .maybe("starred", view.starred)
        .maybe("userRating", view.user_rating)
        .float("averageRating", view.average_rating)
        .maybe("playCount", view.play_count)
        .list("child", media::children(&view.children));
    Node::new().child("directory", directory)
}

/// `getGenres`.
pub fn genres(genres: &[Genre]) -> Node {
    let genre = |view: &Genre| {
        Node::new()
            .attribute("songCount", view.song_count)
            .attribute("albumCount", view.album_count)
            .text(&view.name)
    };
    Node::new().child("genres", Node::new().list("genre", genres.iter().map(genre)))
}

/// `getArtist`.
pub fn artist(view: &Artist, albums: &[Album]) -> Node {
    Node::new().child("artist", media::artist(view).list("album", media::albums(albums)))
}

/// `getAlbum`.
pub fn album(view: &Album, songs: &[Child]) -> Node {
    Node::new().child("album", media::album(view).list("song", media::children(songs)))
}

/// `getSong`.
pub fn song(view: &Child) -> Node {
    Node::new().child("song", media::child(view))
}

/// `getInternetRadioStations`: this server keeps none.
pub fn radio_stations() -> Node {
    none_of("internetRadioStations", "internetRadioStation")
}

/// `getPodcasts`: this server keeps none.
pub fn podcasts() -> Node {
    none_of("podcasts", "channel")
}

/// `getNewestPodcasts`: this server keeps none.
pub fn newest_podcasts() -> Node {
    none_of("newestPodcasts", "episode")
}

/// `getShares`: this server shares with accounts only.
pub fn shares() -> Node {
    none_of("shares", "share")
}

fn none_of(list: &'static str, item: &'static str) -> Node {
    Node::new().child(list, Node::new().list(item, []))
}

fn index<A>(view: &Index<A>, artist: fn(&A) -> Node) -> Node {
    Node::new().attribute("name", &view.name).list("artist", view.artists.iter().map(artist))
}
