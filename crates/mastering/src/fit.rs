//! From a wanted curve to equaliser bands that draw it.

use audio::SampleRate;

use crate::chain::{Band, Shape};

/// A smaller lift or cut is left out, dB.
const LEAST_DB: f64 = 0.1;
/// Bells lean on each other; each round takes out most of what is left.
const ROUNDS: usize = 6;

/// What is wanted at a frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Wish {
    pub(crate) hz: f64,
    pub(crate) db: f64,
}

/// Bands at `centres` (rising, at least three) whose sum comes near to a curve given by its wishes
/// (rising in frequency): a low shelf, bells, a high shelf. No band goes beyond `limit_db`. What
/// lies above Nyquist is left out.
pub(crate) fn bands(
    rate: SampleRate,
    centres: &[f64],
    wishes: &[Wish],
    limit_db: f64,
) -> Vec<Band> {
    let reach = 0.45 * rate.hz_f64();
    let centres: Vec<f64> = centres.iter().copied().filter(|hz| *hz < reach).collect();
    let wishes: Vec<Wish> = wishes.iter().copied().filter(|wish| wish.hz < reach).collect();
    if centres.len() < 3 || wishes.is_empty() {
        return Vec::new();
    }
    let shapes: Vec<Shape> = (0..centres.len())
        .map(|n| match n {
            0 => Shape::LowShelf,
            n if n + 1 == centres.len() => Shape::HighShelf,
            _ => Shape::Bell,
        })
        .collect();
    let ratio = centres[centres.len() / 2] / centres[centres.len() / 2 - 1];
    let made = |n: usize, db: f64| match shapes[n] {
        // Between two bells a shelf begins half-way to its neighbour.
        Shape::LowShelf => Band::shelf(Shape::LowShelf, centres[n] * ratio.sqrt(), db),
        Shape::HighShelf => Band::shelf(Shape::HighShelf, centres[n] / ratio.sqrt(), db),
        _ => Band::bell(centres[n], sharpness(ratio), db),
    };
    // How a band of 1 dB lifts each place; shapes are nearly alike at other gains.
    let unit: Vec<Vec<f64>> = (0..centres.len())
        .map(|n| wishes.iter().map(|wish| response(rate, &[made(n, 1.0)], wish.hz)).collect())
        .collect();
    let mut gains = vec![0.0; centres.len()];
    for _ in 0..ROUNDS {
        let drawn: Vec<Band> = chosen(&gains, &made);
        let left: Vec<f64> =
            wishes.iter().map(|wish| wish.db - response(rate, &drawn, wish.hz)).collect();
        for (gain, step) in gains.iter_mut().zip(least_squares(&unit, &left)) {
            *gain = (*gain + step).clamp(-limit_db, limit_db);
        }
    }
    chosen(&gains, &made)
}

/// The sum of bands at a frequency, dB. Dynamic bands count as what they do at rest: nothing.
pub(crate) fn response(rate: SampleRate, bands: &[Band], hz: f64) -> f64 {
    bands
        .iter()
        .filter(|band| band.dynamic.is_none())
        .map(|band| 20.0 * libm::log10(band.design(rate).magnitude(rate, hz)))
        .sum()
}

fn chosen(gains: &[f64], made: &impl Fn(usize, f64) -> Band) -> Vec<Band> {
    let loud = |(n, db): (usize, &f64)| (db.abs() >= LEAST_DB).then(|| made(n, *db));
    gains.iter().enumerate().filter_map(loud).collect()
}

/// The Q of a bell that falls to half its decibels where its neighbour's does.
fn sharpness(ratio: f64) -> f64 {
    ratio.sqrt() / (ratio - 1.0)
}

/// The steps that come nearest to what is left: normal equations, with a little weight on small
/// steps so that bands that see the same places share the work.
fn least_squares(unit: &[Vec<f64>], left: &[f64]) -> Vec<f64> {
    const RIDGE: f64 = 0.02;
    let count = unit.len();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut rows: Vec<Vec<f64>> = (0..count)
        .map(|i| {
            let mut row: Vec<f64> = (0..count).map(|j| dot(&unit[i], &unit[j])).collect();
            row[i] += RIDGE;
            row.push(dot(&unit[i], left));
            row
        })
        .collect();
    // Positive definite: elimination needs no pivots.
    for i in 0..count {
        let pivot = rows[i].clone();
        for (j, row) in rows.iter_mut().enumerate().filter(|(j, _)| *j != i) {
            let factor = row[i] / pivot[i];
            debug_assert!(factor.is_finite(), "row {j}");
            for (value, above) in row.iter_mut().zip(&pivot) {
                *value -= factor * above;
            }
        }
    }
    (0..count).map(|i| rows[i][count] / rows[i][i]).collect()
}

#[cfg(test)]
mod tests {
    use super::{Wish, bands, response};
    use audio::SampleRate;

    fn third_octaves() -> impl Iterator<Item = f64> {
        (-16..=13).map(|k| 1_000.0 * libm::pow(2.0, f64::from(k) / 3.0))
    }

    #[test]
    fn a_smooth_curve_is_drawn_at_every_rate() {
        let octaves: Vec<f64> = (-4..=4).map(|k| 1_000.0 * libm::pow(2.0, f64::from(k))).collect();
        for hz in [44_100, 48_000, 96_000] {
            let rate = SampleRate::new(hz).unwrap();
            let wishes: Vec<Wish> = third_octaves()
                .map(|hz| Wish { hz, db: 3.0 * libm::sin(libm::log(hz / 30.0) * 0.9) })
                .collect();
            let drawn = bands(rate, &octaves, &wishes, 6.0);
            for wish in wishes.iter().filter(|wish| (40.0..15_000.0).contains(&wish.hz)) {
                let off = response(rate, &drawn, wish.hz) - wish.db;
                assert!(off.abs() < 1.0, "{rate} {:.0}: {off:.2}", wish.hz);
            }
        }
    }

    #[test]
    fn third_octaves_follow_a_jagged_curve() {
        let centres: Vec<f64> = third_octaves().collect();
        let wishes: Vec<Wish> = third_octaves()
            .enumerate()
            .map(|(n, hz)| Wish { hz, db: [6.0, 3.0, -2.0, -5.0, 1.0][n % 5] })
            .collect();
        let rate = SampleRate::STUDIO;
        let drawn = bands(rate, &centres, &wishes, 18.0);
        for wish in &wishes[2..wishes.len() - 2] {
            let off = response(rate, &drawn, wish.hz) - wish.db;
            assert!(off.abs() < 0.5, "{:.0}: {off:.2}", wish.hz);
        }
    }

    #[test]
    fn nothing_is_drawn_for_nothing() {
        let wishes: Vec<Wish> = third_octaves().map(|hz| Wish { hz, db: 0.0 }).collect();
        let centres: Vec<f64> = third_octaves().collect();
        assert!(bands(SampleRate::STUDIO, &centres, &wishes, 4.0).is_empty());
        assert!(bands(SampleRate::STUDIO, &centres, &[], 4.0).is_empty());
    }
}
