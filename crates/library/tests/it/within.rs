//! Lists of one root alone.

use std::collections::BTreeSet;

use library::catalogue::keyset::{AlbumQuery, ArtistQuery, TrackQuery};
use library::catalogue::{AlbumList, ArtistList, Page, TrackList};
use library::model::Track;
use library::{AlbumId, ArtistId, FolderId, RootId};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;

use crate::house::{ANNA, House, Song};

/// Songs with few artists and albums, some of them missing; whose turn it is decides the root.
fn songs() -> impl Strategy<Value = Vec<Song>> {
    let one = ("[ab]", "[xyz]", "[pqr]", 1990_i64..1993, any::<(bool, bool)>());
    proptest::collection::vec(one, 0..20).prop_map(|all| {
        let each = all.into_iter().enumerate();
        let song = |(n, (title, artist, album, year, (missing, starred)))| Song {
            title,
            path: format!("{n}.flac"),
            artists: vec![artist],
            album,
            genres: vec!["g".to_owned()],
            year: Some(year),
            missing,
            starred: bool::then_some(starred, 5),
            plays: 1,
            played: Some(1),
            ..Song::default()
        };
        each.map(song).collect()
    })
}

/// A second root with every other track, and what a scan and a listener would have added.
fn furnish(house: &House, songs: &[Song]) {
    house.fill(songs);
    house.write(
        "INSERT INTO root VALUES(2, '/elsewhere', 'elsewhere');
         UPDATE track SET root = 1 + id % 2;
         UPDATE album SET year = 1990 + id,
            tracks = (SELECT count(*) FROM track WHERE album = album.id AND missing IS NULL);
         INSERT INTO album_artist SELECT album, 0, min(artist) FROM track
            JOIN credit ON credit.track = track.id GROUP BY album;
         UPDATE artist SET albums = (SELECT count(*) FROM album_artist
                JOIN album ON album.id = album WHERE artist = artist.id AND album.tracks > 0),
            tracks = (SELECT count(*) FROM credit JOIN track ON track.id = track
                WHERE artist = artist.id AND missing IS NULL);
         INSERT INTO album_mark(user, album, starred, rating, plays, played)
            SELECT 1, id, id, 3, id, id FROM album;
         INSERT INTO artist_mark(user, artist, starred) SELECT 1, id, id FROM artist",
    );
}

fn album_lists() -> Vec<AlbumList> {
    let mut lists = vec![
        AlbumList::ByName,
        AlbumList::ByArtist,
        AlbumList::Newest,
        AlbumList::ByYear(1990, 1992),
        AlbumList::ByYear(1999, 1991),
        AlbumList::OfGenre("G".to_owned()),
        AlbumList::Random(7),
        AlbumList::Starred,
        AlbumList::Recent,
        AlbumList::Frequent,
        AlbumList::Highest,
    ];
    lists.extend((1..4).map(|n| AlbumList::OfArtist(ArtistId(n))));
    lists.extend((1..4).map(|n| AlbumList::WithArtist(ArtistId(n))));
    lists
}

fn track_lists() -> Vec<TrackList> {
    let random = TrackList::Random { seed: 7, genre: None, from_year: Some(1991), to_year: None };
    vec![
        TrackList::All,
        TrackList::Newest,
        TrackList::OfAlbum(AlbumId(1)),
        TrackList::OfArtist(ArtistId(1)),
        TrackList::TopOfArtist(ArtistId(1)),
        TrackList::InFolder(FolderId(1)),
        TrackList::OfGenre("G".to_owned()),
        TrackList::Starred,
        TrackList::Recent,
        TrackList::Frequent,
        random,
    ]
}

#[test]
fn a_list_of_one_root_is_the_list_without_what_has_nothing_there() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    proptest!(config, |(songs in songs(), root in 1_i64..4)| {
        let house = House::new();
        furnish(&house, &songs);
        let (library, root) = (&house.library, RootId(root));
        let all = library.list_tracks(ANNA, &TrackList::All, Page::WHOLE).unwrap();
        let there: Vec<&Track> = all.iter().filter(|track| track.root == root).collect();
        let albums: BTreeSet<AlbumId> = there.iter().map(|track| track.album).collect();
        let credits = |of: fn(&Track) -> &Vec<library::model::Credit>| -> BTreeSet<ArtistId> {
            there.iter().flat_map(|track| of(track)).map(|credit| credit.id).collect()
        };
        let (plays, leads) = (credits(|t| &t.artists), credits(|t| &t.album_artists));

        for list in track_lists() {
            let mut whole = library.list_tracks(ANNA, &list, Page::WHOLE).unwrap();
            whole.retain(|track| track.root == root);
            let within = library.list_tracks_within(ANNA, &list, Some(root), Page::WHOLE).unwrap();
            prop_assert_eq!(within, whole, "{:?}", list);
        }
        for list in album_lists() {
            let mut whole = library.list_albums(ANNA, &list, Page::WHOLE).unwrap();
            whole.retain(|album| albums.contains(&album.id));
            let within = library.list_albums_within(ANNA, &list, Some(root), Page::WHOLE).unwrap();
            prop_assert_eq!(within, whole, "{:?}", list);
        }
        for list in [ArtistList::WithAlbums, ArtistList::All, ArtistList::Starred] {
            let mut whole = library.list_artists(ANNA, list, Page::WHOLE).unwrap();
            whole.retain(|artist| match list {
                ArtistList::WithAlbums => leads.contains(&artist.id),
                ArtistList::All => plays.contains(&artist.id),
                ArtistList::Starred => plays.contains(&artist.id) || leads.contains(&artist.id),
            });
            let within = library.list_artists_within(ANNA, list, Some(root), Page::WHOLE).unwrap();
            prop_assert_eq!(within, whole, "{:?}", list);
        }

        let query = TrackQuery { root: Some(root), ..TrackQuery::default() };
        let paged = library.page_tracks(ANNA, &query, None, 99).unwrap().items;
        prop_assert!(paged.iter().eq(there));
        let query = AlbumQuery { root: Some(root), ..AlbumQuery::default() };
        let paged = library.page_albums(ANNA, &query, None, 99).unwrap().items;
        prop_assert_eq!(paged.iter().map(|album| album.id).collect::<BTreeSet<_>>(), albums);
        for (leading, expected) in [(true, leads), (false, plays)] {
            let query = ArtistQuery { leading, root: Some(root), ..ArtistQuery::default() };
            let paged = library.page_artists(ANNA, query, None, 99).unwrap().items;
            let paged: BTreeSet<_> = paged.iter().map(|artist| artist.id).collect();
            prop_assert_eq!(paged, expected);
        }
    });
}

#[test]
fn pages_of_one_root_are_counted_within_it() {
    let house = House::new();
    let songs: Vec<Song> = (0..8).map(|n| Song::named(&n.to_string())).collect();
    furnish(&house, &songs);
    let part = |offset| {
        let (list, page) = (TrackList::All, Page { offset, limit: 3 });
        let found = house.library.list_tracks_within(ANNA, &list, Some(RootId(2)), page).unwrap();
        found.into_iter().map(|track| track.title).collect::<Vec<_>>()
    };
    assert_eq!((part(0), part(3)), (vec!["0".into(), "2".into(), "4".into()], vec!["6".into()]));
}
