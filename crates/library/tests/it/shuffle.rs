use std::collections::BTreeMap;

use clock::Seed;
use library::ArtistId;
use library::shuffle::{Cause, Next, Repeat, next, round};
use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};

fn artists() -> impl Strategy<Value = Vec<ArtistId>> {
    prop::collection::vec((0..6_i64).prop_map(ArtistId), 0..40)
}

fn neighbours(artists: &[ArtistId], order: &[usize]) -> usize {
    order.windows(2).filter(|pair| artists[pair[0]] == artists[pair[1]]).count()
}

/// The fewest neighbours of one artist that any order has.
fn fewest(artists: &[ArtistId]) -> usize {
    let mut counts: BTreeMap<ArtistId, usize> = BTreeMap::new();
    artists.iter().for_each(|artist| *counts.entry(*artist).or_default() += 1);
    let most = counts.values().max().copied().unwrap_or(0);
    (2 * most).saturating_sub(artists.len() + 1)
}

proptest! {
    #[test]
    fn a_round_plays_everything_once_and_spreads_artists(artists in artists(), seed in any::<u64>()) {
        let order = round(&artists, Seed(seed), 0, None);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(sorted, (0..artists.len()).collect::<Vec<_>>());
        prop_assert_eq!(neighbours(&artists, &order), fewest(&artists));
        prop_assert_eq!(&order, &round(&artists, Seed(seed), 0, None));
    }

    #[test]
    fn a_round_does_not_begin_with_what_ended_the_last_one(artists in artists(), seed in any::<u64>()) {
        let mut ended = None;
        for number in 0..6 {
            let order = round(&artists, Seed(seed), number, ended);
            if artists.len() > 1 {
                prop_assert!(order.first().copied() != ended);
            }
            prop_assert_eq!(order.len(), artists.len());
            ended = order.last().copied();
        }
    }

    #[test]
    fn what_comes_next_is_always_within_the_round(index in 0..50_usize, length in 0..50_usize) {
        for repeat in [Repeat::Off, Repeat::All, Repeat::One] {
            for cause in [Cause::Ended, Cause::Skipped] {
                match next(index, length, repeat, cause) {
                    Next::At(at) => prop_assert!(at < length),
                    Next::NewRound => prop_assert!(length > 0 && repeat != Repeat::Off),
                    Next::End => prop_assert!(length == 0 || repeat == Repeat::Off),
                }
            }
        }
    }
}

#[test]
fn rounds_differ_and_large_queues_are_quick() {
    let artists: Vec<ArtistId> = (0..50_000).map(|n| ArtistId(n % 3 + n % 2)).collect();
    let first = round(&artists, Seed(7), 0, None);
    let second = round(&artists, Seed(7), 1, first.last().copied());
    assert_ne!(first, second);
    assert_eq!(neighbours(&artists, &first), 0);
}

#[test]
fn repeating_one_ends_when_the_listener_goes_on() {
    assert_eq!(next(1, 3, Repeat::One, Cause::Ended), Next::At(1));
    assert_eq!(next(1, 3, Repeat::One, Cause::Skipped), Next::At(2));
    assert_eq!(next(2, 3, Repeat::One, Cause::Skipped), Next::NewRound);
    assert_eq!(next(2, 3, Repeat::All, Cause::Ended), Next::NewRound);
    assert_eq!(next(2, 3, Repeat::Off, Cause::Ended), Next::End);
    assert_eq!(next(0, 3, Repeat::Off, Cause::Ended), Next::At(1));
}
