//! Where a track's spectrum stands among real music.

use audio::analysis::Band;

use crate::fit::Wish;

/// The middle half of real music in third octaves: lower and upper quartile of the level of a
/// band, in dB over the mean of a track's bands from 100 Hz to 8 kHz, smoothed over three bands.
/// Measured on the 146 tracks that `scripts/music.sh` fetches (orchestral, electronic, rock and
/// ambient game music under open licences), 2026-11-22, by the analysis of this house. Below the
/// lowest and above the highest entry nothing is judged.
const MIDDLE_HALF: [(f64, f64, f64); 28] = [
    (31.5, -14.2, 0.8),
    (40.0, -9.4, 4.5),
    (50.0, -4.5, 7.2),
    (63.0, -0.2, 8.7),
    (80.0, 2.6, 9.7),
    (100.0, 3.7, 9.8),
    (125.0, 3.8, 9.6),
    (160.0, 3.6, 9.1),
    (200.0, 3.5, 8.4),
    (250.0, 3.7, 8.3),
    (315.0, 3.8, 8.5),
    (400.0, 3.5, 8.1),
    (500.0, 2.8, 7.4),
    (630.0, 1.8, 6.3),
    (800.0, 0.8, 5.5),
    (1_000.0, -0.4, 4.3),
    (1_250.0, -1.6, 3.0),
    (1_600.0, -2.7, 1.5),
    (2_000.0, -4.3, -0.2),
    (2_500.0, -6.3, -1.8),
    (3_150.0, -8.3, -3.4),
    (4_000.0, -10.4, -5.1),
    (5_000.0, -12.3, -6.5),
    (6_300.0, -14.2, -7.4),
    (8_000.0, -16.0, -7.9),
    (10_000.0, -18.4, -8.3),
    (12_500.0, -22.0, -10.0),
    (16_000.0, -24.1, -10.9),
];
/// The mean of these bands is the level others are compared with.
const REFERENCE_HZ: std::ops::RangeInclusive<f64> = 95.0..=8_100.0;
/// A band so far under the level is empty, not quiet: a lift would bring up noise.
const EMPTY_DB: f64 = -50.0;

/// How far a band lies outside the middle half: 0 within it, positive above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Deviation {
    pub(crate) hz: f64,
    pub(crate) db: f64,
    /// The level of the band over the track's own.
    pub(crate) level: f64,
}

/// The deviation of each band that can be judged, smoothed over an octave.
pub(crate) fn deviations(bands: &[Band]) -> Vec<Deviation> {
    let Some(level) = level(bands) else { return Vec::new() };
    let raw: Vec<Deviation> = bands
        .iter()
        .filter_map(|band| {
            let here = |(hz, ..): &&(f64, f64, f64)| (band.centre_hz / hz - 1.0).abs() < 0.05;
            let (hz, low, high) = MIDDLE_HALF.iter().find(here)?;
            let relative = band.level.0 - level;
            let outside = (relative - high).max(0.0) + (relative - low).min(0.0);
            let db = if relative < EMPTY_DB { 0.0 } else { outside };
            Some(Deviation { hz: *hz, db, level: relative })
        })
        .collect();
    (0..raw.len())
        .map(|n| {
            let near = &raw[n.saturating_sub(1)..(n + 2).min(raw.len())];
            let db = near.iter().map(|d| d.db).sum::<f64>() / near.len() as f64;
            Deviation { db, ..raw[n] }
        })
        .collect()
}

/// The mean level of the bands that carry a track, dB; none for silence.
pub(crate) fn level(bands: &[Band]) -> Option<f64> {
    let carrying: Vec<f64> = bands
        .iter()
        .filter(|band| REFERENCE_HZ.contains(&band.centre_hz))
        .map(|band| band.level.0)
        .collect();
    let mean = carrying.iter().sum::<f64>() / carrying.len().max(1) as f64;
    // A low rate has not all of them: then it is compared with what real music has in those.
    let middles: Vec<f64> = MIDDLE_HALF
        .iter()
        .filter(|(hz, ..)| REFERENCE_HZ.contains(hz))
        .map(|(_, low, high)| 0.5 * (low + high))
        .collect();
    let of = |count: usize| middles[..count].iter().sum::<f64>() / count.max(1) as f64;
    let missing = of(carrying.len().min(middles.len())) - of(middles.len());
    (!carrying.is_empty() && mean > -150.0).then_some(mean - missing)
}

/// What takes a track half-way back to the middle half: at most `limit_db`, reached softly. The
/// deepest bass and the highest air are never lifted: what is missing there was never recorded.
pub(crate) fn correction(deviations: &[Deviation], strength: f64, limit_db: f64) -> Vec<Wish> {
    const SHARE: f64 = 0.5;
    deviations
        .iter()
        .map(|d| {
            let wanted = -SHARE * strength * d.db;
            let wanted = if d.hz < 40.0 || d.hz > 14_000.0 { wanted.min(0.0) } else { wanted };
            Wish { hz: d.hz, db: limit_db * libm::tanh(wanted / limit_db) }
        })
        .collect()
}
