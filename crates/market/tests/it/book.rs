use std::collections::BTreeMap;

use clock::Nanos;
use market::{
    Body, Book, BookChange, BookState, Event, Flags, Level, Lots, Reason, Scanner, Sequence, Side,
    SymbolId, Ticks,
};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use crate::any::event;
use crate::capture::{contracts, lines};

const BTC: SymbolId = SymbolId(1);

#[test]
fn the_capture_gives_the_book_the_venue_had() {
    let Some(lines) = lines("book of the capture") else { return };
    let (mut scanner, mut book, mut events) =
        (Scanner::new(contracts()), Book::new(BTC), Vec::new());
    let mut whole = 0;
    // An independent witness: the venue's own best levels, by update number.
    let (mut told, mut held) = (BTreeMap::new(), Vec::new());
    for (receive, frame) in lines {
        events.clear();
        if scanner.scan(&frame, receive, &mut events) == Err(Reason::NamelessSnapshot) {
            scanner.snapshot(BTC, &frame, receive, &mut events).unwrap();
        }
        for event in &events {
            let change = book.apply(event);
            assert!(!matches!(change, BookChange::Crossed | BookChange::Gap | BookChange::Torn));
            whole += u64::from(change == BookChange::Applied);
            if change == BookChange::Applied {
                held.push((book.last_update(), book.best_bid(), book.best_ask()));
            }
            if let Body::BookTicker { bid, ask } = event.body {
                told.insert(update_number(&frame), (Some(bid), Some(ask)));
            }
        }
    }
    let counts = book.counts();
    // Six changes precede the snapshot: it already holds four of them, the fifth spans it.
    assert_eq!((counts.applied, counts.from_buffer), (6_547, 2));
    assert_eq!(whole, 6_545);
    assert_eq!((counts.stale, counts.snapshots, counts.snapshots_dropped), (4, 1, 0));
    assert_eq!((counts.gaps, counts.torn, counts.crossed, counts.overflowed), (0, 0, 0, 0));
    assert_eq!((book.bids().len(), book.asks().len()), (5_018, 4_578));
    assert_eq!(book.state(), BookState::Live);
    // Best levels are told for each of their changes, so the last told up to an update is its own.
    let first = *told.keys().next().unwrap();
    let agree = |(number, bid, ask): &&(u64, Option<Level>, Option<Level>)| {
        *told.range(..=number).next_back().unwrap().1 == (*bid, *ask)
    };
    held.retain(|(number, ..)| *number >= first);
    let agreeing = held.iter().filter(agree).count();
    assert_eq!((agreeing, held.len()), (6_545, 6_545));
}

/// The update number of a best-levels frame.
fn update_number(frame: &[u8]) -> u64 {
    let text = std::str::from_utf8(frame).unwrap();
    text.split("\"u\":").nth(1).unwrap().split(',').next().unwrap().parse().unwrap()
}

fn event_of(flags: Flags, body: Body) -> Event {
    let (sequence, exchange, receive) = (Sequence(0), Nanos(1), Nanos(2));
    Event { sequence, exchange, receive, symbol: BTC, flags, body }
}

fn levels(start: Body, levels: &[(Side, i64, i64)]) -> Vec<Event> {
    let mut events = vec![event_of(Flags::NONE, start)];
    for (side, price, quantity) in levels {
        let level = Level { price: Ticks(*price), quantity: Lots(*quantity) };
        events.push(event_of(Flags::NONE, Body::DepthLevel { side: *side, level }));
    }
    events.last_mut().unwrap().flags = Flags::LAST;
    events
}

fn change(first: u64, last: u64, previous: u64, sets: &[(Side, i64, i64)]) -> Vec<Event> {
    let count = sets.len() as u32;
    levels(Body::DepthStart { first, last, previous, levels: count }, sets)
}

fn snapshot(last: u64) -> Vec<Event> {
    let sets = [(Side::Buy, 10, 1), (Side::Buy, 9, 1), (Side::Sell, 12, 1)];
    levels(Body::SnapshotStart { last, levels: 3 }, &sets)
}

