use clock::Nanos;
use library::Statistics;
use library::catalogue::Page;

use crate::house::{ANNA, BERT, House, Song};

#[test]
fn the_figures_are_those_of_the_collection_and_of_who_asks() {
    let house = House::new();
    let empty = house.library.statistics(ANNA).unwrap();
    assert_eq!(empty, Statistics::default());
    let rated = Song { plays: 3, starred: Some(1), duration_ms: 2_000, ..Song::named("1") };
    let gone = Song { missing: true, genres: vec!["Rock".to_owned()], ..Song::named("2") };
    house.fill(&[rated, gone]);
    house.write("INSERT INTO album_mark(user, album, starred) VALUES(1, 1, 1)");
    let anna = house.library.statistics(ANNA).unwrap();
    assert_eq!((anna.tracks, anna.missing, anna.albums, anna.genres), (1, 1, 1, 1));
    assert_eq!((anna.duration_ms, anna.bytes, anna.artists), (2_000, 1, 2));
    assert_eq!((anna.plays, anna.played_ms, anna.heard), (3, 6_000, 1));
    assert_eq!((anna.starred_tracks, anna.starred_albums, anna.starred_artists), (1, 1, 0));
    let bert = house.library.statistics(BERT).unwrap();
    assert_eq!((bert.plays, bert.starred_tracks, bert.tracks), (0, 0, 1));
}

#[test]
fn the_most_played_since_a_moment_come_first() {
    let house = House::new();
    let tracks = house.numbered(3);
    for (track, at) in [(0, 10_i64), (0, 100), (0, 200), (1, 50), (1, 900), (2, 1)] {
        let at = Nanos(at * 1_000_000_000);
        house.library.played(ANNA, tracks[track], at, "web").unwrap();
    }
    let most = |user, since, page| {
        let since = Nanos(since * 1_000_000_000_i64);
        let most = house.library.most_played(user, since, page).unwrap();
        most.into_iter().map(|(track, plays)| (track.title, plays)).collect::<Vec<_>>()
    };
    let told = |list: &[(&str, u64)]| {
        list.iter().map(|(title, plays)| ((*title).to_owned(), *plays)).collect::<Vec<_>>()
    };
    assert_eq!(most(ANNA, 0, Page::WHOLE), told(&[("1", 3), ("2", 2), ("3", 1)]));
    assert_eq!(most(ANNA, 150, Page::WHOLE), told(&[("2", 1), ("1", 1)]));
    assert_eq!(most(ANNA, 0, Page { offset: 1, limit: 1 }), told(&[("2", 2)]));
    assert_eq!(most(BERT, 0, Page::WHOLE), told(&[]));
}
