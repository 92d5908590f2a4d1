use super::media;
use crate::subsonic::Node;
use crate::subsonic::views::{AlbumInfo, Artist, ArtistInfo, FolderArtist, Images};

/// `getArtistInfo`.
pub fn artist_info(view: &ArtistInfo<FolderArtist>) -> Node {
    Node::new().child("artistInfo", of_artist(view, media::folder_artist))
}

/// `getArtistInfo2`.
pub fn artist_info2(view: &ArtistInfo<Artist>) -> Node {
    Node::new().child("artistInfo2", of_artist(view, media::artist))
}

/// `getAlbumInfo` and `getAlbumInfo2`, which answer the same.
pub fn album_info(view: &AlbumInfo) -> Node {
    let info = Node::new()
        .element("notes", view.notes.as_ref())
        .element("musicBrainzId", view.music_brainz_id.as_ref())
        .element("lastFmUrl", view.last_fm_url.as_ref())
        .and(images(&view.images));
    Node::new().child("albumInfo", info)
}

fn of_artist<A>(view: &ArtistInfo<A>, artist: fn(&A) -> Node) -> Node {
    Node::new()
        .element("biography", view.biography.as_ref())
        .element("musicBrainzId", view.music_brainz_id.as_ref())
        .element("lastFmUrl", view.last_fm_url.as_ref())
        .and(images(&view.images))
        .list("similarArtist", view.similar.iter().map(artist))
}

fn images(view: &Images) -> Node {
    Node::new()
        .element("smallImageUrl", view.small.as_ref())
        .element("mediumImageUrl", view.medium.as_ref())
        .element("largeImageUrl", view.large.as_ref())
}
