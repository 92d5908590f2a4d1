//! Markets of chance.

use clock::{Chance, Nanos, Seed};
use market::{Bar, Lots, Ticks, Timeframe};
use trading::Candle;

/// Bars of a random walk in whole ticks around `price`, each a path of `steps` steps.
pub(crate) fn ticks(seed: u64, bars: usize, price: f64, steps: usize) -> Vec<Candle> {
    let mut chance = Seed(seed).stream("walk");
    let mut at = price;
    (0..bars).map(|_| bar(&mut chance, &mut at, price, steps)).collect()
}

fn bar(chance: &mut Chance, at: &mut f64, home: f64, steps: usize) -> Candle {
    let open = *at;
    let (mut high, mut low) = (open, open);
    for _ in 0..steps {
        let step = (chance.normal() * 10.0).round();
        // Kept off the ground by turning round far from home; never reached in a short walk.
        *at = if (*at + step) < home / 2.0 { *at - step } else { *at + step };
        high = high.max(*at);
        low = low.min(*at);
    }
    let volume = (1_000.0 * (1.0 + chance.normal().abs())).round();
    Candle::new(open, high, low, *at, volume).unwrap()
}

/// Bars of independent chance over a scale of prices: harder on sums than any market.
pub(crate) fn wild(chance: &mut Chance, scale: f64) -> Candle {
    let mut draw = || scale * chance.between(0.9, 1.1);
    let (open, close) = (draw(), draw());
    let high = open.max(close) + scale * 0.01;
    let low = open.min(close) - scale * 0.01;
    Candle::new(open, high, low, close, (draw() / scale) * 1_000.0).unwrap()
}

/// A candle in whole ticks as the minute of a number.
pub(crate) fn minute((candle, at): (&Candle, i64)) -> Bar {
    let ticks = |price: f64| Ticks(price as i64);
    Bar {
        timeframe: Timeframe::M1,
        open_time: Nanos(at * Timeframe::M1.nanos()),
        open: ticks(candle.open()),
        high: ticks(candle.high()),
        low: ticks(candle.low()),
        close: ticks(candle.close().get()),
        volume: Lots(candle.volume() as i64),
        flow: None,
    }
}
