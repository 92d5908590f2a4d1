use std::hint::black_box;

use anyhow::{Context, Result};
use trading::indicators::{Adx, Atr, Bollinger, Ema, Macd, Momentum, Rsi, Sma};
use trading::{Candle, Period};

use super::Ground;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::guest::Guest;

pub(super) const TITLE: &str = "Indicators";
/// Over the bars in a turn: so that the quickest is measured at all.
const PASSES: usize = 400;
/// Bars that TA-Lib's streams begin with, as its driver says.
const BEFORE: usize = 64;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let bars = ground.recorded.candles()?;
    let passes = [PASSES.to_string()];
    let talib = Guest::invite("TA-Lib", "indicators_talib.py", &passes, ground.folder)?;
    let mut contestants = Vec::new();
    for (name, job, ours) in ours(&bars) {
        contestants.push(Contestant::new(format!("{name}, Triad"), ours));
        contestants.push(talib.row(|theirs| format!("{name}, {theirs}, whole arrays"), job));
        let stream =
            talib.row(|theirs| format!("{name}, {theirs}, stream"), format!("{job} stream"));
        contestants.push(stream.work((bars.len() - BEFORE) as f64));
    }
    let contest = Contest {
        title: TITLE,
        about: format!(
            "{} minutes of BTCUSDT in memory, read {PASSES} times. Triad takes one bar after the \
             other and gives every reading; TA-Lib takes whole arrays, which is its quickest way, \
             and one bar after the other by its streams, which are called from Python here, so \
             that a call is most of what they cost; they are read once. Triad's ADX gives both \
             directions with it, and its bands their width. The last reading is the evidence.",
            bars.len()
        ),
        unit: Unit::Nanos("an update"),
        work: (PASSES * bars.len()) as f64,
        contestants,
    };
    contest.run(ground.runs)
}

type Job<'a> = Box<dyn FnMut() -> Result<Turn> + 'a>;

/// Title, name of TA-Lib's job, and ours.
fn ours(bars: &[Candle]) -> Vec<(&'static str, &'static str, Job<'_>)> {
    vec![
        (
            "EMA 12",
            "ema",
            Box::new(|| {
                let fresh = Ema::new(period(12)?);
                over(bars, &fresh, |ema, bar| ema.update(bar.close()), |reading| reading)
            }),
        ),
        (
            "SMA 20",
            "sma",
            Box::new(|| {
                let fresh = Sma::new(period(20)?);
                over(bars, &fresh, |sma, bar| sma.update(bar.close()), |reading| reading)
            }),
        ),
        (
            "RSI 14",
            "rsi",
            Box::new(|| {
                let fresh = Rsi::new(period(14)?);
                over(bars, &fresh, |rsi, bar| rsi.update(bar.close()), |reading| reading)
            }),
        ),
        (
            "ATR 14",
            "atr",
            Box::new(|| {
                let fresh = Atr::new(period(14)?);
                over(bars, &fresh, Atr::update, |reading| reading)
            }),
        ),
        (
            "ADX 14",
            "adx",
            Box::new(|| {
                let fresh = Adx::new(period(14)?);
                over(bars, &fresh, Adx::update, |reading| reading?.strength)
            }),
        ),
        (
            "MACD 12 26 9",
            "macd",
            Box::new(|| {
                let fresh = Macd::new(period(12)?, period(26)?, period(9)?)?;
                over(bars, &fresh, |macd, bar| macd.update(bar.close()), |r| Some(r?.line))
            }),
        ),
        (
            "Bollinger 20",
            "bands",
            Box::new(|| {
                let fresh = Bollinger::new(period(20)?, 2.0)?;
                over(bars, &fresh, |bands, bar| bands.update(bar.close()), |r| Some(r?.upper))
            }),
        ),
        (
            "Momentum 10",
            "momentum",
            Box::new(|| {
                let fresh = Momentum::new(period(10)?);
                over(bars, &fresh, |change, bar| change.update(bar.close()), |reading| reading)
            }),
        ),
    ]
}

fn period(bars: i64) -> Result<Period> {
    Ok(Period::new("period", bars)?)
}

/// All passes of one indicator, each from its beginning; every reading is given out whole.
fn over<I: Clone, R: Copy>(
    bars: &[Candle],
    fresh: &I,
    update: impl Fn(&mut I, &Candle) -> Option<R>,
    shown: impl Fn(Option<R>) -> Option<f64>,
) -> Result<Turn> {
    let (seconds, last) = cpu::of_this(|| {
        let mut last = None;
        for _ in 0..PASSES {
            let mut indicator = fresh.clone();
            for bar in bars {
                last = black_box(update(&mut indicator, bar));
            }
        }
        Ok(last)
    })?;
    Ok((seconds, format!("last {:.6}", shown(last).context("no reading")?)))
}
