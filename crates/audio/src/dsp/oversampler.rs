use super::window::{kaiser, kaiser_beta, sinc};
use crate::loudness::Oversampling;

/// A polyphase interpolator that looks between samples without ever writing the finer signal.
///
/// Sums run over the taps in one fixed order for every output, so the AVX2 build of the kernel
/// gives the same bits as the plain one.
#[derive(Debug, Clone)]
pub struct Oversampler {
    /// One row of taps per phase, in time order; rows of a linear-phase filter at fractional
    /// delays. The phase that falls on the samples themselves is left out and read directly.
    phases: Vec<Vec<f32>>,
    taps: usize,
    /// Whether the original samples belong to the fine grid too.
    on_grid: bool,
    /// The largest sum of magnitudes of a phase: no output exceeds it times the input's peak.
    bound: f32,
}

impl Oversampler {
    /// The filter for a factor.
    pub fn new(oversampling: Oversampling) -> Self {
        let (phases, on_grid) = match oversampling {
            Oversampling::Four => (standard_phases(), false),
            Oversampling::Eight => (sinc_phases(8, 32, 70.0), true),
            Oversampling::Sixteen => (sinc_phases(16, 64, 90.0), true),
        };
        let taps = phases[0].len();
        let bound =
            phases.iter().map(|row| row.iter().map(|c| c.abs()).sum::<f32>()).fold(1.0, f32::max);
        Self { phases, taps, on_grid, bound }
    }

    /// How many samples before a block the filter still hears: taps - 1.
    pub fn history(&self) -> usize {
        self.taps - 1
    }

    /// How far the fine grid lags behind the newest sample, in samples.
    pub fn delay(&self) -> usize {
        self.taps / 2
    }

    /// No interpolated value exceeds this times the largest sample around it.
    pub fn bound(&self) -> f32 {
        self.bound
    }

    /// The largest magnitude on the fine grid; `window` is [`Self::history`] samples and the block.
    pub fn peak(&self, window: &[f32]) -> f32 {
        let mut out = [0.0_f32; LANES * 4];
        let mut peak = 0.0_f32;
        let length = window.len() - self.history();
        let mut at = 0;
        while at < length {
            let count = out.len().min(length - at);
            let out = &mut out[..count];
            out.fill(0.0);
            self.peaks_into(&window[at..at + count + self.history()], out);
            peak = out.iter().fold(peak, |p, v| if *v > p { *v } else { p });
            at += count;
        }
        peak
    }

    /// For every sample of the block, the largest magnitude on the fine grid in the step that
    /// lies [`Self::delay`] samples back, is kept in `out` if it exceeds what is there.
    /// `window` is [`Self::history`] samples longer than `out`.
    pub fn peaks_into(&self, window: &[f32], out: &mut [f32]) {
        assert_eq!(window.len(), out.len() + self.history(), "window and block disagree");
        if self.on_grid {
            for (out, sample) in out.iter_mut().zip(&window[self.taps - 1 - self.delay()..]) {
                let magnitude = sample.abs();
                *out = if magnitude > *out { magnitude } else { *out };
            }
        }
        for phase in &self.phases {
            keep_peaks(phase, window, out);
        }
    }
}

/// Outputs computed side by side; each has its own sum, so the width changes no bit.
const LANES: usize = 16;

fn keep_peaks(taps: &[f32], window: &[f32], out: &mut [f32]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
        unsafe {
            keep_peaks_avx2(taps, window, out);
        }
        return;
    }
    keep_peaks_plain(taps, window, out);
}

/// The plain kernel, compiled once more for wider registers. No contraction: same bits.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn keep_peaks_avx2(taps: &[f32], window: &[f32], out: &mut [f32]) {
    keep_peaks_plain(taps, window, out);
}

#[inline(always)]
fn keep_peaks_plain(taps: &[f32], window: &[f32], out: &mut [f32]) {
    let whole = out.len() / LANES * LANES;
    let (lanes, rest) = out.split_at_mut(whole);
    for (block, out) in lanes.chunks_exact_mut(LANES).enumerate() {
        let start = block * LANES;
        let mut sums = [0.0_f32; LANES];
        for (tap, coefficient) in taps.iter().enumerate() {
            let samples = &window[start + tap..start + tap + LANES];
            for lane in 0..LANES {
                sums[lane] += coefficient * samples[lane];
            }
        }
        for lane in 0..LANES {
            let magnitude = sums[lane].abs();
            out[lane] = if magnitude > out[lane] { magnitude } else { out[lane] };
        }
    }
    for (offset, out) in rest.iter_mut().enumerate() {
        let mut sum = 0.0_f32;
        for (tap, coefficient) in taps.iter().enumerate() {
            sum += coefficient * window[whole + offset + tap];
        }
        let magnitude = sum.abs();
        *out = if magnitude > *out { magnitude } else { *out };
    }
}

