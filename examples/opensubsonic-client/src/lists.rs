//! Lists of albums and songs, and search.

use opensubsonic::data::{AlbumId3, Child};
use opensubsonic::{
    AlbumListOptions, AlbumListType, RandomSongsOptions, Search2Options, Search3Options,
    SongsByGenreOptions,
};

use crate::checks::{Held, answer};
use crate::{Music, Session};

/// As many as any library here has.
const ALL: i32 = 500;

async fn list(
    session: &Session,
    kind: AlbumListType,
    options: AlbumListOptions,
) -> Held<Vec<AlbumId3>> {
    answer("getAlbumList2", session.client.get_album_list2(kind, &options.size(ALL)).await)
}

pub async fn albums(session: &mut Session, music: &Music) -> Held {
    use AlbumListType::{
        AlphabeticalByArtist, AlphabeticalByName, ByGenre, ByYear, Newest, Random,
    };
    let has = |albums: &[AlbumId3]| albums.iter().any(|album| album.id == music.album.id);
    let named = list(session, AlphabeticalByName, AlbumListOptions::new()).await?;
    session.checks.that("getAlbumList2", "by name: the album is in it", has(&named))?;
    let names: Vec<String> = named.iter().map(|album| album.name.to_lowercase()).collect();
    session.checks.that("getAlbumList2", "by name: in order", names.is_sorted())?;
    for kind in [AlphabeticalByArtist, Newest, Random] {
        let all = list(session, kind, AlbumListOptions::new()).await?;
        session.checks.that(
            "getAlbumList2",
            &format!("{kind:?}: the album is in it"),
            has(&all),
        )?;
        let what = format!("{kind:?}: as many as by name");
        session.checks.equal("getAlbumList2", &what, all.len(), named.len())?;
    }
    let years = |albums: &[AlbumId3]| albums.iter().filter_map(|a| a.year).collect::<Vec<_>>();
    let span = AlbumListOptions::new().from_year(1900).to_year(2100);
    let rising = list(session, ByYear, span).await?;
    session.checks.that("getAlbumList2", "by year: rising", years(&rising).is_sorted())?;
    let span = AlbumListOptions::new().from_year(2100).to_year(1900);
    let mut falling = years(&list(session, ByYear, span).await?);
    falling.reverse();
    session.checks.equal("getAlbumList2", "by year: falling", falling, years(&rising))?;
    if let Some(year) = music.album.year {
        let only = AlbumListOptions::new().from_year(year).to_year(year);
        let only = list(session, ByYear, only).await?;
        let is_only = has(&only) && years(&only).iter().all(|found| *found == year);
        session.checks.that("getAlbumList2", "by year: one alone", is_only)?;
    }
    if let Some(genre) = &music.album.genre {
        let of = list(session, ByGenre, AlbumListOptions::new().genre(genre)).await?;
        session.checks.that("getAlbumList2", "by genre: the album is in it", has(&of))?;
    }
    let Session { client, checks, .. } = session;
    let second = AlbumListOptions::new().size(1).offset(1);
    let page = answer("getAlbumList2", client.get_album_list2(AlphabeticalByName, &second).await)?;
    let same = page.iter().map(|album| &album.id).eq(named.iter().skip(1).take(1).map(|a| &a.id));
    checks.that("getAlbumList2", "a page of one", same)?;
    let options = AlbumListOptions::new().size(ALL);
    let old = answer("getAlbumList", client.get_album_list(AlphabeticalByName, &options).await)?;
    let ids: Vec<&str> = old.iter().map(|album| &*album.id).collect();
    let expected: Vec<&str> = named.iter().map(|album| &*album.id).collect();
    checks.equal("getAlbumList", "the same albums", ids, expected)?;
    checks.that("getAlbumList", "as folders", old.iter().all(|album| album.is_dir))
}

pub async fn songs(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let options = RandomSongsOptions::new().size(3);
    let some = answer("getRandomSongs", client.get_random_songs(&options).await)?;
    checks.equal("getRandomSongs", "as many as asked for", some.len(), 3)?;
    let is_known = some.iter().all(|song| music.songs.contains(song));
    checks.that("getRandomSongs", "songs of the library", is_known)?;
    let options = RandomSongsOptions::new().from_year(2200);
    let none = answer("getRandomSongs", client.get_random_songs(&options).await)?;
    checks.that("getRandomSongs", "none of another century", none.is_empty())?;
    let genres = answer("getGenres", client.get_genres().await)?;
    for genre in &genres {
        let options = SongsByGenreOptions::new().count(ALL);
        let of = answer("getSongsByGenre", client.get_songs_by_genre(&genre.name, &options).await)?;
        let what = format!("as many of {} as the genre counts", genre.name);
        checks.equal("getSongsByGenre", &what, of.len() as i64, genre.song_count)?;
    }
    let is_there =
        |song: &Child| genres.iter().any(|genre| Some(&genre.name) == song.genre.as_ref());
    let holds = music.songs.iter().filter(|song| song.genre.is_some()).all(is_there);
    checks.that("getGenres", "those of every song", holds)
}

pub async fn search(session: &mut Session, music: &Music) -> Held {
    let Session { client, checks, .. } = session;
    let title = &music.song.title;
    let options = Search3Options::new().song_count(ALL);
    let found = answer("search3", client.search3(title, &options).await)?;
    checks.that("search3", "a song by its title", found.song.contains(&music.song))?;
    let found = answer("search3", client.search3(&music.album.name, &options).await)?;
    let has = found.album.iter().any(|album| album.id == music.album.id);
    checks.that("search3", "an album by its name", has)?;
    let found = answer("search3", client.search3(&music.artist.name, &options).await)?;
    let has = found.artist.iter().any(|artist| artist.id == music.artist.id);
    checks.that("search3", "an artist by their name", has)?;
    let page = Search3Options::new().artist_count(0).album_count(0).song_count(2).song_offset(1);
    let found = answer("search3", client.search3("", &page).await)?;
    checks.that("search3", "a count of 0", found.artist.is_empty() && found.album.is_empty())?;
    checks.that("search3", "a page of songs", found.song[..] == music.songs[1..3])?;
    let nothing = answer("search3", client.search3("qqqqzzzz", &Search3Options::new()).await)?;
    checks.that("search3", "no such thing", nothing.song.is_empty() && nothing.album.is_empty())?;
    let options = Search2Options::new().song_count(ALL);
    let found = answer("search2", client.search2(title, &options).await)?;
    checks.that("search2", "a song by its title", found.song.contains(&music.song))?;
    let found = answer("search2", client.search2(&music.album.name, &options).await)?;
    let has = found.album.iter().any(|album| album.title == music.album.name && album.is_dir);
    checks.that("search2", "an album by its name, as a folder", has)
}
