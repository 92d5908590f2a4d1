//! Bookmarks, figures, duplicates.

use clock::Nanos;
use library::catalogue::Page;
use library::{Error, Likeness, TrackId};

use crate::house::{ANNA, BERT, House, Song, now, song};

#[test]
fn a_bookmark_is_set_moved_listed_and_taken_away() {
    let house = House::new();
    let tracks = house.numbered(2);
    house.library.set_bookmark(ANNA, tracks[0], 1_000, "here").unwrap();
    house.library.set_bookmark(ANNA, tracks[1], 2_000, "").unwrap();
    house.library.set_bookmark(ANNA, tracks[0], 3_000, "there").unwrap();
    let kept = house.library.bookmarks(ANNA).unwrap();
    let told: Vec<(TrackId, u64, &str)> =
        kept.iter().map(|one| (one.track.id, one.position_ms, one.comment.as_str())).collect();
    assert_eq!(told, [(tracks[1], 2_000, ""), (tracks[0], 3_000, "there")]);
    assert_eq!((kept[0].created, kept[0].changed), (now(), now()));
    assert_eq!(house.library.bookmarks(BERT).unwrap(), []);
    assert!(matches!(house.library.delete_bookmark(BERT, tracks[0]), Err(Error::Absent(_))));
    house.library.delete_bookmark(ANNA, tracks[0]).unwrap();
    assert!(matches!(house.library.delete_bookmark(ANNA, tracks[0]), Err(Error::Absent(_))));
    assert!(matches!(house.library.set_bookmark(ANNA, TrackId(999), 0, ""), Err(Error::Absent(_))));
    assert_eq!(house.library.bookmarks(ANNA).unwrap().len(), 1);
}

#[test]
fn the_figures_are_those_of_the_collection_and_of_who_asks() {
    let house = House::new();
    let empty = house.library.statistics(ANNA).unwrap();
    assert_eq!(empty, library::Statistics::default());
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

#[test]
fn copies_and_other_codings_are_found_as_what_they_are() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    song(&at("a/1.flac"), 440, "One", "Somebody", "First");
    song(&at("b/1.flac"), 440, "One, renamed", "Somebody", "First");
    song(&at("c/1.flac"), 441, "One", "Somebody", "First");
    song(&at("d/2.flac"), 550, "Two", "Somebody", "First");
    house.scan();
    let paths = |likeness, page| {
        let groups = house.library.duplicates(ANNA, likeness, page).unwrap();
        groups
            .into_iter()
            .map(|group| group.into_iter().map(|track| track.path).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let mut same = paths(Likeness::Essence, Page::WHOLE);
    same.iter_mut().for_each(|group| group.sort());
    assert_eq!(same, [["a/1.flac", "b/1.flac"]]);
    let mut alike = paths(Likeness::Words, Page::WHOLE);
    alike.iter_mut().for_each(|group| group.sort());
    assert_eq!(alike, [["a/1.flac", "c/1.flac"]]);
    let beyond = Page { offset: 1, limit: 9 };
    assert!(
        paths(Likeness::Essence, beyond).is_empty() && paths(Likeness::Words, beyond).is_empty()
    );
    house.write("UPDATE track SET duration_ms = duration_ms + 2001 WHERE path = 'c/1.flac'");
    assert!(paths(Likeness::Words, Page::WHOLE).is_empty());
    house.write("UPDATE track SET missing = 1 WHERE path = 'b/1.flac'");
    assert!(paths(Likeness::Essence, Page::WHOLE).is_empty());
}
