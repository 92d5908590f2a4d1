//! A strategy of your own: buys what closes above the last twenty highs, with a stop two average
//! ranges below and a target four above.
//!
//! `cargo run --release -- BTCUSDT-1m.csv.gz` runs it over your bars, and checks that it does not
//! see the future; without a file it runs over a market that is made up.

use std::collections::VecDeque;
use std::error::Error;
use std::path::Path;

use backtest::{Drive, Feed, Figures, Import};
use clock::Seed;
use fault::{Cancel, Silent};
use market::{Bar, Flags, Ticks, Timeframe};
use trading::indicators::Atr;
use trading::strategy::{Entry, Score, Side, Strategy, View, Wish, Wishes};
use trading::{Candle, Exits, Period, Settings};

/// What it keeps of one contract. A strategy may keep anything, as long as it comes from what it
/// was shown.
struct Breakout {
    highs: VecDeque<Ticks>,
    range: Atr,
}

/// How many highs have to be exceeded.
const LOOKBACK: usize = 20;
/// On bars of which length.
const FRAME: Timeframe = Timeframe::M15;

impl Breakout {
    fn new() -> Result<Self, trading::Error> {
        Ok(Self { highs: VecDeque::new(), range: Atr::new(Period::new("range", 14)?) })
    }
}

impl Strategy for Breakout {
    fn name(&self) -> String {
        format!("breakout of {LOOKBACK} highs on {}", FRAME.name())
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[FRAME]
    }

    fn on_bar(&mut self, bar: &Bar, _: Flags, view: &View<'_>, wishes: &mut Wishes) {
        // Bars of every length come by; prices are whole ticks of the contract.
        let Ok(candle) = Candle::of(bar) else { return };
        if bar.timeframe != FRAME {
            return;
        }
        let highest = self.highs.iter().max().copied();
        let is_full = self.highs.len() == LOOKBACK;
        if is_full {
            self.highs.pop_front();
        }
        self.highs.push_back(bar.high);
        // None until there is history enough: never a made-up number.
        let Some(range) = self.range.update(&candle) else { return };
        let breaks = is_full && highest.is_some_and(|highest| bar.close > highest);
        if !breaks || view.net().side().is_some() {
            return;
        }
        let range = range as i64;
        let exits = Exits {
            stop: Some(Ticks(bar.close.0 - 2 * range)),
            target: Some(Ticks(bar.close.0 + 4 * range)),
            ..Exits::default()
        };
        // How much is not a strategy's to say: sizing, slots and risk come after it.
        let (symbol, side, score) = (view.symbol, Side::Buy, Score::MIDDLE);
        wishes.push(Wish::Enter(Entry::new(symbol, side, score, exits, "breakout")));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let assumptions = backtest::assumptions()?;
    let contracts = assumptions.contracts(["BTCUSDT"])?;
    let (symbol, contract) = contracts.iter().next().ok_or("no contract")?;
    let events = match std::env::args().nth(1) {
        Some(path) => Import::bars(Path::new(&path), symbol, contract, Timeframe::M1)?.events,
        None => backtest::synthetic(Seed(1), symbol, contract, 95_000.0, 30_000),
    };
    let feed = Feed::merge([events]);
    let (settings, rules) = (Settings::DEFAULT, assumptions.rules()?);
    let drive = Drive { contracts, settings, rules, repairs: None };
    let (quiet, cancel) = (&Silent, &Cancel::new());
    let outcome = backtest::run(&feed, &drive, Breakout::new()?, quiet, cancel)?;
    let figures = Figures::of(&outcome);
    println!("{} over {} bars", outcome.strategy, outcome.events);
    println!("{:+.2} after costs, {} closed positions", figures.profit, figures.trades);
    let make = || Ok::<_, backtest::Error>(Breakout::new()?);
    let sights = backtest::lookahead(&feed, &drive, make, 10, quiet, cancel)?;
    println!("{} of 20 altered futures changed what was done before them", sights.len());
    if sights.is_empty() { Ok(()) } else { Err("it sees the future".into()) }
}
