use library::catalogue::Page;
use library::playlists::{Change, Content, Edit, MAX_ENTRIES, NewPlaylist};
use library::rules::Smart;
use library::{Error, PlaylistId, TrackId};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};
use proptest::{prop_assert_eq, proptest};

use crate::house::{ANNA, BERT, House, now};

fn new(name: &str, tracks: &[TrackId]) -> NewPlaylist {
    let content = Content::Tracks(tracks.to_vec());
    NewPlaylist { name: name.to_owned(), comment: String::new(), public: false, content }
}

fn edit(house: &House, id: PlaylistId, edit: Edit) -> Result<(), Error> {
    house.library.change_playlist(ANNA, id, Change { edits: vec![edit], ..Change::default() })
}

fn publish(house: &House, id: PlaylistId) {
    let change = Change { public: Some(true), ..Change::default() };
    house.library.change_playlist(ANNA, id, change).unwrap();
}

fn titles(house: &House, id: PlaylistId) -> Vec<String> {
    let contents = house.library.playlist_contents(ANNA, id, Page::WHOLE).unwrap();
    contents.entries.into_iter().map(|track| track.title).collect()
}

#[test]
fn a_playlist_keeps_its_order_its_words_and_its_sums() {
    let house = House::new();
    let tracks = house.numbered(3);
    let wanted = [tracks[2], tracks[0], tracks[2]];
    let id = house.library.create_playlist(ANNA, new("Mine", &wanted)).unwrap();
    assert_eq!(titles(&house, id), ["3", "1", "3"]);
    let change = Change {
        name: Some("Ours".to_owned()),
        comment: Some("for all".to_owned()),
        public: Some(true),
        edits: vec![Edit::Remove(vec![0, 0]), Edit::Append(vec![tracks[1]])],
        rules: None,
    };
    house.library.change_playlist(ANNA, id, change).unwrap();
    let told = house.library.playlist(BERT, id).unwrap();
    assert_eq!((told.name.as_str(), told.comment.as_str()), ("Ours", "for all"));
    assert_eq!((told.owner, told.public, told.rules), (ANNA, true, None));
    assert_eq!((told.tracks, told.missing, told.duration_ms), (3, 0, 3_000));
    assert!(told.created == now() && told.changed > now());
    assert_eq!(titles(&house, id), ["1", "3", "2"]);
    let second = Page { offset: 1, limit: 1 };
    let part = house.library.playlist_contents(BERT, id, second).unwrap();
    assert_eq!(part.entries.len(), 1);
    assert_eq!(part.entries[0].title, "3");
}

#[test]
fn entries_whose_file_is_missing_keep_their_place_and_are_told_apart() {
    let house = House::new();
    let tracks = house.numbered(3);
    let id = house.library.create_playlist(ANNA, new("Mine", &tracks)).unwrap();
    house.write("UPDATE track SET missing = 5 WHERE title = '2'");
    let contents = house.library.playlist_contents(ANNA, id, Page::WHOLE).unwrap();
    assert_eq!(contents.entries.len(), 3);
    let there: Vec<&str> = contents.there().map(|track| track.title.as_str()).collect();
    assert_eq!(there, ["1", "3"]);
    let playlist = contents.playlist;
    assert_eq!((playlist.tracks, playlist.missing, playlist.duration_ms), (2, 1, 2_000));
    house.write("DELETE FROM track WHERE title = '2'");
    edit(&house, id, Edit::Insert { at: 1, tracks: vec![tracks[2]] }).unwrap();
    assert_eq!(titles(&house, id), ["1", "3", "3"]);
}

#[test]
fn nobody_learns_of_a_private_playlist_and_nobody_else_changes_a_public_one() {
    let house = House::new();
    let tracks = house.numbered(1);
    let id = house.library.create_playlist(ANNA, new("Mine", &tracks)).unwrap();
    let change = Change { name: Some("Yours".to_owned()), ..Change::default() };
    assert!(matches!(house.library.playlist(BERT, id), Err(Error::Absent(_))));
    assert!(matches!(
        house.library.playlist_contents(BERT, id, Page::WHOLE),
        Err(Error::Absent(_))
    ));
    assert!(matches!(house.library.playlist_ids(BERT, id), Err(Error::Absent(_))));
    let private = house.library.change_playlist(BERT, id, change.clone()).unwrap_err().to_string();
    let never = PlaylistId(999);
    let none = house.library.change_playlist(BERT, never, change.clone()).unwrap_err().to_string();
    assert_eq!(private, none);
    assert_eq!(house.library.playlists(BERT).unwrap(), []);
    publish(&house, id);
    assert_eq!(house.library.playlists(BERT).unwrap().len(), 1);
    assert!(matches!(house.library.change_playlist(BERT, id, change), Err(Error::Absent(_))));
    assert!(matches!(house.library.delete_playlist(BERT, id), Err(Error::Absent(_))));
    house.library.delete_playlist(ANNA, id).unwrap();
    assert!(matches!(house.library.playlist(ANNA, id), Err(Error::Absent(_))));
}

#[test]
fn playlists_are_listed_by_name_whatever_its_case_and_article() {
    let house = House::new();
    for name in ["zebra", "The Apple", "banana", "Älter"] {
        house.library.create_playlist(ANNA, new(name, &[])).unwrap();
    }
    let names: Vec<String> =
        house.library.playlists(ANNA).unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Älter", "The Apple", "banana", "zebra"]);
}