/// What the last event of each group did.
fn play(book: &mut Book, groups: &[Vec<Event>]) -> Vec<BookChange> {
    groups.iter().map(|group| group.iter().map(|event| book.apply(event)).last().unwrap()).collect()
}

const UP: &[(Side, i64, i64)] = &[(Side::Buy, 11, 5)];

#[test]
fn a_snapshot_after_the_stream_is_bridged_from_the_buffer() {
    let mut book = Book::new(BTC);
    let groups = [
        change(1, 4, 0, UP),
        change(5, 8, 4, &[(Side::Buy, 10, 7)]),
        change(9, 9, 8, &[]),
        snapshot(6),
        change(10, 12, 9, UP),
    ];
    use BookChange::{Applied, Buffered, Loaded};
    assert_eq!(play(&mut book, &groups), [Buffered, Buffered, Buffered, Loaded, Applied]);
    assert_eq!((book.counts().applied, book.counts().from_buffer, book.counts().stale), (3, 2, 1));
    assert_eq!(book.best_bid(), Some(Level { price: Ticks(11), quantity: Lots(5) }));
    assert_eq!(book.bids().quantity_at(Ticks(10)), Some(Lots(7)));
    assert_eq!(book.last_update(), 12);
}

#[test]
fn a_snapshot_before_the_stream_waits_for_its_bridge() {
    let mut book = Book::new(BTC);
    assert_eq!(play(&mut book, &[snapshot(6)]), [BookChange::Loaded]);
    assert_eq!((book.state(), book.best_bid()), (BookState::Bridging, None));
    let groups = [change(2, 5, 1, UP), change(6, 8, 5, UP)];
    assert_eq!(play(&mut book, &groups), [BookChange::Stale, BookChange::Applied]);
    // A live book takes no other snapshot.
    assert_eq!(play(&mut book, &[snapshot(100)]), [BookChange::Stale]);
    assert_eq!((book.state(), book.last_update()), (BookState::Live, 8));
}

#[test]
fn a_missing_change_is_a_gap_and_the_next_snapshot_mends_it() {
    let mut book = Book::new(BTC);
    play(&mut book, &[snapshot(6), change(6, 8, 5, UP)]);
    let missing: Vec<_> = change(12, 13, 11, UP).iter().map(|event| book.apply(event)).collect();
    assert_eq!(missing, [BookChange::Gap, BookChange::Buffered]);
    assert_eq!(
        (book.state(), book.best_bid(), book.counts().gaps),
        (BookState::Buffering, None, 1)
    );
    assert_eq!(play(&mut book, &[snapshot(10)]), [BookChange::SnapshotTooOld]);
    assert_eq!(play(&mut book, &[change(14, 15, 13, UP), snapshot(13)])[1], BookChange::Loaded);
    assert_eq!((book.state(), book.last_update()), (BookState::Live, 15));
}

#[test]
fn a_crossed_book_is_said_and_counted() {
    let mut book = Book::new(BTC);
    let groups = [snapshot(6), change(6, 8, 5, &[(Side::Buy, 12, 1)])];
    assert_eq!(play(&mut book, &groups)[1], BookChange::Crossed);
    assert_eq!(book.counts().crossed, 1);
}

#[test]
fn a_torn_change_is_never_half_a_book() {
    let both = [(Side::Buy, 11, 5), (Side::Buy, 10, 0)];
    let whole = change(6, 8, 5, &both);
    let after = change(9, 10, 8, &[]);
    let without_end = [whole[..2].to_vec(), after.clone()].concat();
    let without_start = whole[1..].to_vec();
    let mut too_early = whole.clone();
    too_early[1].flags = Flags::LAST;
    let mut unmarked = whole.clone();
    unmarked[2].flags = Flags::NONE;
    for torn in [without_end, without_start, too_early, unmarked] {
        let mut book = Book::new(BTC);
        play(&mut book, &[snapshot(6), change(6, 6, 5, &[])]);
        let changes: Vec<BookChange> = torn.iter().map(|event| book.apply(event)).collect();
        assert!(changes.contains(&BookChange::Torn), "{changes:?}");
        assert_ne!(book.state(), BookState::Live);
        assert_eq!(book.best_bid(), None);
        // And it can be mended.
        play(&mut book, &[snapshot(20), change(20, 21, 19, &[])]);
        assert_eq!(book.state(), BookState::Live);
    }
}

