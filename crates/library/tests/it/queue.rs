use library::queue::{Current, MAX_ENTRIES, MAX_PAST, NewQueue};
use library::{Error, TrackId};
use proptest::prelude::{Strategy, prop, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, proptest};

use crate::house::{ANNA, BERT, House};

fn queue(tracks: &[TrackId], current: Current, position_ms: u64) -> NewQueue {
    NewQueue { tracks: tracks.to_vec(), current, position_ms, client: "web".to_owned() }
}

fn left(house: &House) -> (Vec<TrackId>, usize, u64) {
    let queue = house.library.queue(ANNA).unwrap().unwrap();
    (queue.entries.into_iter().map(|track| track.id).collect(), queue.current, queue.position_ms)
}

#[test]
fn a_queue_is_left_and_taken_up_by_its_owner_alone() {
    let house = House::new();
    let tracks = house.numbered(3);
    assert_eq!(house.library.queue(ANNA).unwrap(), None);
    let twice = [tracks[0], tracks[1], tracks[0]];
    house.library.save_queue(ANNA, queue(&twice, Current::At(2), 500)).unwrap();
    assert_eq!(left(&house), (twice.to_vec(), 2, 500));
    assert_eq!(house.library.queue(BERT).unwrap(), None);
    house.library.save_queue(ANNA, queue(&twice, Current::Track(tracks[0]), 7)).unwrap();
    assert_eq!(left(&house), (twice.to_vec(), 0, 7));
    house.library.save_queue(ANNA, queue(&twice, Current::Track(tracks[2]), 7)).unwrap();
    assert_eq!(left(&house).1, 0);
    let client = "x".repeat(100);
    let named = NewQueue { client, ..queue(&twice, Current::At(1), 0) };
    house.library.save_queue(ANNA, named).unwrap();
    assert_eq!(house.library.queue(ANNA).unwrap().unwrap().client.len(), 64);
}

#[test]
fn a_queue_without_entries_is_none_and_can_be_brought_back() {
    let house = House::new();
    let tracks = house.numbered(2);
    house.library.save_queue(ANNA, queue(&tracks, Current::At(1), 500)).unwrap();
    house.library.save_queue(ANNA, queue(&[], Current::At(0), 0)).unwrap();
    assert_eq!(house.library.queue(ANNA).unwrap(), None);
    assert_eq!(house.library.past_queues(ANNA).unwrap()[0].entries, 2);
    assert_eq!(house.library.past_queues(BERT).unwrap(), []);
    assert!(matches!(house.library.undo_queue(BERT), Err(Error::Absent(_))));
    house.library.undo_queue(ANNA).unwrap();
    assert_eq!(left(&house), (tracks, 1, 500));
    assert!(matches!(house.library.undo_queue(ANNA), Err(Error::Absent(_))));
}

#[test]
fn playing_on_is_no_other_queue() {
    let house = House::new();
    let tracks = house.numbered(2);
    for second in 0..5 {
        house.library.save_queue(ANNA, queue(&tracks, Current::At(0), second * 1_000)).unwrap();
    }
    assert_eq!(house.library.past_queues(ANNA).unwrap(), []);
    assert_eq!(left(&house), (tracks, 0, 4_000));
}

#[test]
fn a_deleted_track_leaves_the_queue_and_the_place_stays_where_it_was() {
    let house = House::new();
    let tracks = house.numbered(4);
    house.library.save_queue(ANNA, queue(&tracks, Current::At(2), 500)).unwrap();
    house.write("DELETE FROM track WHERE title = '1'");
    assert_eq!(left(&house), (tracks[1..].to_vec(), 1, 500));
    house.library.save_queue(ANNA, queue(&tracks[1..], Current::At(1), 900)).unwrap();
    assert_eq!(left(&house), (tracks[1..].to_vec(), 1, 900));
    house.write("DELETE FROM track WHERE title = '3'");
    assert_eq!(left(&house), (vec![tracks[1], tracks[3]], 1, 0));
    house.write("DELETE FROM track WHERE title = '4'");
    assert_eq!(left(&house), (vec![tracks[1]], 0, 0));
}

#[test]
fn a_queue_beyond_the_limits_is_refused() {
    let house = House::new();
    let tracks = house.numbered(2);
    let save =
        |tracks: &[TrackId], at| house.library.save_queue(ANNA, queue(tracks, Current::At(at), 0));
    save(&vec![tracks[0]; MAX_ENTRIES], MAX_ENTRIES - 1).unwrap();
    let long = save(&vec![tracks[0]; MAX_ENTRIES + 1], 0);
    assert!(matches!(long, Err(Error::Asked { .. })));
    assert!(matches!(save(&tracks, 2), Err(Error::Asked { .. })));
    assert!(matches!(save(&[], 1), Err(Error::Asked { .. })));
    assert!(matches!(save(&[TrackId(999)], 0), Err(Error::Absent(_))));
    assert_eq!(left(&house).0.len(), MAX_ENTRIES);
}

#[derive(Debug, Clone)]
enum Step {
    Save(Vec<TrackId>),
    Undo,
}

fn step() -> impl Strategy<Value = Step> {
    let tracks = prop::collection::vec((1..=3_i64).prop_map(TrackId), 0..3);
    prop_oneof![3 => tracks.prop_map(Step::Save), 1 => proptest::prelude::Just(Step::Undo)]
}

proptest! {
    #[test]
    fn undo_goes_back_through_the_queues_that_were(steps in prop::collection::vec(step(), 1..60)) {
        let house = House::new();
        house.numbered(3);
        let (mut now, mut past): (Vec<TrackId>, Vec<Vec<TrackId>>) = (Vec::new(), Vec::new());
        for step in steps {
            match step {
                Step::Save(tracks) => {
                    house.library.save_queue(ANNA, queue(&tracks, Current::At(0), 0)).unwrap();
                    if tracks != now && !now.is_empty() {
                        past.push(now);
                    }
                    past.drain(..past.len().saturating_sub(MAX_PAST));
                    now = tracks;
                }
                Step::Undo => match past.pop() {
                    Some(before) => {
                        house.library.undo_queue(ANNA).unwrap();
                        now = before;
                    }
                    None => prop_assert!(house.library.undo_queue(ANNA).is_err()),
                },
            }
            let kept = house.library.queue(ANNA).unwrap().map_or_else(Vec::new, |queue| queue.entries);
            let kept: Vec<TrackId> = kept.into_iter().map(|track| track.id).collect();
            prop_assert_eq!(&kept, &now);
            let listed = house.library.past_queues(ANNA).unwrap();
            let listed: Vec<usize> = listed.into_iter().rev().map(|one| one.entries as usize).collect();
            prop_assert_eq!(listed, past.iter().map(Vec::len).collect::<Vec<_>>());
        }
    }
}
