use library::{Error, TrackId};

use crate::house::{ANNA, BERT, House, now};

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
