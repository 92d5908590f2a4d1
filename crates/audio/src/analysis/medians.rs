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

/// Written out over plain slices of one length: so the compiler takes many bins at a time.
#[inline(always)]
fn in_time_plain(rows: &[&[f32]; ROWS], before: &mut [f32], after: &mut [f32]) {
    let count = before.len();
    let after = &mut after[..count];
    let cut = |n: usize| &rows[n][..count];
    let (r0, r1, r2, r3, r4, r5) = (cut(0), cut(1), cut(2), cut(3), cut(4), cut(5));
    let (r6, r7, r8, r9, r10, r11) = (cut(6), cut(7), cut(8), cut(9), cut(10), cut(11));
    let (r12, r13, r14, r15, r16, r17) = (cut(12), cut(13), cut(14), cut(15), cut(16), cut(17));
    for n in 0..count {
        let [a0, a1, a2, a3, a4, a5, a6, a7] =
            sorted([r1[n], r2[n], r3[n], r4[n], r5[n], r6[n], r7[n], r8[n]]);
        let [b0, b1, b2, b3, b4, b5, b6, b7] =
            sorted([r9[n], r10[n], r11[n], r12[n], r13[n], r14[n], r15[n], r16[n]]);
        // Of two sorted eights the lesser of each and its opposite are the eight least.
        let below = greater(
            greater(
                greater(lesser(a0, b7), lesser(a1, b6)),
                greater(lesser(a2, b5), lesser(a3, b4)),
            ),
            greater(
                greater(lesser(a4, b3), lesser(a5, b2)),
                greater(lesser(a6, b1), lesser(a7, b0)),
            ),
        );
        let above = lesser(
            lesser(
                lesser(greater(a0, b7), greater(a1, b6)),
                lesser(greater(a2, b5), greater(a3, b4)),
            ),
            lesser(
                lesser(greater(a4, b3), greater(a5, b2)),
                lesser(greater(a6, b1), greater(a7, b0)),
            ),
        );
        before[n] = greater(below, lesser(r0[n], above));
        after[n] = greater(below, lesser(r17[n], above));
    }
}

/// Batcher's network for eight.
#[inline(always)]
fn sorted([a, b, c, d, e, f, g, h]: [f32; 8]) -> [f32; 8] {
    let ([a, b], [c, d], [e, f], [g, h]) = (pair(a, b), pair(c, d), pair(e, f), pair(g, h));
    let ([a, c], [b, d], [e, g], [f, h]) = (pair(a, c), pair(b, d), pair(e, g), pair(f, h));
    let ([b, c], [f, g], [a, e], [d, h]) = (pair(b, c), pair(f, g), pair(a, e), pair(d, h));
    let ([b, f], [c, g]) = (pair(b, f), pair(c, g));
    let ([b, e], [d, g]) = (pair(b, e), pair(d, g));
    let ([c, e], [d, f]) = (pair(c, e), pair(d, f));
    let [d, e] = pair(d, e);
    [a, b, c, d, e, f, g, h]
}

#[inline(always)]
fn pair(a: f32, b: f32) -> [f32; 2] {
    [lesser(a, b), greater(a, b)]
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
