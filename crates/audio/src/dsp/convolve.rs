/// Outputs computed side by side; each has its own sum, so the width changes no bit.
const LANES: usize = 32;

/// out[n] = sum over t of taps[t] window[n + t], the sum in the order of the taps. `window` is at
/// least `taps` less one longer than `out`.
///
/// Inlined, so that a caller compiled for wider registers gets a copy in them.
#[inline(always)]
pub(crate) fn convolve(taps: &[f32], window: &[f32], out: &mut [f32]) {
    let whole = out.len() / LANES * LANES;
    let (lanes, rest) = out.split_at_mut(whole);
    for (block, out) in lanes.chunks_exact_mut(LANES).enumerate() {
        let mut sums = [0.0_f32; LANES];
        for (taps, start) in taps.iter().zip(block * LANES..) {
            let samples = &window[start..start + LANES];
            for lane in 0..LANES {
                sums[lane] += taps * samples[lane];
            }
        }
        out.copy_from_slice(&sums);
    }
    for (offset, out) in rest.iter_mut().enumerate() {
        let samples = &window[whole + offset..];
        *out = taps.iter().zip(samples).fold(0.0, |sum, (tap, sample)| sum + tap * sample);
    }
}
