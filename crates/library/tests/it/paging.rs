use library::catalogue::keyset::{AlbumOrder, AlbumQuery, Part, Place, TrackOrder, TrackQuery};
use library::{Error, TrackId};
use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
use proptest::test_runner::Config;

use crate::house::{ANNA, BERT, House, Song};

const TRACKS: [TrackOrder; 5] = [
    TrackOrder::Title,
    TrackOrder::Artist,
    TrackOrder::Added,
    TrackOrder::Year,
    TrackOrder::Duration,
];

/// Songs that have much in common, so that keys are equal and years unknown.
fn songs() -> impl Strategy<Value = Vec<Song>> {
    let one =
        ("[ab]", "[xy]", "[pq]", proptest::option::of(1990_i64..1993), 0_i64..3, any::<bool>());
    proptest::collection::vec(one, 0..25).prop_map(|all| {
        let each = all.into_iter().enumerate();
        let song = |(n, (title, artist, album, year, few, starred)): (usize, _)| Song {
            title,
            path: format!("{n}.flac"),
            artists: vec![artist],
            album,
            year,
            duration_ms: few,
            added: few,
            starred: bool::then_some(starred, 5),
            ..Song::default()
        };
        each.map(song).collect()
    })
}

fn pages(house: &House, query: &TrackQuery, limit: usize) -> Vec<TrackId> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = house.library.page_tracks(ANNA, query, after.as_ref(), limit).unwrap();
        assert!(page.items.len() <= limit);
        found.extend(page.items.iter().map(|track| track.id));
        let Some(next) = page.next else { return found };
        after = Some(next);
    }
}

#[test]
fn pages_put_together_are_the_list_whatever_the_order_and_their_length() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    proptest!(config, |(songs in songs(), limit in 1_usize..7)| {
        let house = House::new();
        house.fill(&songs);
        for order in TRACKS {
            let asked = |reversed| TrackQuery { order, reversed, ..TrackQuery::default() };
            let whole = pages(&house, &asked(false), 1_000);
            prop_assert_eq!(whole.len(), songs.len());
            prop_assert_eq!(&pages(&house, &asked(false), limit), &whole, "{:?}", order);
            let back = pages(&house, &asked(true), limit);
            prop_assert_eq!(&pages(&house, &asked(true), 1_000), &back);
            if order != TrackOrder::Year {
                let turned: Vec<TrackId> = back.into_iter().rev().collect();
                prop_assert_eq!(turned, whole);
            }
        }
        let starred = TrackQuery { favourite: Some(true), ..TrackQuery::default() };
        let expected = songs.iter().filter(|song| song.starred.is_some()).count();
        prop_assert_eq!(pages(&house, &starred, limit).len(), expected);
    });
}

#[test]
fn what_is_added_before_a_place_shifts_nothing_behind_it() {
    let house = House::new();
    house.fill(&["b", "c", "d"].map(Song::named));
    let query = TrackQuery::default();
    let first = house.library.page_tracks(ANNA, &query, None, 2).unwrap();
    house.fill(&[Song::named("a")]);
    let second = house.library.page_tracks(ANNA, &query, first.next.as_ref(), 2).unwrap();
    let titles: Vec<&str> = second.items.iter().map(|track| track.title.as_str()).collect();
    assert_eq!((titles, second.next), (vec!["d"], None));
}

#[test]
fn those_of_no_known_year_come_last_both_ways() {
    let house = House::new();
    let song = |name: &str, year| Song { year, ..Song::named(name) };
    house.fill(&[song("x", None), song("new", Some(2000)), song("old", Some(1970))]);
    for (reversed, expected) in [(false, ["old", "new", "x"]), (true, ["new", "old", "x"])] {
        let query = TrackQuery { order: TrackOrder::Year, reversed, ..TrackQuery::default() };
        let found = house.library.page_tracks(BERT, &query, None, 9).unwrap().items;
        let titles: Vec<&str> = found.iter().map(|track| track.title.as_str()).collect();
        assert_eq!(titles, expected);
    }
}

#[test]
fn a_place_of_another_list_is_refused() {
    let house = House::new();
    house.numbered(3);
    let wrong = [
        vec![],
        vec![Part::Whole(1)],
        vec![Part::Whole(1), Part::Whole(1)],
        vec![Part::Nothing, Part::Whole(1)],
        vec![Part::Text("a".to_owned()), Part::Text("b".to_owned()), Part::Whole(1)],
    ];
    for place in wrong.map(Place) {
        let found = house.library.page_tracks(ANNA, &TrackQuery::default(), Some(&place), 2);
        assert!(matches!(found, Err(Error::Asked { what: "after", .. })), "{place:?}");
        let query = AlbumQuery { order: AlbumOrder::Artist, ..AlbumQuery::default() };
        let found = house.library.page_albums(ANNA, &query, Some(&place), 2);
        assert!(found.is_err() || place.0.len() == 3, "{place:?}");
    }
}
