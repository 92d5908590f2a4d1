//! What each strategy did on real minutes, so that nothing drifts unseen.

use std::fmt::Write;

use backtest::{Feed, Figures, Outcome};
use clock::Seed;
use market::{OrderKind, Side, Timeframe};
use trading::strategies::{BuyAndHold, EmaCross, Random, Smc, SmcSettings};
use trading::strategy::Strategy;
use trading::{Note, Period, Purpose};

use crate::real::{drive, play, recordings};

const SYMBOLS: [&str; 3] = ["BTCUSDT", "ETHUSDT", "XRPUSDT"];

fn strategies() -> [Box<dyn Strategy>; 4] {
    let period = |bars| Period::new("average", bars).unwrap();
    let contracts = SYMBOLS.len();
    [
        Box::new(EmaCross::new(period(10), period(20), Timeframe::M15, contracts).unwrap()),
        Box::new(Smc::new(SmcSettings::default(), contracts).unwrap()),
        Box::new(BuyAndHold::new(contracts)),
        Box::new(Random::new(Seed(1), 0.01)),
    ]
}

#[test]
fn strategies_do_what_they_did() {
    let Some(recordings) = recordings("golden figures", &SYMBOLS) else { return };
    let feed = Feed::merge(recordings);
    let drive = drive(&SYMBOLS, "regular");
    let mut table = String::new();
    for strategy in strategies() {
        let outcome = play(&feed, &drive, strategy);
        let figures = Figures::of(&outcome);
        writeln!(
            table,
            "{}: {} orders, {} closed, {} wins, {:.4} profit, {:.4} fees, {:.4} drawdown, {}",
            outcome.strategy,
            figures.orders,
            figures.trades,
            figures.wins,
            figures.profit,
            figures.fees,
            figures.drawdown_share,
            &outcome.hash[..16]
        )
        .unwrap();
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/golden.txt");
    testkit::golden(std::path::Path::new(path), &table);
}

#[test]
fn every_structural_entry_is_guarded_at_the_venue_from_its_first_bar() {
    let Some(recordings) = recordings("guarded entries", &SYMBOLS) else { return };
    let drive = drive(&SYMBOLS, "regular");
    let smc = Smc::new(SmcSettings::default(), SYMBOLS.len()).unwrap();
    let outcome = play(&Feed::merge(recordings), &drive, smc);
    let entries = sent(&outcome, |purpose| purpose == Purpose::Entry);
    assert!(entries.len() > 15, "{}", entries.len());
    for (at, entry) in entries {
        let guards = sent(&outcome, |purpose| matches!(purpose, Purpose::Stop | Purpose::Target));
        let of_this = guards.iter().filter(|(when, g)| g.symbol == entry.symbol && *when == at);
        let kinds: Vec<OrderKind> = of_this.map(|(_, guard)| guard.kind).collect();
        let [OrderKind::Stop { trigger: stop }, OrderKind::TakeProfit { trigger: target }] =
            kinds[..]
        else {
            panic!("{entry:?}: {kinds:?}")
        };
        assert_eq!(stop < target, entry.side == Side::Buy);
    }
}

fn sent(outcome: &Outcome, of: impl Fn(Purpose) -> bool) -> Vec<(clock::Nanos, market::Order)> {
    let notes = outcome.notes.iter();
    notes
        .filter_map(|note| match note {
            Note::Sent { at, order, purpose, .. } if of(*purpose) => Some((*at, *order)),
            _ => None,
        })
        .collect()
}
