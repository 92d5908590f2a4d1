//! Nothing sees the future: what was done up to a moment is the same whatever comes after it.

use backtest::{Error, Feed, Sight, lookahead};
use clock::{Nanos, Seed};
use fault::{Cancel, Silent};
use market::{Bar, Body, Event, Flags, Lots, SymbolId, Ticks, Timeframe};
use proptest::prelude::{any, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use trading::agreement::AgreementSettings;
use trading::strategies::{EmaCross, Random, Smc, SmcSettings};
use trading::strategy::{Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::structure::StructureSettings;
use trading::{Exits, Period};

use crate::real::drive;

const MINUTE: i64 = 60_000_000_000;

/// A random walk of so many minutes for two contracts.
fn walk(seed: u64, minutes: usize) -> Feed {
    let mut events = Vec::new();
    for symbol in [SymbolId(0), SymbolId(1)] {
        let mut chance = Seed(seed).stream(&format!("walk {}", symbol.0));
        let mut price = 1_000_000_i64;
        for minute in 0..minutes {
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
            events.push(Event::closed_bar(symbol, bar));
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
            least: None,
        };
        let (symbol, score) = (view.symbol, Score::MIDDLE);
        wishes.push(Wish::Enter(Entry::new(symbol, side, score, exits, "colour")));
    }
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

fn sights<S: Strategy>(feed: &Feed, make: impl Fn() -> S, cuts: usize) -> Vec<Sight> {
    let drive = drive(&["BTCUSDT", "ETHUSDT"], "regular");
    lookahead(feed, &drive, || Ok::<_, Error>(make()), cuts, &Silent, &Cancel::new()).unwrap()
}

proptest! {
    #![proptest_config(Config::with_cases(16))]

    #[test]
    fn nothing_that_comes_later_changes_what_was_done(seed in any::<u64>(), which in 0_usize..4) {
        let feed = walk(seed, 300);
        let make = || strategies(seed).into_iter().nth(which).unwrap();
        prop_assert_eq!(sights(&feed, make, 5), []);
    }
}

/// Knows all closes in advance, and buys before they rise.
struct Clairvoyant {
    closes: std::rc::Rc<Vec<i64>>,
}

impl Strategy for Clairvoyant {
    fn name(&self) -> String {
        "clairvoyant".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        let next = (bar.open_time.0 / MINUTE) as usize + 3;
        let rises = self.closes.get(next).is_some_and(|close| *close > bar.close.0);
        let (symbol, score, exits) = (view.symbol, Score::MIDDLE, Exits::default());
        if view.net().side().is_some() {
            wishes.push(Wish::Leave { symbol, why: "done" });
        } else if rises {
            let side = Side::Buy;
            wishes.push(Wish::Enter(Entry::new(symbol, side, score, exits, "seen")));
        }
    }
}

#[test]
fn who_sees_the_future_is_found_out() {
    let feed = walk(7, 300);
    // What it knows is what the feed it is made for will say: another future is another strategy.
    let made = std::cell::Cell::new(0);
    let closes = std::rc::Rc::new(
        feed.events()
            .iter()
            .filter_map(|event| match event.body {
                Body::Bar(bar) if event.symbol == SymbolId(0) => Some(bar.close.0),
                _ => None,
            })
            .collect::<Vec<_>>(),
    );
    let make = || {
        // The whole future is known to the first run only, as one that reads a file ahead knows
        // what the file holds.
        let run = made.replace(made.get() + 1);
        let closes = if run == 0 { closes.clone() } else { std::rc::Rc::default() };
        Clairvoyant { closes }
    };
    assert!(!sights(&feed, make, 5).is_empty());
}