/// BS.1770-5 annex 2, table of the order-48, 4-phase interpolator. Phases 2 and 3 are phases 1
/// and 0 reversed.
fn standard_phases() -> Vec<Vec<f32>> {
    const PHASE_0: [f32; 12] = [
        0.001_708_984_4,
        0.010_986_328,
        -0.019_653_32,
        0.033_203_125,
        -0.059_448_242,
        0.137_329_1,
        0.972_167_97,
        -0.102_294_92,
        0.047_607_42,
        -0.026_611_328,
        0.014_892_578,
        -0.008_300_781,
    ];
    const PHASE_1: [f32; 12] = [
        -0.029_174_805,
        0.029_296_875,
        -0.051_757_812,
        0.089_111_33,
        -0.166_503_9,
        0.465_087_9,
        0.779_785_16,
        -0.200_317_38,
        0.101_562_5,
        -0.058_227_54,
        0.033_081_055,
        -0.018_920_898,
    ];
    let reversed = |row: &[f32; 12]| row.iter().rev().copied().collect::<Vec<_>>();
    // Rows are applied in time order, so the printed order (newest sample first) is turned round.
    vec![reversed(&PHASE_0), reversed(&PHASE_1), PHASE_1.to_vec(), PHASE_0.to_vec()]
}

/// Kaiser-windowed sinc rows for the fractional positions k / factor, k = 1 .. factor - 1, each
/// scaled to unit gain at DC.
fn sinc_phases(factor: usize, taps: usize, attenuation_db: f64) -> Vec<Vec<f32>> {
    let beta = kaiser_beta(attenuation_db);
    let half = taps as f64 / 2.0;
    (1..factor)
        .map(|phase| {
            // Tap t sits at integer time t - (taps - 1 - delay) around the step being looked at.
            let fraction = phase as f64 / factor as f64;
            let row: Vec<f64> = (0..taps)
                .map(|tap| {
                    let x = tap as f64 - (half - 1.0) - fraction;
                    sinc(x) * kaiser(x / half, beta)
                })
                .collect();
            let gain: f64 = row.iter().sum();
            row.iter().map(|c| (c / gain) as f32).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Oversampler, keep_peaks, keep_peaks_plain};
    use crate::loudness::Oversampling;
    use proptest::prelude::{any, prop, proptest};

    fn sine(cycles_per_sample: f64, phase: f64, length: usize) -> Vec<f32> {
        (0..length)
            .map(|n| {
                libm::sin(std::f64::consts::TAU * (cycles_per_sample * n as f64 + phase)) as f32
            })
            .collect()
    }

    #[test]
    fn the_fine_grids_find_the_crest_of_a_quarter_rate_sine() {
        // Sampled at 45 degrees a sine of a quarter of the rate shows 0.7071 only.
        let tone = sine(0.25, 0.125, 2_000);
        for (factor, low, high) in [
            (Oversampling::Four, 0.98, 1.01),
            (Oversampling::Eight, 0.999, 1.001),
            (Oversampling::Sixteen, 0.9999, 1.0001),
        ] {
            let oversampler = Oversampler::new(factor);
            let steady = &tone[100..1_900];
            let peak = oversampler.peak(steady);
            assert!(peak > low && peak < high, "{factor:?} reads {peak}");
        }
    }

    proptest! {
        #[test]
        fn wide_registers_change_no_bit(block in prop::collection::vec(-2.0_f32..2.0, 40..400), taps in prop::collection::vec(-1.0_f32..1.0, 1..33), floor in any::<bool>()) {
            let length = block.len() - (taps.len() - 1);
            let start = if floor { 0.5 } else { 0.0 };
            let (mut wide, mut plain) = (vec![start; length], vec![start; length]);
            keep_peaks(&taps, &block, &mut wide);
            keep_peaks_plain(&taps, &block, &mut plain);
            assert_eq!(wide, plain);
        }
    }
}