#[test]
fn what_cannot_be_is_refused_and_nothing_of_it_stays() {
    let house = House::new();
    let tracks = house.numbered(2);
    let id = house.library.create_playlist(ANNA, new("Mine", &tracks)).unwrap();
    for name in ["", "  ", &"x".repeat(251)] {
        let made = house.library.create_playlist(ANNA, new(name, &[]));
        assert!(matches!(made, Err(Error::Asked { .. })), "{name}");
    }
    assert!(matches!(
        house.library.create_playlist(ANNA, new("x", &[TrackId(999)])),
        Err(Error::Absent(_))
    ));
    let change = Change {
        name: Some("Other".to_owned()),
        edits: vec![Edit::Append(vec![tracks[0]]), Edit::Remove(vec![3])],
        ..Change::default()
    };
    assert!(matches!(house.library.change_playlist(ANNA, id, change), Err(Error::Asked { .. })));
    let past_end = [
        Edit::Insert { at: 3, tracks: Vec::new() },
        Edit::Move { from: 0, to: 2 },
        Edit::Move { from: 2, to: 0 },
    ];
    for edits in past_end {
        assert!(matches!(edit(&house, id, edits), Err(Error::Asked { .. })));
    }
    assert_eq!(house.library.playlist(ANNA, id).unwrap().name, "Mine");
    assert_eq!(titles(&house, id), ["1", "2"]);
    assert_eq!(house.library.playlists(ANNA).unwrap().len(), 1);
}

#[test]
fn a_playlist_takes_50000_entries_and_not_one_more() {
    let house = House::new();
    let tracks = house.numbered(1);
    let full = vec![tracks[0]; MAX_ENTRIES];
    let id = house.library.create_playlist(ANNA, new("Mine", &full)).unwrap();
    assert_eq!(house.library.playlist(ANNA, id).unwrap().tracks, 50_000);
    assert!(matches!(edit(&house, id, Edit::Append(tracks)), Err(Error::Asked { .. })));
    let ids = house.library.playlist_ids(ANNA, id).unwrap();
    assert_eq!(ids.len(), MAX_ENTRIES);
}

#[test]
fn a_smart_playlist_is_not_edited_by_hand() {
    let house = House::new();
    let tracks = house.numbered(2);
    let rules = |json: &str| Smart::from_nsp(json.as_bytes()).unwrap().rules;
    let content = Content::Rules(rules(r#"{"all": [{"is": {"title": "2"}}]}"#));
    let id = house.library.create_playlist(ANNA, NewPlaylist { content, ..new("Two", &[]) });
    let id = id.unwrap();
    assert_eq!(titles(&house, id), ["2"]);
    assert!(matches!(edit(&house, id, Edit::Append(tracks.clone())), Err(Error::Asked { .. })));
    let other = rules(r#"{"all": [{"is": {"title": "1"}}]}"#);
    let change = Change { rules: Some(other), ..Change::default() };
    house.library.change_playlist(ANNA, id, change.clone()).unwrap();
    assert_eq!(titles(&house, id), ["1"]);
    let by_hand = house.library.create_playlist(ANNA, new("Hand", &tracks)).unwrap();
    assert!(matches!(
        house.library.change_playlist(ANNA, by_hand, change),
        Err(Error::Asked { .. })
    ));
}

fn some_edit() -> impl Strategy<Value = Edit> {
    let tracks = || prop::collection::vec((1..=6_i64).prop_map(TrackId), 0..4);
    prop_oneof![
        tracks().prop_map(Edit::Replace),
        tracks().prop_map(Edit::Append),
        (0..9_usize, tracks()).prop_map(|(at, tracks)| Edit::Insert { at, tracks }),
        prop::collection::vec(0..9_usize, 0..3).prop_map(Edit::Remove),
        (0..9_usize, 0..9_usize).prop_map(|(from, to)| Edit::Move { from, to }),
    ]
}

/// The plainest list there is; none where the edit cannot be.
fn model(list: &[TrackId], edit: &Edit) -> Option<Vec<TrackId>> {
    let mut list = list.to_vec();
    match edit {
        Edit::Replace(tracks) => return Some(tracks.clone()),
        Edit::Append(tracks) => list.extend(tracks),
        Edit::Insert { at, tracks } if *at <= list.len() => {
            for track in tracks.iter().rev() {
                list.insert(*at, *track);
            }
        }
        Edit::Remove(places) if places.iter().all(|place| *place < list.len()) => {
            for place in (0..list.len()).rev().filter(|place| places.contains(place)) {
                list.remove(place);
            }
        }
        Edit::Move { from, to } if *from < list.len() && *to < list.len() => {
            let track = list.remove(*from);
            list.insert(*to, track);
        }
        _ => return None,
    }
    Some(list)
}

proptest! {
    #[test]
    fn under_any_edits_a_playlist_is_a_plain_list(
        edits in prop::collection::vec((some_edit(), any::<bool>(), Just(())), 1..24),
    ) {
        let house = House::new();
        house.numbered(6);
        let id = house.library.create_playlist(ANNA, new("Mine", &[])).unwrap();
        let mut list = Vec::new();
        for (one, loses, ()) in edits {
            let outcome = edit(&house, id, one.clone());
            let wanted = model(&list, &one);
            prop_assert_eq!(outcome.is_ok(), wanted.is_some());
            list = wanted.unwrap_or(list);
            if loses && list.first() == Some(&TrackId(6)) {
                // A gap among the positions, as a deleted track leaves it.
                house.write("DELETE FROM playlist_entry WHERE position =
                    (SELECT min(position) FROM playlist_entry)");
                list.remove(0);
            }
            prop_assert_eq!(&house.library.playlist_ids(ANNA, id).unwrap(), &list);
        }
    }
}
