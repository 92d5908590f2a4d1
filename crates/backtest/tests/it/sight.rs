//! Nothing sees the future: what was done up to a moment is the same whatever comes after it.

use backtest::{Feed, Outcome};
use clock::{Nanos, Seed};
use market::{Bar, Body, Event, Flags, Lots, Sequence, SymbolId, Ticks, Timeframe};
use proptest::prelude::{any, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use trading::agreement::AgreementSettings;
use trading::strategies::{EmaCross, Random, Smc, SmcSettings};
use trading::strategy::{Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::structure::StructureSettings;
use trading::{Exits, Note, Period};

use crate::real::{drive, play};

const MINUTE: i64 = 60_000_000_000;

/// A random walk of so many minutes for two contracts; from `bend` on by another seed.
fn walk(seed: u64, bend: usize, other: u64, minutes: usize) -> Feed {
    let mut events = Vec::new();
    for symbol in [SymbolId(0), SymbolId(1)] {
        let mut chance = Seed(seed).stream(&format!("walk {}", symbol.0));
        let mut price = 1_000_000_i64;
        for minute in 0..minutes {
            if minute == bend {
                chance = Seed(other).stream(&format!("bent walk {}", symbol.0));
            }
            let mut move_by = |spread: f64| (chance.normal() * spread) as i64;
            let open = price + move_by(20.0);
            let close = open + move_by(200.0);
            let high = open.max(close) + move_by(100.0).abs();
            let low = open.min(close) - move_by(100.0).abs();
            price = close.max(500_000);
            let bar = Bar {
                timeframe: Timeframe::M1,
                open_time: Nanos(minute as i64 * MINUTE),
                open: Ticks(open),
                high: Ticks(high.max(price)),
                low: Ticks(low),
                close: Ticks(price),
                volume: Lots(1),
                flow: None,
            };
            events.push(Event {
                sequence: Sequence(0),
                exchange: bar.end(),
                receive: bar.end(),
                symbol,
                flags: Flags::CLOSED,
                body: Body::Bar(bar),
            });
        }
    }
    Feed::merge([events])
}

/// Long and short by the last bar's colour, guarded on both sides and trailed.
struct Guarded;

impl Strategy for Guarded {
    fn name(&self) -> String {
        "guarded".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[Timeframe::M5]
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        if bar.timeframe != Timeframe::M5 || view.net().side().is_some() {
            return;
        }
        let side = if bar.close > bar.open { Side::Buy } else { Side::Sell };
        let at = |away: i64| Some(Ticks(bar.close.0 + side.sign() * away));
        let exits = Exits {
            stop: at(-400),
            target: at(600),
            trail: Some(Ticks(500)),
            longest: Some(30 * MINUTE),
            stagnation: None,
        };
        let (symbol, score) = (view.symbol, Score::MIDDLE);
        wishes.push(Wish::Enter(Entry { symbol, side, score, exits, setup: "colour" }));
    }
}

/// What was done before a moment and known at it. What is done at it may answer the open of the
/// bar that begins then.
fn until(outcome: &Outcome, moment: Nanos) -> (Vec<Note>, Vec<(Nanos, i128)>) {
    let before = |note: &&Note| match note {
        Note::Sent { at, .. }
        | Note::Declined { at, .. }
        | Note::Unsent { at, .. }
        | Note::Halted { at, .. } => *at < moment,
        Note::Closed { trip, .. } => trip.closed < moment,
    };
    let notes = outcome.notes.iter().take_while(before).copied().collect();
    let points = outcome.equity.iter().filter(|(at, _)| *at <= moment);
    (notes, points.map(|(at, equity)| (*at, equity.0)).collect())
}

fn strategies(seed: u64) -> [Box<dyn Strategy>; 4] {
    let period = |bars| Period::new("average", bars).unwrap();
    let cross = EmaCross::new(period(3), period(8), Timeframe::M1, 2).unwrap();
    let agreement = AgreementSettings {
        fast: 2,
        slow: 3,
        atr: 2,
        swing: 1,
        minimum: 0.0,
        ..AgreementSettings::default()
    };
    let structure =
        StructureSettings { atr: 2, swing_left: 1, swing_right: 1, ..StructureSettings::default() };
    let smc = Smc::new(SmcSettings { structure, agreement, ..SmcSettings::default() }, 2).unwrap();
    [Box::new(smc), Box::new(Guarded), Box::new(cross), Box::new(Random::new(Seed(seed), 0.2))]
}

proptest! {
    #![proptest_config(Config::with_cases(24))]

    #[test]
    fn another_future_changes_nothing_before_it(seed in any::<u64>(), other in any::<u64>(), bend in 20_usize..280) {
        let drive = drive(&["BTCUSDT", "ETHUSDT"], "regular");
        let (one, two) = (walk(seed, bend, seed ^ 1, 300), walk(seed, bend, other, 300));
        // The bars that differ first close a minute after the bend.
        let moment = Nanos(bend as i64 * MINUTE);
        for (a, b) in strategies(seed).into_iter().zip(strategies(seed)) {
            let (one, two) = (play(&one, &drive, a), play(&two, &drive, b));
            prop_assert_eq!(until(&one, moment), until(&two, moment));
        }
    }

    #[test]
    fn a_past_cut_short_is_the_beginning_of_the_whole(seed in any::<u64>(), end in 20_usize..280) {
        let drive = drive(&["BTCUSDT", "ETHUSDT"], "regular");
        let (whole, part) = (walk(seed, 0, seed, 300), walk(seed, 0, seed, end));
        let moment = Nanos(end as i64 * MINUTE);
        for (a, b) in strategies(seed).into_iter().zip(strategies(seed)) {
            let (whole, part) = (play(&whole, &drive, a), play(&part, &drive, b));
            let (mut known, told) = (until(&part, moment), until(&whole, moment));
            // The last point stands twice: as a minute's and as the end's.
            known.1.dedup();
            prop_assert_eq!(known, told);
        }
    }
}
