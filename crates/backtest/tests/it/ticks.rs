//! The real capture, frame by frame, through core and venue.

use backtest::{Feed, Figures, Import, Inspection};
use market::{Bar, Body, Event, Flags, SymbolId, Ticks, Timeframe};
use trading::strategy::{Approach, Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::{Exits, Note, Purpose};

use crate::real::{contracts, drive, play};

/// Enters and leaves by turns at every two thousandth quote.
#[derive(Default)]
struct Metronome {
    quotes: u64,
}

impl Strategy for Metronome {
    fn name(&self) -> String {
        "metronome".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, _: &View<'_>, _: &mut Wishes) {}

    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        if !matches!(event.body, Body::BookTicker { .. }) {
            return;
        }
        self.quotes += 1;
        let symbol = view.symbol;
        match self.quotes % 4_000 {
            0 => wishes.push(Wish::Leave { symbol, why: "beat" }),
            2_000 => {
                let side = if self.quotes % 8_000 == 2_000 { Side::Buy } else { Side::Sell };
                let (score, exits) = (Score::MIDDLE, Exits::default());
                wishes.push(Wish::Enter(Entry {
                    symbol,
                    side,
                    score,
                    approach: Approach::Market,
                    exits,
                    setup: "beat",
                }));
            }
            _ => {}
        }
    }
}

fn capture(test: &str) -> Option<backtest::Capture> {
    let path = testkit::data("market/raw/usdm_btcusdt_20240808.gz", test)?;
    Some(Import::frames(&path, SymbolId(0), &contracts(&["BTCUSDT"])).unwrap())
}

#[test]
fn the_capture_is_followed_from_its_first_frame_to_its_last() {
    let Some(capture) = capture("the capture") else { return };
    let kinds: Vec<u64> = capture.kinds.values().copied().collect();
    assert_eq!((kinds, capture.quarantine.total()), (vec![6_551, 66_089, 21_313, 1], 0));
    let found = Inspection::of(&capture.events, &contracts(&["BTCUSDT"])).unwrap();
    assert_eq!(found.foreign, 0, "every event keeps its contract");
    let book = found.book.unwrap();
    assert_eq!((book.applied, book.from_buffer, book.stale), (6_547, 2, 4));
    assert_eq!((book.gaps, book.crossed, book.live), (0, 0, true));
    assert_eq!((book.bids, book.asks), (5_018, 4_578));
}

#[test]
fn orders_meet_the_quotes_that_stand_when_they_arrive() {
    let Some(capture) = capture("orders on the capture") else { return };
    let feed = Feed::merge([capture.events]);
    let drive = drive(&["BTCUSDT"], "regular");
    let outcome = play(&feed, &drive, Metronome::default());
    assert_eq!(outcome.hash, play(&feed, &drive, Metronome::default()).hash);
    let entries: Vec<_> = outcome
        .notes
        .iter()
        .filter_map(|note| match note {
            Note::Sent { at, order, purpose: Purpose::Entry, .. } => Some((*at, *order)),
            _ => None,
        })
        .collect();
    let trips: Vec<_> = outcome
        .notes
        .iter()
        .filter_map(|note| match note {
            Note::Closed { trip, .. } => Some(*trip),
            _ => None,
        })
        .collect();
    assert_eq!((entries.len(), trips.len()), (17, 16));
    let quotes: Vec<(clock::Nanos, Ticks, Ticks)> = feed
        .events()
        .iter()
        .filter_map(|event| match event.body {
            Body::BookTicker { bid, ask } => Some((event.receive, bid.price, ask.price)),
            _ => None,
        })
        .collect();
    for ((sent, order), trip) in entries.iter().zip(&trips) {
        // What stood when the order had travelled: orders of 16 lots find enough at the best.
        let arrives = sent.plus(drive.rules.order_latency);
        let standing = quotes.iter().take_while(|(at, ..)| *at <= arrives).last().unwrap();
        // One lot at one tick is worth 10,000 units.
        let price = trip.entry.0 as f64 / trip.lots.0 as f64 / 10_000.0;
        let quoted = if order.side == Side::Buy { standing.2 } else { standing.1 };
        assert!((price - quoted.0 as f64).abs() < 1.0, "{order:?} at {price}, quoted {quoted:?}");
    }
    let figures = Figures::of(&outcome);
    // A fee on each side of each position.
    let turned: f64 = trips.iter().map(|trip| (trip.entry.0 + trip.exit.0) as f64 / 1e8).sum();
    let open = figures.fees - turned * 0.0005;
    assert!((0.0..0.6).contains(&open), "{open}: the fee of the last entry");
}
