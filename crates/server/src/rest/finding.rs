//! Lists and search.

use library::catalogue::{AlbumList, ArtistList, Page, TrackList};
use library::model::{Album, Track};
use library::search::Wanted;
use library::{ArtistId, ItemId};

use super::call::{Answered, Call};
use super::filled;
use crate::subsonic::listing::{self, AlbumOrder};
use crate::subsonic::query::{self, Query};
use crate::subsonic::views::{
    AlbumInfo, ArtistInfo, Child, FolderArtist, FolderFinds, Images, TaggedFinds,
};
use crate::subsonic::{Code, Failure, Node, elements};

pub(super) fn answer(method: &str, call: &Call) -> Answered {
    Some(match method {
        "getAlbumList" => album_list(call).map(|albums| {
            elements::album_list(&albums.iter().map(filled::album_folder).collect::<Vec<_>>())
        }),
        "getAlbumList2" => album_list(call).map(|albums| {
            elements::album_list2(&albums.iter().map(filled::album).collect::<Vec<_>>())
        }),
        "getRandomSongs" => random(call),
        "getSongsByGenre" => by_genre(call),
        "getTopSongs" => top(call),
        "getStarred" => starred(call).map(|found| elements::starred(&folders(&found))),
        "getStarred2" => starred(call).map(|found| elements::starred2(&tagged(&found))),
        "search2" => search(call).map(|found| elements::search2(&folders(&found))),
        "search3" => search(call).map(|found| elements::search3(&tagged(&found))),
        "getArtistInfo" => artist_info(call).map(|info| {
            elements::artist_info(&ArtistInfo { similar: Vec::<FolderArtist>::new(), ..none(info) })
        }),
        "getArtistInfo2" => artist_info(call).map(|info| elements::artist_info2(&none(info))),
        "getAlbumInfo" | "getAlbumInfo2" => album_info(call),
        _ => return None,
    })
}

fn songs(tracks: &[Track]) -> Vec<Child> {
    tracks.iter().map(filled::song).collect()
}

fn album_list(call: &Call) -> Result<Vec<Album>, Failure> {
    let page = call.page("size", "offset", 10)?;
    let list = match AlbumOrder::of(&call.parameters)? {
        AlbumOrder::Random => AlbumList::Random(call.house.chance()),
        AlbumOrder::Newest => AlbumList::Newest,
        AlbumOrder::Highest => AlbumList::Highest,
        AlbumOrder::Frequent => AlbumList::Frequent,
        AlbumOrder::Recent => AlbumList::Recent,
        AlbumOrder::ByName => AlbumList::ByName,
        AlbumOrder::ByArtist => AlbumList::ByArtist,
        AlbumOrder::Starred => AlbumList::Starred,
        AlbumOrder::Years { from, to } => AlbumList::ByYear(from.into(), to.into()),
        AlbumOrder::Genre(genre) => AlbumList::OfGenre(genre),
    };
    Ok(call.house.library.list_albums_within(call.who.user, &list, call.root()?, page)?)
}

fn random(call: &Call) -> Result<Node, Failure> {
    let page = call.page("size", "offset", 10)?;
    let list = TrackList::Random {
        seed: call.house.chance(),
        genre: call.parameters.optional("genre").map(str::to_owned),
        from_year: listing::year(&call.parameters, "fromYear")?.map(i64::from),
        to_year: listing::year(&call.parameters, "toYear")?.map(i64::from),
    };
    let page = Page { offset: 0, ..page };
    let tracks = call.house.library.list_tracks_within(call.who.user, &list, call.root()?, page)?;
    Ok(elements::random_songs(&songs(&tracks)))
}

fn by_genre(call: &Call) -> Result<Node, Failure> {
    let page = call.page("count", "offset", 10)?;
    let list = TrackList::OfGenre(call.parameters.required("genre")?.to_owned());
    let tracks = call.house.library.list_tracks_within(call.who.user, &list, call.root()?, page)?;
    Ok(elements::songs_by_genre(&songs(&tracks)))
}

