use super::mix::{Gain, HALF, POINTS, SEGMENT, Sums};
use super::reader::BLOCK;

/// Voices filtered side by side, one per vector lane: two vectors, so that one is
/// worked on while the other waits for its last result.
pub(crate) const LANES: usize = 2 * HALF;

/// A two-pole low-pass as a trapezoidal state-variable filter (Zavalishin 2012): it stays stable
/// however fast its cutoff moves.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Coefficients {
    a1: f32,
    a2: f32,
    a3: f32,
    gain: f32,
}

/// What a filter remembers between blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    first: f32,
    second: f32,
}

/// One voice's turn in a batch: where its block lies, how its filter and its gain move over it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lane {
    pub(crate) voice: usize,
    pub(crate) memory: Memory,
    pub(crate) from: Coefficients,
    pub(crate) to: Coefficients,
    pub(crate) points: [Gain; POINTS],
}

impl Coefficients {
    /// From a cutoff in Hz and a resonance in centibels above the gain at 0 Hz (section 8.1.2,
    /// generator 9): the gain at 0 Hz is half the resonance below unity, the peak stands the whole
    /// resonance above that, and a resonance of 0 gives the flattest curve, 3 dB down at the
    /// cutoff.
    pub(crate) fn new(cutoff: f32, resonance: f32, rate: f32) -> Self {
        let decibels = resonance * 0.1;
        let q = quality(decibels);
        let g = libm::tanf(std::f32::consts::PI * (cutoff / rate).min(0.49));
        let a1 = 1.0 / (1.0 + g * (g + 1.0 / q));
        let a2 = g * a1;
        Self { a1, a2, a3: g * a2, gain: crate::exponent::attenuated(decibels * 0.5) }
    }
}

/// The Q of a two-pole low-pass whose peak stands so many decibels above its gain at 0 Hz.
///
/// The square of that height is p = q^4 / (q^2 - 1/4); solved for q it is continuous down to a
/// height of nothing, where q is the square root of a half.
fn quality(decibels: f32) -> f32 {
    let p = crate::exponent::attenuated(-2.0 * decibels).max(1.0);
    libm::sqrtf(0.5 * (p + libm::sqrtf(p * (p - 1.0))))
}

/// Filters one block of up to sixteen voices and adds them to the sums. Lanes do not hear each
/// other, so a voice sounds the same in any company.
pub(crate) fn batch(
    avx2: bool,
    lanes: &mut [Lane],
    waves: &[[f32; BLOCK]],
    sums: &mut Sums,
    length: usize,
) {
    #[cfg(target_arch = "x86_64")]
    if avx2 {
        return wide::batch(lanes, waves, sums, length);
    }
    plain(lanes, waves, sums, length);
}

#[inline(always)]
fn plain(lanes: &mut [Lane], waves: &[[f32; BLOCK]], sums: &mut Sums, length: usize) {
    let mut turned = [[0.0; LANES]; BLOCK];
    for (lane, voice) in lanes.iter().enumerate() {
        for (row, sample) in turned[..length].iter_mut().zip(&waves[voice.voice]) {
            row[lane] = *sample;
        }
    }
    let mut state = State::gather(lanes, length);
    // Adding a step of zero changes nothing, so leaving it out gives the same bits sooner.
    if state.step == [[0.0; LANES]; 4] {
        state.run::<false>(&mut turned[..length]);
    } else {
        state.run::<true>(&mut turned[..length]);
    }
    for (lane, voice) in lanes.iter_mut().enumerate() {
        voice.memory = Memory { first: state.first[lane], second: state.second[lane] };
    }
    for (segment, rows) in turned[..length].chunks(SEGMENT).enumerate() {
        for side in 0..2 {
            let (mut gains, mut steps) = ([0.0; LANES], [0.0; LANES]);
            for (lane, voice) in lanes.iter().enumerate() {
                let (from, to) = (voice.points[segment][side], voice.points[segment + 1][side]);
                gains[lane] = from;
                steps[lane] = (to - from) * (1.0 / rows.len() as f32);
            }
            for (row, sum) in rows.iter().zip(&mut sums.side(side)[segment * SEGMENT..]) {
                for n in 0..HALF {
                    sum[n] += row[n] * gains[n] + row[n + HALF] * gains[n + HALF];
                }
                for (gain, step) in gains.iter_mut().zip(steps) {
                    *gain += step;
                }
            }
        }
    }
}

/// The filters of a batch, field by field.
#[derive(Debug, Default)]
struct State {
    first: [f32; LANES],
    second: [f32; LANES],
    now: [[f32; LANES]; 4],
    step: [[f32; LANES]; 4],
}

impl State {
    #[inline(always)]
    fn gather(lanes: &[Lane], length: usize) -> Self {
        let mut state = Self::default();
        let share = 1.0 / length as f32;
        for (lane, voice) in lanes.iter().enumerate() {
            state.first[lane] = voice.memory.first;
            state.second[lane] = voice.memory.second;
            let from = [voice.from.a1, voice.from.a2, voice.from.a3, voice.from.gain];
            let to = [voice.to.a1, voice.to.a2, voice.to.a3, voice.to.gain];
            for field in 0..4 {
                state.now[field][lane] = from[field];
                state.step[field][lane] = (to[field] - from[field]) * share;
            }
        }
        state
    }

    #[inline(always)]
    fn run<const MOVING: bool>(&mut self, rows: &mut [[f32; LANES]]) {
        let (mut first, mut second) = (self.first, self.second);
        let [mut a1, mut a2, mut a3, mut gain] = self.now;
        for row in rows {
            for lane in 0..LANES {
                let v3 = row[lane] - second[lane];
                let v1 = a1[lane] * first[lane] + a2[lane] * v3;
                let v2 = second[lane] + a2[lane] * first[lane] + a3[lane] * v3;
                first[lane] = 2.0 * v1 - first[lane];
                second[lane] = 2.0 * v2 - second[lane];
                row[lane] = v2 * gain[lane];
                if MOVING {
                    a1[lane] += self.step[0][lane];
                    a2[lane] += self.step[1][lane];
                    a3[lane] += self.step[2][lane];
                    gain[lane] += self.step[3][lane];
                }
            }
        }
        self.first = first;
        self.second = second;
    }
}

/// The same code compiled for AVX2: one vector per field. Nothing is fused or reordered, so the
/// bits are those of the plain build.
#[cfg(target_arch = "x86_64")]
mod wide {
    #![expect(unsafe_code, reason = "the call into code compiled for AVX2")]

    use super::{BLOCK, Lane, Sums, plain};

    pub(super) fn batch(
        lanes: &mut [Lane],
        waves: &[[f32; BLOCK]],
        sums: &mut Sums,
        length: usize,
    ) {
        // SAFETY: the caller asks for this path only after detecting AVX2.
        unsafe { inner(lanes, waves, sums, length) }
    }

    #[target_feature(enable = "avx2")]
    fn inner(lanes: &mut [Lane], waves: &[[f32; BLOCK]], sums: &mut Sums, length: usize) {
        plain(lanes, waves, sums, length);
    }
}
