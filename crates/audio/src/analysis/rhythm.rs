use crate::analysis::beats::{self, MIN_BEATS};
use crate::analysis::onset_curve::{CURVE_HZ, Rises};
use crate::dsp::convolve;

/// The tempo of a whole sound and its beats.
#[derive(Debug, Clone, PartialEq)]
pub struct Tempo {
    /// Beats a minute, 45 to 240: the middle spacing of the beats. Where a slower and a faster
    /// pulse are as clear, the one nearer to 120 is taken.
    pub bpm: f64,
    /// How clearly the beat stands out, 0 to 1: mean autocorrelation of the onsets at one to
    /// four beats. Noise has less than 0.1, clicks nearly 1, music with drums 0.2 to 0.7.
    pub clarity: f64,
    /// The time of each beat, seconds from the start, to about 10 ms.
    pub beats: Vec<f64>,
}

/// What the onsets tell.
#[derive(Debug, Clone)]
pub(super) struct Rhythm {
    pub(super) tempo: Option<Tempo>,
    /// Onsets a second.
    pub(super) density: f64,
    /// 0 to 1.
    pub(super) stability: f64,
}

/// Slowest and fastest pulse, beats a minute, and the step of the search between them.
const BPM: (f64, f64) = (45.0, 240.0);
const BPM_STEP: f64 = 0.0025;
/// Multiples of a period that the pulse must fit.
const MULTIPLES: usize = 4;
/// The tempo that people tap when several fit, and how far around it, octaves (Ellis, "Beat
/// tracking by dynamic programming", 2007; after McKinney and Moelants).
const PREFERRED_BPM: f64 = 120.0;
const PREFERENCE_OCTAVES: f64 = 0.9;
/// Where the pulse of half the period is as strong as this share, it is the beat.
const AS_STRONG: f64 = 0.9;
/// The fastest beat that is preferred to one of half its speed.
const FASTEST_DOUBLE_BPM: f64 = 200.0;
/// Less is no beat.
const MIN_CLARITY: f64 = 0.1;
/// The clarity at which half the steadiness counts.
const HALF_CLARITY: f64 = 0.15;
/// The relative spread of the spacing at which half the steadiness is gone.
const HALF_SPREAD: f64 = 0.1;
/// An onset rises by this many times what surrounds it and this much more, natural logarithm of
/// amplitude. Noise has 0.5 to 0.7 such peaks a second.
const ONSET_TIMES: f64 = 2.0;
const ONSET_RISE: f64 = 0.08;
/// An onset is the highest within this, and the level around it is taken over that, values.
const ONSET_REACH: usize = 5;
const ONSET_AROUND: usize = 15;

impl Rhythm {
    pub(super) fn of(rises: &Rises) -> Self {
        let curve = centred(&rises.values);
        let onsets = onsets(&rises.values);
        // A vibrato has a pulse too, but nothing begins in it.
        let has_onsets = onsets >= MIN_BEATS;
        let tempo = has_onsets.then(|| tempo(&curve, rises.start_s)).flatten();
        let stability = tempo.as_ref().map_or(0.0, stability);
        let density = onsets as f64 * CURVE_HZ / rises.values.len().max(1) as f64;
        Self { tempo, density, stability }
    }
}

fn tempo(curve: &[f32], start_s: f64) -> Option<Tempo> {
    let longest = (60.0 * CURVE_HZ / BPM.0) as usize * MULTIPLES + 2;
    let likeness = autocorrelation(curve, longest)?;
    let (mut period, clarity) = pulse(&likeness)?;
    let double = 120.0 * CURVE_HZ / period;
    if double <= FASTEST_DOUBLE_BPM
        && at(&likeness, period / 2.0) > AS_STRONG * at(&likeness, period)
    {
        period /= 2.0;
    }
    if clarity < MIN_CLARITY {
        return None;
    }
    let beats = beats::track(curve, period);
    if beats.len() < MIN_BEATS {
        return None;
    }
    let bpm = 60.0 * CURVE_HZ / beats::spacing(&beats);
    let beats = beats.iter().map(|beat| start_s + beat / CURVE_HZ).collect();
    Some(Tempo { bpm, clarity: clarity.min(1.0), beats })
}

