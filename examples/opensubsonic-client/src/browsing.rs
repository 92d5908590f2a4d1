//! From folders and artists to albums and songs.

use opensubsonic::data::ArtistId3;
use opensubsonic::{Search3Options, SubsonicErrorCode};

use crate::checks::{Held, answer};
use crate::{Music, Session};

/// As many as any library here has.
const ALL: i32 = 500;

pub async fn browse(session: &mut Session) -> Held<Music> {
    let Session { client, checks, .. } = session;
    let folders = answer("getMusicFolders", client.get_music_folders().await)?;
    let is_named = |folder: &opensubsonic::data::MusicFolder| folder.name.is_some();
    checks.that("getMusicFolders", "folders have names", folders.iter().any(is_named))?;

    let options = Search3Options::new().song_count(ALL).album_count(ALL).artist_count(ALL);
    let everything = answer("search3", client.search3("", &options).await)?;
    checks.that("search3", "nothing finds everything", everything.song.len() >= 4)?;
    let songs = everything.song;

    let artists = answer("getArtists", client.get_artists(None).await)?;
    let all: Vec<&ArtistId3> = artists.index.iter().flat_map(|index| &index.artist).collect();
    checks.equal(
        "getArtists",
        "as many as the search finds",
        all.len(),
        everything.artist.len(),
    )?;
    for index in &artists.index {
        let fits = |artist: &ArtistId3| {
            let sort = artist.sort_name.as_ref().unwrap_or(&artist.name).to_uppercase();
            !sort.starts_with(char::is_alphabetic) || sort.starts_with(&index.name)
        };
        checks.that("getArtists", "names are under their letter", index.artist.iter().all(fits))?;
    }
    let wanted = songs.iter().find(|song| song.suffix.as_deref() == Some("flac"));
    let wanted = wanted.unwrap_or(&songs[0]);

    let song = answer("getSong", client.get_song(&wanted.id).await)?;
    checks.equal("getSong", "the song that was found", &song, wanted)?;
    let id = song.album_id.clone().unwrap_or_default();
    let album = answer("getAlbum", client.get_album(&id).await)?;
    let count = i64::try_from(album.song.len()).ok();
    checks.equal("getAlbum", "its count is that of its songs", album.song_count, count)?;
    let is_of = |song: &opensubsonic::data::Child| song.album_id.as_ref() == Some(&album.id);
    checks.that("getAlbum", "its songs are its own", album.song.iter().all(is_of))?;
    checks.that("getAlbum", "the song is one of them", album.song.contains(&song))?;
    let length: i64 = album.song.iter().filter_map(|song| song.duration).sum();
    // Each song is told in whole seconds, and so is their sum.
    let apart = album.duration.map(|whole| (whole - length).abs());
    let is_near = apart.is_some_and(|apart| apart <= album.song.len() as i64);
    checks.that("getAlbum", "it lasts as long as its songs", is_near)?;
    let id = album.artist_id.clone().unwrap_or_default();
    let artist = answer("getArtist", client.get_artist(&id).await)?;
    let has = artist.album.iter().any(|found| found.id == album.id && found.name == album.name);
    checks.that("getArtist", "the album is one of theirs", has)?;
    let count = i64::try_from(artist.album.len()).ok();
    checks.equal("getArtist", "its count is that of its albums", artist.album_count, count)?;
    let is_listed = all.iter().any(|found| found.id == artist.id && found.name == artist.name);
    checks.that("getArtists", "the artist is one of them", is_listed)?;

    let nobody = client.get_song("tr-999999999").await;
    checks.refused("getSong", "no such song", nobody, SubsonicErrorCode::NotFound)?;
    let music = Music { artist, album, song, songs };
    folders_of(session, &music).await?;
    about(session, &music).await?;
    Ok(music)
}

async fn folders_of(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let indexes = answer("getIndexes", client.get_indexes(None, None).await)?;
    let mut artists = indexes.index.iter().flat_map(|index| &index.artist);
    let has = artists.any(|artist| artist.name == music.artist.name);
    checks.that("getIndexes", "the artist is in it", has)?;
    let since = indexes.last_modified;
    checks.that("getIndexes", "it says when it changed", since.is_some())?;
    let same = answer("getIndexes", client.get_indexes(None, since).await)?;
    checks.that("getIndexes", "nothing changed since", same.index.is_empty())?;
    let parent = music.song.parent.clone().unwrap_or_default();
    let folder = answer("getMusicDirectory", client.get_music_directory(&parent).await)?;
    checks.that("getMusicDirectory", "the song is in it", folder.child.contains(&music.song))?;
    let above = folder.parent.clone().unwrap_or_default();
    let above = answer("getMusicDirectory", client.get_music_directory(&above).await)?;
    let has = above.child.iter().any(|child| child.id == folder.id && child.is_dir);
    checks.that("getMusicDirectory", "its folder is in the one above", has)
}

/// What is known of things elsewhere is nothing here; the answers must be there all the same.
async fn about(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let (artist, album, song) = (&music.artist, &music.album, &music.song);
    let one = answer("getArtistInfo", client.get_artist_info(&artist.id, Some(5), None).await)?;
    let two = answer("getArtistInfo2", client.get_artist_info2(&artist.id, Some(5), None).await)?;
    // An unknown one is left out in one place and empty in another.
    let known = |id: &Option<String>| id.clone().unwrap_or_default();
    let (found, id) = (known(&one.music_brainz_id), known(&artist.music_brainz_id));
    checks.equal("getArtistInfo", "the artist's identity", &found, &id)?;
    checks.equal("getArtistInfo2", "the artist's identity", known(&two.music_brainz_id), id)?;
    let one = answer("getAlbumInfo", client.get_album_info(&album.id).await)?;
    let two = answer("getAlbumInfo2", client.get_album_info2(&album.id).await)?;
    let (found, id) = (known(&one.music_brainz_id), known(&album.music_brainz_id));
    checks.equal("getAlbumInfo", "the album's identity", &found, &id)?;
    checks.equal("getAlbumInfo2", "the album's identity", known(&two.music_brainz_id), id)?;

    let top = answer("getTopSongs", client.get_top_songs(&artist.name, Some(2)).await)?;
    checks.that("getTopSongs", "as many as asked for", (1..=2).contains(&top.len()))?;
    let is_theirs = top.iter().all(|song| song.artist_id.as_ref() == Some(&artist.id));
    checks.that("getTopSongs", "songs of the artist", is_theirs)?;
    // Songs that were not listened to yet have none.
    let one = answer("getSimilarSongs", client.get_similar_songs(&song.id, Some(3)).await)?;
    let is_another = one.len() <= 3 && one.iter().all(|other| other.id != song.id);
    checks.that("getSimilarSongs", "a few, and not the song itself", is_another)?;
    let two = answer("getSimilarSongs2", client.get_similar_songs2(&artist.id, Some(3)).await)?;
    checks.that("getSimilarSongs2", "a few", two.len() <= 3)
    // getSonicSimilarTracks and findSonicPath are left out: the description has a list "sonicMatch" in the answer
    // itself, each of an "entry" and its "similarity". The crate, 0.6.1, looks for that list inside a
    // "sonicSimilarTracks" or a "sonicPath", and for the song's fields beside the similarity; it takes any answer
    // that conforms for an empty list.
}