/// The songs of an artist that are played most here; by name, or by id as the extension has it.
fn top(call: &Call) -> Result<Node, Failure> {
    let page = Page { offset: 0, ..call.page("count", "offset", 50)? };
    let artist = match call.parameters.optional("id") {
        Some(_) => Some(call.id::<ArtistId>("id")?),
        None => call.house.library.artist_named(call.parameters.required("artist")?)?,
    };
    let Some(artist) = artist else { return Ok(elements::top_songs(&[])) };
    let list = TrackList::TopOfArtist(artist);
    let tracks = call.house.library.list_tracks(call.who.user, &list, page)?;
    Ok(elements::top_songs(&songs(&tracks)))
}

fn starred(call: &Call) -> Result<library::search::Found, Failure> {
    let (library, user, root) = (&call.house.library, call.who.user, call.root()?);
    Ok(library::search::Found {
        artists: library.list_artists_within(user, ArtistList::Starred, root, Page::WHOLE)?,
        albums: library.list_albums_within(user, &AlbumList::Starred, root, Page::WHOLE)?,
        tracks: library.list_tracks_within(user, &TrackList::Starred, root, Page::WHOLE)?,
    })
}

fn search(call: &Call) -> Result<library::search::Found, Failure> {
    let wanted = Wanted {
        artists: call.page("artistCount", "artistOffset", 20)?,
        albums: call.page("albumCount", "albumOffset", 20)?,
        tracks: call.page("songCount", "songOffset", 20)?,
        within: call.root()?,
    };
    let asked = match query::query(&call.parameters)? {
        Query::Everything => String::new(),
        Query::Text(text) => text,
    };
    Ok(call.house.library.search(call.who.user, &asked, wanted)?)
}

fn tagged(found: &library::search::Found) -> TaggedFinds {
    TaggedFinds {
        artists: found.artists.iter().map(filled::artist).collect(),
        albums: found.albums.iter().map(filled::album).collect(),
        songs: songs(&found.tracks),
    }
}

fn folders(found: &library::search::Found) -> FolderFinds {
    FolderFinds {
        artists: found.artists.iter().map(filled::folder_artist).collect(),
        albums: found.albums.iter().map(filled::album_folder).collect(),
        songs: songs(&found.tracks),
    }
}

/// What is known of an artist: no more than their identity, no server elsewhere is asked.
fn artist_info(call: &Call) -> Result<Option<String>, Failure> {
    let artist = match call.id("id")? {
        ItemId::ArtistId(id) => id,
        ItemId::AlbumId(id) => lead(call.house.library.album(call.who.user, id)?.artists)?,
        ItemId::TrackId(id) => lead(call.house.library.track(call.who.user, id)?.artists)?,
        _ => return Err(Failure::new(Code::NotFound)),
    };
    Ok(call.house.library.artist(call.who.user, artist)?.mbid)
}

fn lead(credits: Vec<library::model::Credit>) -> Result<ArtistId, Failure> {
    credits.first().map(|credit| credit.id).ok_or(Failure::new(Code::NotFound))
}

fn none<A>(music_brainz_id: Option<String>) -> ArtistInfo<A> {
    let images = Images::default();
    let (biography, last_fm_url, similar) = (None, None, Vec::new());
    ArtistInfo { biography, music_brainz_id, last_fm_url, images, similar }
}

fn album_info(call: &Call) -> Result<Node, Failure> {
    let album = match call.id("id")? {
        ItemId::AlbumId(id) => id,
        ItemId::TrackId(id) => call.house.library.track(call.who.user, id)?.album,
        _ => return Err(Failure::new(Code::NotFound)),
    };
    let music_brainz_id = call.house.library.album(call.who.user, album)?.mbid;
    Ok(elements::album_info(&AlbumInfo { music_brainz_id, ..AlbumInfo::default() }))
}