/// The period, in values, whose pulse is clearest and likeliest, and its clarity.
fn pulse(likeness: &[f64]) -> Option<(f64, f64)> {
    let steps = (libm::log(BPM.1 / BPM.0) / BPM_STEP) as usize;
    let candidates = (0..=steps).filter_map(|step| {
        let bpm = BPM.0 * libm::exp(BPM_STEP * step as f64);
        let period = 60.0 * CURVE_HZ / bpm;
        if (period * MULTIPLES as f64) as usize + 1 >= likeness.len() {
            return None;
        }
        // The period itself counts most: twice the tempo fits half of the multiples.
        let (mut comb, mut weights) = (0.0, 0.0);
        for multiple in (1..=MULTIPLES).map(|k| k as f64) {
            comb += at(likeness, period * multiple) / multiple;
            weights += 1.0 / multiple;
        }
        let clarity = comb / weights;
        let away = libm::log2(bpm / PREFERRED_BPM) / PREFERENCE_OCTAVES;
        Some((clarity * libm::exp(-0.5 * away * away), period, clarity))
    });
    let best = candidates.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 > 0.0).then_some((best.1, best.2))
}

/// By linear interpolation.
fn at(likeness: &[f64], lag: f64) -> f64 {
    let (whole, part) = (lag as usize, lag.fract());
    likeness[whole] * (1.0 - part) + likeness[whole + 1] * part
}

/// Of lags 0 to `longest` as far as they fit twice; 1 at lag 0. `None` if the curve is flat.
fn autocorrelation(curve: &[f32], longest: usize) -> Option<Vec<f64>> {
    let lags = longest.min(curve.len() / 2);
    let mut padded = curve.to_vec();
    padded.resize(curve.len() + lags + 1, 0.0);
    let mut sums = vec![0.0_f64; lags + 1];
    let mut part = vec![0.0_f32; lags + 1];
    // In pieces, so that single precision holds the sums.
    for (n, piece) in curve.chunks(PIECE).enumerate() {
        convolve(piece, &padded[n * PIECE..], &mut part);
        for (sum, part) in sums.iter_mut().zip(&part) {
            *sum += f64::from(*part);
        }
    }
    let energy = *sums.first()?;
    let count = curve.len() as f64;
    let unbiased = |(lag, sum): (usize, &f64)| sum / energy * count / (count - lag as f64);
    (energy > 0.0).then(|| sums.iter().enumerate().map(unbiased).collect())
}

const PIECE: usize = 1_024;

/// Takes away the local mean over a second, so that swells are no onsets, rounds what is left
/// over three values, then takes away its mean, so that a lag without a pulse correlates to
/// nothing.
fn centred(values: &[f32]) -> Vec<f32> {
    let reach = CURVE_HZ as usize / 2;
    let means = running_means(values, reach);
    let rises: Vec<f64> =
        values.iter().zip(means).map(|(v, mean)| (f64::from(*v) - mean).max(0.0)).collect();
    let near = |n: usize, side: isize| {
        n.checked_add_signed(side).and_then(|n| rises.get(n)).copied().unwrap_or(0.0)
    };
    let rounded: Vec<f64> =
        (0..rises.len()).map(|n| 0.25 * (near(n, -1) + near(n, 1)) + 0.5 * rises[n]).collect();
    let mean = rounded.iter().sum::<f64>() / rounded.len().max(1) as f64;
    rounded.iter().map(|rise| (rise - mean) as f32).collect()
}

/// The mean of what lies within `reach` of each value.
fn running_means(values: &[f32], reach: usize) -> Vec<f64> {
    let mut sums = vec![0.0_f64];
    for value in values {
        sums.push(sums[sums.len() - 1] + f64::from(*value));
    }
    (0..values.len())
        .map(|n| {
            let (from, to) = (n.saturating_sub(reach), (n + reach + 1).min(values.len()));
            (sums[to] - sums[from]) / (to - from) as f64
        })
        .collect()
}

/// How many peaks of the curve stand out from what surrounds them.
fn onsets(values: &[f32]) -> usize {
    let means = running_means(values, ONSET_AROUND);
    let is_onset = |n: &usize| {
        let value = values[*n];
        let before = &values[n.saturating_sub(ONSET_REACH)..*n];
        let after = &values[n + 1..(n + 1 + ONSET_REACH).min(values.len())];
        f64::from(value) > ONSET_TIMES * means[*n] + ONSET_RISE
            && before.iter().all(|other| *other < value)
            && after.iter().all(|other| *other <= value)
    };
    (0..values.len()).filter(is_onset).count()
}

/// How evenly the beats follow each other, counted by how clear they are: of even beats without
/// clarity nothing can be said but that the tracker is even.
fn stability(tempo: &Tempo) -> f64 {
    let spacing = 60.0 / tempo.bpm;
    let gaps: Vec<f64> = tempo.beats.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let squares = gaps.iter().map(|gap| (gap / spacing - 1.0) * (gap / spacing - 1.0));
    let spread = squares.sum::<f64>() / gaps.len().max(1) as f64 / (HALF_SPREAD * HALF_SPREAD);
    let clarity = tempo.clarity * tempo.clarity;
    clarity / (clarity + HALF_CLARITY * HALF_CLARITY) / (1.0 + spread)
}
