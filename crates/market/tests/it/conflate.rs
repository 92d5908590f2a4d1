use std::collections::VecDeque;

use market::{Body, Conflation, Event, Offer, SymbolId};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::any::event;

fn is_ticker(event: &Event) -> bool {
    matches!(event.body, Body::BookTicker { .. })
}

proptest! {
    #[test]
    fn only_tickers_are_merged_the_latest_wins_and_the_counts_reconcile(
        steps in proptest::collection::vec((event(3), any::<Option<bool>>()), 0..200),
    ) {
        // The same queue, said in the plainest way: a list from which an older ticker is struck.
        let mut plain: VecDeque<Event> = VecDeque::new();
        let mut queue = Conflation::new(2, 8);
        let mut given = 0;
        for (event, taken) in steps {
            if taken == Some(true) {
                prop_assert_eq!(queue.take(), plain.pop_front());
            }
            let merges = is_ticker(&event) && event.symbol < SymbolId(2);
            let same = |old: &Event| is_ticker(old) && old.symbol == event.symbol;
            let others = |old: &&Event| !is_ticker(old) || old.symbol >= SymbolId(2);
            let expected = match plain.iter().position(|old| merges && same(old)) {
                Some(old) => {
                    plain.remove(old);
                    Offer::Conflated
                }
                None if !merges && plain.iter().filter(others).count() == 8 => Offer::Full,
                None => Offer::Queued,
            };
            if expected != Offer::Full {
                plain.push_back(event);
            }
            prop_assert_eq!(queue.offer(event), expected);
            prop_assert_eq!(queue.len(), plain.len());
            let counts = queue.counts();
            prop_assert_eq!(counts.taken, counts.given + counts.conflated + queue.len() as u64);
        }
        while let Some(event) = queue.take() {
            prop_assert_eq!(Some(event), plain.pop_front());
            given += 1;
        }
        prop_assert!(plain.is_empty() && queue.is_empty());
        let counts = queue.counts();
        prop_assert_eq!(counts.taken, counts.given + counts.conflated);
        prop_assert!(counts.given >= given);
    }
}
