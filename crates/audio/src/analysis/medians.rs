//! Medians of 17 values, two at a time: neighbouring windows share 16 values, and the median of
//! those and one more is that one, held between the two middle ones of the 16.

/// Rows that two medians in time need: 17 and one more.
pub(super) const ROWS: usize = 18;
/// Bins on each side of a window in frequency, half of them even and half odd.
const REACH: usize = 8;

/// The median over rows 0 to 16 goes to `before`, over rows 1 to 17 to `after`, bin by bin.
pub(super) fn in_time(rows: &[&[f32]; ROWS], before: &mut [f32], after: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
        unsafe {
            in_time_avx2(rows, before, after);
        }
        return;
    }
    in_time_plain(rows, before, after);
}

/// The median over 17 bins around each bin of a row that holds the even bins before the odd ones;
/// at its ends the row is mirrored. `padded` is memory to work in.
pub(super) fn in_frequency(row: &[f32], padded: &mut Vec<f32>, out: &mut [f32]) {
    let half = row.len() / 2;
    let margin = REACH / 2;
    let at = |bin: usize| row[bin / 2 + (bin % 2) * half];
    let bins = row.len() as isize;
    // Mirrored about the outer edges of the first and the last bin.
    let mirrored = |bin: isize| {
        let bin = if bin < 0 { -1 - bin } else { bin };
        let bin = if bin >= bins { 2 * bins - 1 - bin } else { bin };
        at(bin.clamp(0, bins - 1) as usize)
    };
    padded.clear();
    for parity in [0, 1] {
        let outer = |n: usize| mirrored(2 * (n as isize - margin as isize) + parity as isize);
        padded.extend((0..margin).map(outer));
        padded.extend_from_slice(&row[parity * half..parity * half + half]);
        padded.extend((half + margin..half + 2 * margin).map(outer));
    }
    let (even, odd) = padded.split_at(half + 2 * margin);
    let (out_even, out_odd) = out.split_at_mut(half);
    // Around bin 2i: evens i-4 to i+4, odds i-4 to i+3; around 2i+1: odds to i+4, evens from i-3.
    let rows: [&[f32]; ROWS] = std::array::from_fn(|n| match n {
        0 => &even[..half],
        17 => &odd[2 * margin..],
        n if n % 2 == 1 => &odd[n / 2..n / 2 + half],
        n => &even[n / 2..n / 2 + half],
    });
    in_time(&rows, out_even, out_odd);
}

/// The plain kernel, compiled once more for wider registers. It only compares: same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn in_time_avx2(rows: &[&[f32]; ROWS], before: &mut [f32], after: &mut [f32]) {
    in_time_plain(rows, before, after);
}

#[inline(always)]
fn in_time_plain(rows: &[&[f32]; ROWS], before: &mut [f32], after: &mut [f32]) {
    let count = before.len();
    let after = &mut after[..count];
    let rows: [&[f32]; ROWS] = std::array::from_fn(|n| &rows[n][..count]);
    for n in 0..count {
        let low = sorted(std::array::from_fn(|k| rows[1 + k][n]));
        let high = sorted(std::array::from_fn(|k| rows[9 + k][n]));
        // Of two sorted eights the lesser of each and its opposite are the eight least.
        let (mut below, mut above) = (lesser(low[0], high[7]), greater(low[0], high[7]));
        for k in 1..8 {
            below = greater(below, lesser(low[k], high[7 - k]));
            above = lesser(above, greater(low[k], high[7 - k]));
        }
        before[n] = greater(below, lesser(rows[0][n], above));
        after[n] = greater(below, lesser(rows[17][n], above));
    }
}

/// Batcher's network for eight.
#[inline(always)]
fn sorted(mut v: [f32; 8]) -> [f32; 8] {
    const NETWORK: [(usize, usize); 19] = [
        (0, 1),
        (2, 3),
        (4, 5),
        (6, 7),
        (0, 2),
        (1, 3),
        (4, 6),
        (5, 7),
        (1, 2),
        (5, 6),
        (0, 4),
        (3, 7),
        (1, 5),
        (2, 6),
        (1, 4),
        (3, 6),
        (2, 4),
        (3, 5),
        (3, 4),
    ];
    for (a, b) in NETWORK {
        (v[a], v[b]) = (lesser(v[a], v[b]), greater(v[a], v[b]));
    }
    v
}

#[inline(always)]
fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::{ROWS, in_frequency, in_time, in_time_plain};
    use proptest::prelude::{any, prop, proptest};

    fn median(mut values: Vec<f32>) -> f32 {
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    }

    proptest! {
        #[test]
        fn medians_are_those_of_sorting(values in prop::collection::vec(any::<u16>(), ROWS * 37)) {
            let values: Vec<f32> = values.into_iter().map(f32::from).collect();
            let rows: [&[f32]; ROWS] = std::array::from_fn(|n| &values[n * 37..n * 37 + 37]);
            let mut out = [vec![0.0; 37], vec![0.0; 37]];
            let [before, after] = &mut out;
            in_time(&rows, before, after);
            for n in 0..37 {
                let column = |from: usize| rows[from..from + 17].iter().map(|r| r[n]).collect();
                assert_eq!((out[0][n], out[1][n]), (median(column(0)), median(column(1))));
            }
            let mut plain = [vec![0.0; 37], vec![0.0; 37]];
            let [before, after] = &mut plain;
            in_time_plain(&rows, before, after);
            assert_eq!(out, plain);
        }

        #[test]
        fn medians_over_bins_are_those_of_sorting(bins in prop::collection::vec(any::<u16>(), 60)) {
            let bins: Vec<f32> = bins.into_iter().map(f32::from).collect();
            let row: Vec<f32> =
                bins.iter().step_by(2).chain(bins.iter().skip(1).step_by(2)).copied().collect();
            let mut out = vec![0.0; 60];
            in_frequency(&row, &mut Vec::new(), &mut out);
            for bin in 0..60_isize {
                let around = (bin - 8..=bin + 8).map(|b| {
                    let b = if b < 0 { -1 - b } else if b >= 60 { 119 - b } else { b };
                    bins[b as usize]
                });
                let got = out[bin as usize / 2 + (bin as usize % 2) * 30];
                assert_eq!(got, median(around.collect()), "bin {bin}");
            }
        }
    }
}
