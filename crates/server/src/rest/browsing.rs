//! Going from folders and artists to albums and songs.

use library::catalogue::{AlbumList, ArtistList, Page, TrackList};
use library::folding::ARTICLES;
use library::model::{Artist, Folder};
use library::{AlbumId, ArtistId, FolderId, ItemId};

use super::call::{Answered, Call};
use super::filled;
use crate::subsonic::views::{Child, Directory, Index, Indexes, Kind, MusicFolder, Shelf};
use crate::subsonic::{Code, Failure, Node, elements};

pub(super) fn answer(method: &str, call: &Call) -> Answered {
    Some(match method {
        "getMusicFolders" => music_folders(call),
        "getIndexes" => indexes(call),
        "getMusicDirectory" => directory(call),
        "getArtists" => artists(call),
        "getArtist" => artist(call),
        "getAlbum" => album(call),
        "getSong" => song(call),
        "getGenres" => genres(call),
        "getInternetRadioStations" => Ok(elements::radio_stations()),
        "getPodcasts" => Ok(elements::podcasts()),
        "getNewestPodcasts" => Ok(elements::newest_podcasts()),
        "getShares" => Ok(elements::shares()),
        _ => return None,
    })
}

fn music_folders(call: &Call) -> Result<Node, Failure> {
    let roots = call.house.library.roots()?;
    let folder = |root: library::Root| {
        let id = filled::count(root.id.0.unsigned_abs());
        MusicFolder { id, name: root.name }
    };
    Ok(elements::music_folders(&roots.into_iter().map(folder).collect::<Vec<_>>()))
}

/// The letter an artist stands under.
fn letter(sort: &str) -> String {
    match sort.chars().next() {
        Some(first) if first.is_alphabetic() => first.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

/// Artists under their letters; they come in the order of their names.
fn shelved<A>(artists: &[Artist], view: impl Fn(&Artist) -> A) -> Vec<Index<A>> {
    let mut letters: std::collections::BTreeMap<String, Vec<A>> = std::collections::BTreeMap::new();
    for artist in artists {
        letters.entry(letter(&artist.sort)).or_default().push(view(artist));
    }
    letters.into_iter().map(|(name, artists)| Index { name, artists }).collect()
}

fn ignored() -> String {
    ARTICLES.join(" ")
}

fn indexes(call: &Call) -> Result<Node, Failure> {
    let last_modified = call.house.library.changed()?;
    let since = call.parameters.moments("ifModifiedSince")?;
    // In the milliseconds the client was told: a finer moment is later than what it gives back.
    let is_new = since.first().is_none_or(|since| last_modified.millis() > since.millis());
    let mut view = Indexes { ignored_articles: ignored(), last_modified, ..Indexes::default() };
    if is_new {
        view.index = shelved(&leading(call)?, filled::folder_artist);
    }
    Ok(elements::indexes(&view))
}

/// Everybody with albums of their own, in the root that is asked for.
fn leading(call: &Call) -> Result<Vec<Artist>, Failure> {
    let (list, root) = (ArtistList::WithAlbums, call.root()?);
    Ok(call.house.library.list_artists_within(call.who.user, list, root, Page::WHOLE)?)
}

fn artists(call: &Call) -> Result<Node, Failure> {
    let index = shelved(&leading(call)?, filled::artist);
    Ok(elements::artists(&Shelf { ignored_articles: ignored(), index }))
}

fn artist(call: &Call) -> Result<Node, Failure> {
    let (library, id) = (&call.house.library, call.id::<ArtistId>("id")?);
    let artist = library.artist(call.who.user, id)?;
    let mut albums = library.list_albums(call.who.user, &AlbumList::OfArtist(id), Page::WHOLE)?;
    if albums.is_empty() {
        albums = library.list_albums(call.who.user, &AlbumList::WithArtist(id), Page::WHOLE)?;
    }
    let views: Vec<_> = albums.iter().map(filled::album).collect();
    Ok(elements::artist(&filled::artist(&artist), &views))
}

fn album(call: &Call) -> Result<Node, Failure> {
    let (library, id) = (&call.house.library, call.id::<AlbumId>("id")?);
    let album = library.album(call.who.user, id)?;
    let tracks = library.list_tracks(call.who.user, &TrackList::OfAlbum(id), Page::WHOLE)?;
    let songs: Vec<_> = tracks.iter().map(filled::song).collect();
    Ok(elements::album(&filled::album(&album), &songs))
}

fn song(call: &Call) -> Result<Node, Failure> {
    let track = call.house.library.track(call.who.user, call.track()?)?;
    Ok(elements::song(&filled::song(&track)))
}

fn genres(call: &Call) -> Result<Node, Failure> {
    let genres = call.house.library.genres()?;
    Ok(elements::genres(&genres.iter().map(filled::genre).collect::<Vec<_>>()))
}

/// A folder of the disk; an artist or an album, which old clients take for folders.
fn directory(call: &Call) -> Result<Node, Failure> {
    let view = match call.id("id")? {
        ItemId::FolderId(id) => of_folder(call, id)?,
        ItemId::RootId(id) => of_folder(call, call.house.library.folder_of_root(id)?)?,
        ItemId::ArtistId(id) => of_artist(call, id)?,
        ItemId::AlbumId(id) => of_album(call, id)?,
        _ => return Err(Failure::new(Code::NotFound)),
    };
    Ok(elements::directory(&view))
}

fn of_folder(call: &Call, id: FolderId) -> Result<Directory, Failure> {
    let found = call.house.library.folder(call.who.user, id)?;
    let mut children: Vec<Child> = found.folders.iter().map(folder).collect();
    children.extend(found.tracks.iter().map(filled::song));
    Ok(Directory {
        id: filled::id(id),
        parent: found.folder.parent.map(filled::id),
        name: found.folder.name,
        children,
        ..Directory::default()
    })
}

fn folder(folder: &Folder) -> Child {
    Child {
        id: filled::id(folder.id),
        parent: folder.parent.map(filled::id),
        kind: Kind::Folder,
        title: folder.name.clone(),
        cover_art: Some(filled::id(folder.id)),
        ..Child::default()
    }
}

fn of_artist(call: &Call, id: ArtistId) -> Result<Directory, Failure> {
    let artist = call.house.library.artist(call.who.user, id)?;
    let list = AlbumList::OfArtist(id);
    let albums = call.house.library.list_albums(call.who.user, &list, Page::WHOLE)?;
    Ok(Directory {
        id: filled::id(id),
        name: artist.name,
        starred: artist.mark.starred,
        children: albums.iter().map(filled::album_folder).collect(),
        ..Directory::default()
    })
}

fn of_album(call: &Call, id: AlbumId) -> Result<Directory, Failure> {
    let album = call.house.library.album(call.who.user, id)?;
    let list = TrackList::OfAlbum(id);
    let tracks = call.house.library.list_tracks(call.who.user, &list, Page::WHOLE)?;
    Ok(Directory {
        id: filled::id(id),
        parent: album.artists.first().map(|artist| filled::id(artist.id)),
        name: album.title,
        starred: album.mark.starred,
        play_count: Some(filled::count(album.mark.plays)),
        children: tracks.iter().map(filled::song).collect(),
        ..Directory::default()
    })
}
