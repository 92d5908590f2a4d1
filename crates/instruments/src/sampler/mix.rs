use super::reader::BLOCK;

/// Frames between two points of a voice's gain; between them it moves in a straight line.
pub(crate) const SEGMENT: usize = 16;
/// Gain points of a block, its start included.
pub(crate) const POINTS: usize = BLOCK / SEGMENT + 1;

/// Left and right gain.
pub(crate) type Gain = [f32; 2];

/// Adds a block of one voice to both sides.
pub(crate) fn mix(
    avx2: bool,
    points: &[Gain; POINTS],
    wave: &[f32],
    left: &mut [f32],
    right: &mut [f32],
) {
    #[cfg(target_arch = "x86_64")]
    if avx2 {
        return wide::mix(points, wave, left, right);
    }
    plain(points, wave, left, right);
}

#[inline(always)]
fn plain(points: &[Gain; POINTS], wave: &[f32], left: &mut [f32], right: &mut [f32]) {
    for (side, out) in [left, right].into_iter().enumerate() {
        let segments = wave.chunks(SEGMENT).zip(out.chunks_mut(SEGMENT));
        for (pair, (wave, out)) in points.windows(2).zip(segments) {
            let from = pair[0][side];
            let step = (pair[1][side] - from) * (1.0 / wave.len() as f32);
            // Whole segments have a length the compiler knows.
            match (<&[f32; SEGMENT]>::try_from(wave), <&mut [f32; SEGMENT]>::try_from(&mut *out)) {
                (Ok(wave), Ok(out)) => ramp(from, step, wave, out),
                _ => ramp(from, step, wave, out),
            }
        }
    }
}

#[inline(always)]
fn ramp(from: f32, step: f32, wave: &[f32], out: &mut [f32]) {
    for ((sample, out), n) in wave.iter().zip(out).zip(COUNT) {
        *out += sample * (from + step * n);
    }
}

/// 0, 1, 2 and so on, as numbers to multiply by.
const COUNT: [f32; SEGMENT] =
    [0., 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12., 13., 14., 15.];

/// The same code compiled for AVX2. Nothing is fused or reordered, so the bits are those of the
/// plain build.
#[cfg(target_arch = "x86_64")]
mod wide {
    #![expect(unsafe_code, reason = "the call into code compiled for AVX2")]

    use super::{Gain, POINTS, plain};

    pub(super) fn mix(points: &[Gain; POINTS], wave: &[f32], left: &mut [f32], right: &mut [f32]) {
        // SAFETY: the caller asks for this path only after detecting AVX2.
        unsafe { inner(points, wave, left, right) }
    }

    #[target_feature(enable = "avx2")]
    fn inner(points: &[Gain; POINTS], wave: &[f32], left: &mut [f32], right: &mut [f32]) {
        plain(points, wave, left, right);
    }
}
