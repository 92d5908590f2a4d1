use crate::subsonic::Node;
use crate::subsonic::views::{
    Album, Artist, ArtistRef, Child, Contributor, DiscTitle, Explicit, FolderArtist, Hertz,
    ItemDate, Kind, Movement, ReplayGain, Work,
};

/// Songs and folders, as a list.
pub(super) fn children(children: &[Child]) -> impl Iterator<Item = Node> + '_ {
    children.iter().map(child)
}

/// Albums, as a list.
pub(super) fn albums(albums: &[Album]) -> impl Iterator<Item = Node> + '_ {
    albums.iter().map(album)
}

/// A song or a folder.
pub(super) fn child(view: &Child) -> Node {
    child_of_the_first_protocol(view).and(child_of_opensubsonic(view))
}

fn child_of_the_first_protocol(view: &Child) -> Node {
    let node = Node::new()
        .attribute("id", &view.id)
        .maybe("parent", view.parent.as_ref())
        .attribute("isDir", view.kind != Kind::Song)
        .attribute("title", &view.title)
        .maybe("album", view.album.as_ref())
        .maybe("artist", view.artist.as_ref())
        .maybe("track", view.track)
        .maybe("year", view.year)
        .maybe("genre", view.genre.as_ref())
        .maybe("coverArt", view.cover_art.as_ref())
        .maybe("size", view.size)
        .maybe("contentType", view.content_type.as_ref())
        .maybe("suffix", view.suffix.as_ref())
        .maybe("transcodedContentType", view.transcoded_content_type.as_ref())
        .maybe("transcodedSuffix", view.transcoded_suffix.as_ref())
        .maybe("duration", view.duration)
        .maybe("bitRate", view.bit_rate)
        .maybe("path", view.path.as_ref())
        .attribute("isVideo", false)
        .maybe("userRating", view.user_rating)
        .float("averageRating", view.average_rating)
        .maybe("playCount", view.play_count)
        .maybe("discNumber", view.disc_number)
        .maybe("created", view.created)
        .maybe("starred", view.starred)
        .maybe("albumId", view.album_id.as_ref())
        .maybe("artistId", view.artist_id.as_ref());
    match view.kind {
        Kind::Song => node.attribute("type", "music"),
        // Not in the description, and yet what servers send and py-opensonic reads.
        Kind::Album => node.attribute("name", &view.title).maybe("songCount", view.song_count),
        Kind::Artist | Kind::Folder => node,
    }
}

fn child_of_opensubsonic(view: &Child) -> Node {
    Node::new()
        .maybe("mediaType", media_type(view.kind))
        .maybe("played", view.played)
        .attribute("bitDepth", view.bit_depth.unwrap_or_default())
        .attribute("samplingRate", view.sampling_rate.unwrap_or(Hertz(0)))
        .attribute("channelCount", view.channel_count.unwrap_or_default())
        .attribute("bpm", view.bpm.unwrap_or_default())
        .attribute("comment", &view.comment)
        .attribute("sortName", &view.sort_name)
        .attribute("musicBrainzId", &view.music_brainz_id)
        .scalars("isrc", &view.isrc)
        .list("genres", names(&view.genres))
        .list("artists", view.artists.iter().map(artist_ref))
        .attribute("displayArtist", &view.display_artist)
        .list("albumArtists", view.album_artists.iter().map(artist_ref))
        .attribute("displayAlbumArtist", &view.display_album_artist)
        .list("contributors", view.contributors.iter().map(contributor))
        .attribute("displayComposer", &view.display_composer)
        .scalars("moods", &view.moods)
        .child("replayGain", replay_gain(&view.replay_gain))
        .attribute("explicitStatus", explicit_status(view.explicit))
        .list("works", view.works.iter().map(work))
        .list("movements", view.movements.iter().map(movement))
        .scalars("groupings", &view.groupings)
}

