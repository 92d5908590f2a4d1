//! The formulas once more, over whole slices, as a textbook has them: slow, and sharing nothing
//! with the engine. `at` is the row whose reading is wanted.

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Two passes.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64).sqrt()
}

/// All values of a recursive average: seeded with the mean of the first `bars`, none before.
pub(crate) fn recursive(values: &[f64], bars: usize, weight: f64) -> Vec<Option<f64>> {
    let mut out = vec![None; values.len()];
    if values.len() < bars {
        return out;
    }
    let mut average = mean(&values[..bars]);
    out[bars - 1] = Some(average);
    for (value, cell) in values.iter().zip(&mut out).skip(bars) {
        average = weight * value + (1.0 - weight) * average;
        *cell = Some(average);
    }
    out
}

pub(crate) fn ema(values: &[f64], bars: usize) -> Vec<Option<f64>> {
    recursive(values, bars, 2.0 / (bars as f64 + 1.0))
}

pub(crate) fn wilder(values: &[f64], bars: usize) -> Vec<Option<f64>> {
    recursive(values, bars, 1.0 / bars as f64)
}

pub(crate) fn rsi(closes: &[f64], bars: usize) -> Vec<Option<f64>> {
    let changes: Vec<f64> = closes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let ups: Vec<f64> = changes.iter().map(|c| if *c > 0.0 { *c } else { 0.0 }).collect();
    let downs: Vec<f64> = changes.iter().map(|c| if *c < 0.0 { -*c } else { 0.0 }).collect();
    let (ups, downs) = (wilder(&ups, bars), wilder(&downs, bars));
    let index = |(up, down): (&Option<f64>, &Option<f64>)| {
        let (up, down) = ((*up)?, (*down)?);
        Some(if up + down == 0.0 { 50.0 } else { 100.0 - 100.0 / (1.0 + up / down) })
    };
    std::iter::once(None).chain(ups.iter().zip(&downs).map(index)).collect()
}

pub(crate) fn atr(high: &[f64], low: &[f64], close: &[f64], bars: usize) -> Vec<Option<f64>> {
    let range = |at: usize| {
        let before = close[at - 1];
        (high[at] - low[at]).max((high[at] - before).abs()).max((low[at] - before).abs())
    };
    let ranges: Vec<f64> = (1..close.len()).map(range).collect();
    std::iter::once(None).chain(wilder(&ranges, bars)).collect()
}

/// The line, both averages seeded at the same close, and its signal.
pub(crate) fn macd(
    closes: &[f64],
    fast: usize,
    slow: usize,
    signal: usize,
) -> Vec<Option<[f64; 2]>> {
    let late = slow - fast;
    let quick = ema(&closes[late..], fast);
    let calm = ema(closes, slow);
    let line: Vec<f64> =
        (slow - 1..closes.len()).map(|at| quick[at - late].unwrap() - calm[at].unwrap()).collect();
    let signals = ema(&line, signal);
    let reading = line.iter().zip(&signals).map(|(line, signal)| signal.map(|s| [*line, s]));
    std::iter::repeat_n(None, slow - 1).chain(reading).collect()
}
