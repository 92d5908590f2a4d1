//! A market that never was, for trying things without data.
//!
//! A walk with regimes (calm, lively, wild), jumps, and minutes that are missing. Its price is as
//! likely to gain as to lose at every moment and whatever came before, so there is nothing to be won
//! on it but by luck, and trading it costs what trading costs.

use clock::{Chance, Nanos, Seed};
use market::{Bar, Contract, Event, Flow, Lots, Notional, SymbolId, Ticks, Timeframe};

/// 2025-01-06 00:00 UTC, a Monday.
const BEGIN: Nanos = Nanos(1_736_121_600_000_000_000);
/// Prices inside a minute.
const STEPS: usize = 8;
/// How likely a minute begins another regime: one in four hours.
const TURN: f64 = 1.0 / 240.0;
/// How likely a minute jumps: about every other day.
const JUMP: f64 = 1.0 / 3_000.0;
/// How likely minutes go missing: about twice a week.
const HOLE: f64 = 1.0 / 5_000.0;
/// The longest hole in minutes: now and then more than is waited for.
const LONGEST_HOLE: usize = 150;

/// The deviation of a minute's return while a market is calm, lively, or wild.
const REGIMES: [f64; 3] = [0.0004, 0.0007, 0.0018];

/// So many minutes of a contract that begins at a price in its own quote currency.
pub fn synthetic(
    seed: Seed,
    symbol: SymbolId,
    contract: &Contract,
    price: f64,
    minutes: usize,
) -> Vec<Event> {
    let mut walk = Walk::new(seed, contract, price);
    let mut hole = 0;
    let mut events = Vec::with_capacity(minutes);
    for minute in 0..minutes {
        let bar = walk.minute(BEGIN.plus(minute as i64 * Timeframe::M1.nanos()));
        if hole == 0 && walk.chance.happens(HOLE) {
            hole = 1 + walk.chance.below(LONGEST_HOLE);
        }
        if hole > 0 {
            hole -= 1;
            continue;
        }
        events.push(Event::closed_bar(symbol, bar));
    }
    events
}

struct Walk<'a> {
    contract: &'a Contract,
    chance: Chance,
    regime: usize,
    /// In the quote currency, finer than a tick.
    price: f64,
    tick: f64,
    lot: f64,
}

impl<'a> Walk<'a> {
    fn new(seed: Seed, contract: &'a Contract, price: f64) -> Self {
        let size =
            |step: market::Step| step.unit() as f64 / libm::pow(10.0, f64::from(step.decimals()));
        Self {
            chance: seed.stream(&format!("market of {}", contract.name)),
            regime: 0,
            price,
            tick: size(contract.tick),
            lot: size(contract.lot),
            contract,
        }
    }

    fn minute(&mut self, open_time: Nanos) -> Bar {
        if self.chance.happens(TURN) {
            self.regime = self.chance.below(REGIMES.len());
        }
        let deviation = REGIMES[self.regime];
        let mut path = [self.price; STEPS + 1];
        for step in 1..=STEPS {
            let part = deviation / (STEPS as f64).sqrt();
            // Half the variance is taken off, so that the mean stays where it was.
            let moved = part * self.chance.normal() - part * part / 2.0;
            path[step] = path[step - 1] * libm::exp(moved);
        }
        if self.chance.happens(JUMP) {
            let size =
                self.chance.between(0.01, 0.04) * if self.chance.happens(0.5) { 1.0 } else { -1.0 };
            path[STEPS] *= 1.0 + size;
        }
        self.price = path[STEPS];
        // Wild minutes trade more.
        let coins =
            20_000.0 * libm::exp(self.chance.normal() * 0.6) * (deviation / 0.0007) / self.price;
        self.bar(open_time, path, coins)
    }

    fn bar(&mut self, open_time: Nanos, path: [f64; STEPS + 1], coins: f64) -> Bar {
        let ticks = path.map(|price| Ticks(((price / self.tick).round() as i64).max(1)));
        let (mut high, mut low) = (ticks[0], ticks[0]);
        for price in ticks {
            (high, low) = (high.max(price), low.min(price));
        }
        let volume = Lots(((coins / self.lot) as i64).max(1));
        let bought = (volume.0 as f64 * self.chance.between(0.3, 0.7)) as i64;
        let close = ticks[STEPS];
        Bar {
            timeframe: Timeframe::M1,
            open_time,
            open: ticks[0],
            high,
            low,
            close,
            volume,
            flow: Some(Flow {
                taker_buy: Lots(bought),
                quote: self.contract.notional(close, volume).unwrap_or(Notional::ZERO),
                trades: 1 + self.chance.below(500) as u64,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_HOLE, synthetic};
    use clock::Seed;
    use market::{Body, SymbolId, Timeframe};

    #[test]
    fn the_market_is_lawful_has_holes_and_is_the_same_each_time() {
        let contracts = crate::assumptions().unwrap().contracts(["BTCUSDT"]).unwrap();
        let (_, btc) = contracts.iter().next().unwrap();
        let make = |seed| synthetic(Seed(seed), SymbolId(0), btc, 90_000.0, 30_000);
        let events = make(1);
        assert_eq!(events, make(1));
        assert_ne!(events, make(2));
        let bars: Vec<_> = events
            .iter()
            .map(|event| match event.body {
                Body::Bar(bar) => bar,
                _ => panic!("{event:?}"),
            })
            .collect();
        for bar in &bars {
            let ends = (bar.open.max(bar.close), bar.open.min(bar.close));
            assert!(bar.high >= ends.0 && bar.low <= ends.1 && bar.low.0 > 0, "{bar:?}");
            assert!(bar.volume.0 > 0);
        }
        let holes: Vec<i64> = bars
            .windows(2)
            .map(|pair| pair[1].open_time.since(pair[0].end()) / Timeframe::M1.nanos())
            .filter(|missing| *missing > 0)
            .collect();
        assert!(
            holes.len() >= 2 && holes.iter().all(|hole| *hole <= LONGEST_HOLE as i64),
            "{holes:?}"
        );
        let jumps = bars
            .iter()
            .filter(|bar| bar.close.0.abs_diff(bar.open.0) * 100 > bar.open.0.unsigned_abs());
        assert!(jumps.count() >= 3);
    }
}
