use super::convolve::convolve;
use super::window::{kaiser, kaiser_beta, sinc};
use crate::loudness::Oversampling;

/// A polyphase interpolator that looks between samples without ever writing the finer signal.
///
/// Sums run over the taps in one fixed order for every output, so the AVX2 build of the kernel
/// gives the same bits as the plain one.
#[derive(Debug, Clone)]
pub struct Oversampler {
    /// One row of taps per phase, in time order; rows of a linear-phase filter at fractional
    /// delays. A grid that holds the samples themselves begins with them, as a row of its own
    /// that is read directly.
    phases: Vec<Vec<f32>>,
    taps: usize,
    crests: Crests,
}

/// How the crest of the wave is read off the fine grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Crests {
    /// The largest point, as BS.1770-5 annex 2 has it. It lies up to 0.55 dB low at 4x.
    Points,
    /// The vertex of the parabola through each crest and its neighbours. The samples are on the
    /// grid.
    Parabolas,
}

impl Oversampler {
    /// The filter for a factor.
    pub fn new(oversampling: Oversampling) -> Self {
        let (phases, crests) = match oversampling {
            Oversampling::Four => (standard_phases(), Crests::Points),
            Oversampling::Eight => (sinc_phases(8, 48, 60.0), Crests::Parabolas),
            Oversampling::Sixteen => (sinc_phases(16, 64, 90.0), Crests::Parabolas),
        };
        Self { taps: phases[0].len(), phases, crests }
    }

    /// How many samples before a block the filter still hears.
    pub fn history(&self) -> usize {
        // A parabola at the block's first point leans on the point before it.
        if self.crests == Crests::Parabolas { self.taps } else { self.taps - 1 }
    }

    /// How far the fine grid lags behind the newest sample, in samples.
    pub fn delay(&self) -> usize {
        self.taps / 2
    }

    /// Frames looked at together, so that what is computed for them is whole registers.
    fn chunk(&self) -> usize {
        match self.crests {
            Crests::Points => CHUNK,
            // One more point is computed, the one before the chunk.
            Crests::Parabolas => CHUNK - 1,
        }
    }

    /// The largest magnitude on the fine grid; `window` is [`Self::history`] samples and the block.
    pub fn peak(&self, window: &[f32]) -> f32 {
        let mut peaks = [0.0_f32; ROW];
        let chunk = self.chunk();
        let mut peak = 0.0_f32;
        let length = window.len() - self.history();
        for start in (0..length).step_by(chunk) {
            let count = chunk.min(length - start);
            let peaks = &mut peaks[..count];
            peaks.fill(0.0);
            self.peaks_into(&window[start..start + count + self.history()], peaks);
            peak = peaks.iter().fold(peak, |p, v| larger(p, *v));
        }
        peak
    }

    /// For every sample of the block, the largest magnitude on the fine grid in the step that
    /// begins [`Self::delay`] samples back, is kept in `out` if it exceeds what is there.
    /// `window` is [`Self::history`] samples longer than `out`.
    pub fn peaks_into(&self, window: &[f32], out: &mut [f32]) {
        assert_eq!(window.len(), out.len() + self.history(), "window and block disagree");
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
            unsafe {
                self.peaks_avx2(window, out);
            }
            return;
        }
        self.peaks_plain(window, out);
    }

    /// The plain kernel, compiled once more for wider registers. No contraction: same bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn peaks_avx2(&self, window: &[f32], out: &mut [f32]) {
        self.peaks_plain(window, out);
    }

    #[inline(always)]
    fn peaks_plain(&self, window: &[f32], out: &mut [f32]) {
        let history = self.history();
        let size = self.chunk();
        for (chunk, out) in out.chunks_mut(size).enumerate() {
            let start = chunk * size;
            let window = &window[start..start + out.len() + history];
            match self.crests {
                Crests::Points => {
                    let mut row = [0.0_f32; ROW];
                    for taps in &self.phases {
                        convolve(taps, window, &mut row[..out.len()]);
                        for (out, value) in out.iter_mut().zip(&row) {
                            *out = larger(*out, value.abs());
                        }
                    }
                }
                Crests::Parabolas => self.crests_of_chunk(window, out),
            }
        }
    }

    /// Rows of the fine grid: row 0 the samples, row k the k-th phase between them. Each begins
    /// one step early.
    #[inline(always)]
    fn crests_of_chunk(&self, window: &[f32], out: &mut [f32]) {
        let (count, factor) = (out.len(), self.phases.len() + 1);
        let mut rows = [[0.0_f32; ROW]; MAX_FACTOR];
        let first = self.taps - 1 - self.delay();
        rows[0][..count + 2].copy_from_slice(&window[first..first + count + 2]);
        for (taps, row) in self.phases.iter().zip(&mut rows[1..]) {
            convolve(taps, window, &mut row[..=count]);
        }
        for phase in 0..factor {
            let here = &rows[phase][1..=count];
            let before =
                if phase == 0 { &rows[factor - 1][..count] } else { &rows[phase - 1][1..=count] };
            let after = if phase + 1 == factor {
                &rows[0][2..count + 2]
            } else {
                &rows[phase + 1][1..=count]
            };
            for n in 0..count {
                out[n] = larger(out[n], crest(before[n], here[n], after[n]));
            }
        }
    }
}

/// Frames looked at together at most: the rows of the finest grid stay in the first cache.
const CHUNK: usize = 128;
/// A row holds a chunk, the step before it and the one after, in whole registers.
const ROW: usize = CHUNK + 8;
/// The finest grid.
const MAX_FACTOR: usize = 16;

#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The magnitude at the vertex of the parabola through three points, where the middle one is a
/// crest; else the magnitude of the middle one.
#[inline(always)]
fn crest(before: f32, here: f32, after: f32) -> f32 {
    let (slope, bend) = (after - before, 2.0 * here - after - before);
    let is_crest = slope.abs() <= bend.abs() && here * bend > 0.0;
    let lift = slope * slope / (8.0 * bend.abs());
    here.abs() + if is_crest { lift } else { 0.0 }
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
    use super::Oversampler;
    use crate::loudness::Oversampling;
    use proptest::prelude::{prop, proptest};

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
            (Oversampling::Eight, 0.9995, 1.0005),
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
        fn wide_registers_change_no_bit(block in prop::collection::vec(-2.0_f32..2.0, 70..400), which in 0_usize..3) {
            let factor = [Oversampling::Four, Oversampling::Eight, Oversampling::Sixteen][which];
            let oversampler = Oversampler::new(factor);
            let length = block.len() - oversampler.history();
            let (mut wide, mut plain) = (vec![0.0; length], vec![0.0; length]);
            oversampler.peaks_into(&block, &mut wide);
            oversampler.peaks_plain(&block, &mut plain);
            assert_eq!(wide, plain);
        }
    }
}