#[test]
fn a_full_buffer_is_dropped_whole_and_counted() {
    let mut book = Book::new(BTC);
    let mut number = 0;
    loop {
        number += 1;
        let done = play(&mut book, &[change(number, number, number - 1, UP)]);
        if done == [BookChange::Overflowed] {
            break;
        }
    }
    assert_eq!(book.counts().overflowed, number);
    play(&mut book, &[change(number + 1, number + 1, number, UP)]);
    let mended = play(&mut book, &[snapshot(number + 1)]);
    assert_eq!((mended[0], book.state()), (BookChange::Loaded, BookState::Live));
}

#[test]
fn a_gap_inside_the_buffer_is_said_when_the_snapshot_comes() {
    let mut book = Book::new(BTC);
    let groups = [change(6, 8, 5, UP), change(12, 13, 11, UP), snapshot(7)];
    assert_eq!(play(&mut book, &groups)[2], BookChange::Gap);
    assert_eq!((book.state(), book.counts().gaps), (BookState::Buffering, 1));
    assert_eq!(play(&mut book, &[snapshot(12)]), [BookChange::Loaded]);
    assert_eq!((book.state(), book.last_update()), (BookState::Live, 13));
}

proptest! {
    #[test]
    fn no_events_panic_and_another_contract_changes_nothing(
        events in proptest::collection::vec(event(2), 0..60),
    ) {
        let mut book = Book::new(BTC);
        for event in events {
            let before = (book.state(), book.counts());
            let change = book.apply(&event);
            if event.symbol != BTC {
                prop_assert_eq!(change, BookChange::NotMine);
                prop_assert_eq!((book.state(), book.counts()), before);
            }
        }
        prop_assert!(book.best_bid().is_none() || book.state() == BookState::Live);
    }

    #[test]
    fn wherever_the_snapshot_falls_the_book_is_the_same(
        sets in proptest::collection::vec(proptest::collection::vec((1_i64..9, 0_i64..3), 0..4), 2..30),
        taken in 0_usize..30,
        late in 0_usize..30,
    ) {
        // Changes 1, 2, 3, ...; the snapshot holds those up to `taken`, and arrives after `late`.
        let groups: Vec<Vec<Event>> = sets.iter().zip(1..).map(|(sets, n)| {
            let sets: Vec<_> = sets.iter().map(|(p, q)| (Side::Buy, *p, *q)).collect();
            change(n, n, n - 1, &sets)
        }).collect();
        let taken = taken % groups.len();
        let late = taken.max(late % groups.len());
        let mut truth = Book::new(BTC);
        play(&mut truth, &[levels(Body::SnapshotStart { last: 0, levels: 0 }, &[])]);
        play(&mut truth, &[change(0, 0, 0, &[])]);
        play(&mut truth, &groups[..taken]);
        let held: Vec<_> = truth.bids().iter().map(|l| (Side::Buy, l.price.0, l.quantity.0)).collect();
        play(&mut truth, &groups[taken..]);

        let start = Body::SnapshotStart { last: taken as u64, levels: held.len() as u32 };
        let mut book = Book::new(BTC);
        play(&mut book, &groups[..late]);
        play(&mut book, &[levels(start, &held)]);
        play(&mut book, &groups[late..]);
        // A snapshot that ends just before the first change there is has no bridge: documented.
        if book.state() == BookState::Live {
            prop_assert_eq!(book.bids().iter().collect::<Vec<_>>(), truth.bids().iter().collect::<Vec<_>>());
            prop_assert_eq!(book.last_update(), truth.last_update());
        }
        prop_assert!(taken == 0 || late == taken || book.state() == BookState::Live);
    }
}