/// An album by tags, without its songs.
pub(super) fn album(view: &Album) -> Node {
    Node::new()
        .attribute("id", &view.id)
        .attribute("name", &view.name)
        .attribute("version", &view.version)
        .maybe("artist", view.artist.as_ref())
        .maybe("artistId", view.artist_id.as_ref())
        .maybe("coverArt", view.cover_art.as_ref())
        .attribute("songCount", view.song_count)
        .attribute("duration", view.duration)
        .maybe("playCount", view.play_count)
        .attribute("created", view.created)
        .maybe("starred", view.starred)
        .maybe("year", view.year)
        .maybe("genre", view.genre.as_ref())
        .maybe("played", view.played)
        .maybe("userRating", view.user_rating)
        .list("recordLabels", names(&view.record_labels))
        .attribute("musicBrainzId", &view.music_brainz_id)
        .list("genres", names(&view.genres))
        .list("artists", view.artists.iter().map(artist_ref))
        .attribute("displayArtist", &view.display_artist)
        .scalars("releaseTypes", &view.release_types)
        .scalars("moods", &view.moods)
        .attribute("sortName", &view.sort_name)
        .child("originalReleaseDate", item_date(view.original_release_date))
        .child("releaseDate", item_date(view.release_date))
        .attribute("isCompilation", view.is_compilation)
        .attribute("explicitStatus", explicit_status(view.explicit))
        .list("discTitles", view.disc_titles.iter().map(disc_title))
}

/// An artist by tags, without albums.
pub(super) fn artist(view: &Artist) -> Node {
    Node::new()
        .attribute("id", &view.id)
        .attribute("name", &view.name)
        .maybe("coverArt", view.cover_art.as_ref())
        .maybe("artistImageUrl", view.image_url.as_ref())
        .attribute("albumCount", view.album_count)
        .maybe("starred", view.starred)
        .attribute("musicBrainzId", &view.music_brainz_id)
        .attribute("sortName", &view.sort_name)
        .attribute("disambiguation", &view.disambiguation)
        .scalars("roles", &view.roles)
}

/// An artist as a folder.
pub(super) fn folder_artist(view: &FolderArtist) -> Node {
    Node::new()
        .attribute("id", &view.id)
        .attribute("name", &view.name)
        .maybe("artistImageUrl", view.image_url.as_ref())
        .maybe("starred", view.starred)
        .maybe("userRating", view.user_rating)
        .float("averageRating", view.average_rating)
}

fn artist_ref(view: &ArtistRef) -> Node {
    Node::new().attribute("id", &view.id).attribute("name", &view.name)
}

/// Genres and labels are objects of a name.
fn names(names: &[String]) -> impl Iterator<Item = Node> + '_ {
    names.iter().map(|name| Node::new().attribute("name", name))
}

fn contributor(view: &Contributor) -> Node {
    Node::new()
        .attribute("role", &view.role)
        .maybe("subRole", view.sub_role.as_ref())
        .child("artist", artist_ref(&view.artist))
}

fn replay_gain(view: &ReplayGain) -> Node {
    Node::new()
        .float("trackGain", view.track_gain)
        .float("albumGain", view.album_gain)
        .float("trackPeak", view.track_peak)
        .float("albumPeak", view.album_peak)
        .float("baseGain", view.base_gain)
        .float("fallbackGain", view.fallback_gain)
}

fn work(view: &Work) -> Node {
    Node::new().attribute("name", &view.name).maybe("musicBrainzId", view.music_brainz_id.as_ref())
}

fn movement(view: &Movement) -> Node {
    Node::new()
        .attribute("name", &view.name)
        .maybe("number", view.number)
        .maybe("count", view.count)
}

fn item_date(view: ItemDate) -> Node {
    Node::new().maybe("year", view.year).maybe("month", view.month).maybe("day", view.day)
}

fn disc_title(view: &DiscTitle) -> Node {
    Node::new()
        .attribute("disc", view.disc)
        .attribute("title", &view.title)
        .maybe("coverArt", view.cover_art.as_ref())
}

const fn media_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Song => Some("song"),
        Kind::Album => Some("album"),
        Kind::Artist => Some("artist"),
        Kind::Folder => None,
    }
}

const fn explicit_status(explicit: Explicit) -> &'static str {
    match explicit {
        Explicit::Unknown => "",
        Explicit::Clean => "clean",
        Explicit::Explicit => "explicit",
    }
}
