use audio::dsp::{Biquad, PairFilter, kaiser, kaiser_beta, sinc};
use audio::{Layout, SampleRate};

use super::{Block, QUANTUM, pairs};
use crate::chain;

/// Taps between the samples: an image 80 dB down above 1.1 times half the rate.
const TAPS: usize = 24;
/// Up to twice the rate and down again.
pub(super) const LATENCY: usize = TAPS - 1;

/// What the filters hear before a quantum: a window for going up, another for coming down.
type Window = [f32; LATENCY + QUANTUM];

/// Adds harmonics, or nothing; delays by [`LATENCY`] in either case.
#[derive(Debug, Clone)]
pub(super) struct Exciter {
    /// Per pair what waits for its harmonics.
    waiting: Vec<[[f64; 2]; LATENCY]>,
    harmonics: Option<Harmonics>,
}

impl Exciter {
    pub(super) fn new(rate: SampleRate, layout: Layout, settings: Option<chain::Exciter>) -> Self {
        Self {
            waiting: vec![[[0.0; 2]; LATENCY]; pairs(layout)],
            harmonics: settings.map(|settings| Harmonics::new(rate, layout, settings)),
        }
    }

    #[inline(always)]
    pub(super) fn process(&mut self, sound: &mut [Block]) {
        for (pair, (block, waiting)) in sound.iter_mut().zip(&mut self.waiting).enumerate() {
            let fresh = *block;
            block[..LATENCY].copy_from_slice(waiting);
            block[LATENCY..].copy_from_slice(&fresh[..QUANTUM - LATENCY]);
            waiting.copy_from_slice(&fresh[QUANTUM - LATENCY..]);
            if let Some(harmonics) = &mut self.harmonics {
                harmonics.add(pair, &fresh, block);
            }
        }
    }

    pub(super) fn inherit(&mut self, earlier: &Self) {
        self.waiting.clone_from(&earlier.waiting);
        if let (Some(now), Some(before)) = (&mut self.harmonics, &earlier.harmonics) {
            now.filters.iter_mut().zip(&before.filters).for_each(|(now, then)| now.inherit(then));
            now.windows.clone_from(&before.windows);
        }
    }

    pub(super) fn settle(&mut self) {
        self.harmonics.iter_mut().for_each(|h| h.filters.iter_mut().for_each(PairFilter::settle));
    }
}

#[derive(Debug, Clone)]
struct Harmonics {
    drive: f32,
    mix: f32,
    /// The taps half-way between samples.
    taps: [f32; TAPS],
    filters: Vec<PairFilter>,
    /// Per pair and lane: the sound, and the curved sound half-way between.
    windows: Vec<[[Window; 2]; 2]>,
}

impl Harmonics {
    fn new(rate: SampleRate, layout: Layout, settings: chain::Exciter) -> Self {
        let amplitude = |db: f64| libm::pow(10.0, db / 20.0) as f32;
        let q = std::f64::consts::FRAC_1_SQRT_2;
        let filter = PairFilter::new(Biquad::matched_high_pass(rate, settings.above_hz, q));
        Self {
            drive: amplitude(settings.drive_db),
            mix: amplitude(settings.mix_db),
            taps: half_way(),
            filters: vec![filter; pairs(layout)],
            windows: vec![[[[0.0; LATENCY + QUANTUM]; 2]; 2]; pairs(layout)],
        }
    }

    /// Adds the harmonics of `fresh` to `late`, which is [`LATENCY`] behind it.
    #[inline(always)]
    fn add(&mut self, pair: usize, fresh: &Block, late: &mut Block) {
        let mut high = *fresh;
        super::equaliser::run([&mut self.filters[pair]], &mut high);
        for (lane, [sound, between]) in self.windows[pair].iter_mut().enumerate() {
            for (slot, frame) in sound[LATENCY..].iter_mut().zip(&high) {
                *slot = frame[lane] as f32;
            }
            let up = convolve(&self.taps, sound);
            for (slot, x) in between[LATENCY..].iter_mut().zip(up) {
                *slot = curve(x * self.drive);
            }
            let down = convolve(&self.taps, between);
            // Half of each: those on the samples, and those between, brought to the same place.
            let scale = 0.5 * self.mix / self.drive;
            for ((frame, on), between) in late.iter_mut().zip(&*sound).zip(down) {
                frame[lane] += f64::from(scale * (curve(on * self.drive) + between));
            }
            sound.copy_within(QUANTUM.., 0);
            between.copy_within(QUANTUM.., 0);
        }
    }
}

/// What is added to a wave: x - (x - x^3/3) = x^3/3, its fundamental a little and its third
/// harmonic; from full scale on it grows straight.
#[inline(always)]
fn curve(x: f32) -> f32 {
    let inside = x.clamp(-1.0, 1.0);
    (x - inside) + inside * inside * inside / 3.0
}

/// out[n] = sum over t of taps[t] window[n + t], in the order of the taps.
#[inline(always)]
fn convolve(taps: &[f32; TAPS], window: &Window) -> [f32; QUANTUM] {
    let mut out = [0.0_f32; QUANTUM];
    for (tap, start) in taps.iter().zip(0..) {
        let samples = &window[start..start + QUANTUM];
        for (sum, sample) in out.iter_mut().zip(samples) {
            *sum += tap * sample;
        }
    }
    out
}

/// A Kaiser-windowed sinc half a sample off, symmetric, of unit gain at DC.
fn half_way() -> [f32; TAPS] {
    let beta = kaiser_beta(80.0);
    let half = TAPS as f64 / 2.0;
    let row: [f64; TAPS] = std::array::from_fn(|tap| {
        let x = tap as f64 - (half - 0.5);
        sinc(x) * kaiser(x / half, beta)
    });
    let gain: f64 = row.iter().sum();
    row.map(|tap| (tap / gain) as f32)
}

#[cfg(test)]
mod tests {
    use super::{Exciter, LATENCY};
    use crate::chain;
    use crate::rack::{Block, QUANTUM};
    use audio::{Layout, SampleRate};

    /// The level of `hz` in a plane relative to full scale, dB.
    fn level(plane: &[f64], hz: f64) -> f64 {
        let (mut re, mut im, mut weight) = (0.0, 0.0, 0.0);
        for (n, x) in plane.iter().enumerate() {
            let at = n as f64 / plane.len() as f64;
            let hann = 0.5 - 0.5 * libm::cos(std::f64::consts::TAU * at);
            let turn = std::f64::consts::TAU * hz * n as f64 / 48_000.0;
            re += hann * x * libm::cos(turn);
            im += hann * x * libm::sin(turn);
            weight += hann;
        }
        20.0 * libm::log10(2.0 * (re * re + im * im).sqrt() / weight)
    }

    #[test]
    fn a_sine_gains_a_third_harmonic_and_nothing_folds_back() {
        let settings = chain::Exciter { above_hz: 2_000.0, drive_db: 6.0, mix_db: 0.0 };
        let mut exciter = Exciter::new(SampleRate::STUDIO, Layout::Mono, Some(settings));
        let mut out = Vec::new();
        for start in (0..48_000).step_by(QUANTUM) {
            let mut block: Block = [[0.0; 2]; QUANTUM];
            for (n, frame) in block.iter_mut().enumerate() {
                let turn = std::f64::consts::TAU * 5_000.0 * (start + n) as f64 / 48_000.0;
                frame[0] = 0.5 * libm::sin(turn);
            }
            exciter.process(std::slice::from_mut(&mut block));
            out.extend(block.map(|frame| frame[0]));
        }
        let steady = &out[4_800..43_200];
        let fundamental = level(steady, 5_000.0);
        assert!(level(steady, 15_000.0) > fundamental - 30.0, "{}", level(steady, 15_000.0));
        // Harmonics 5 to 11 would fold to these.
        for alias in [1_000.0, 3_000.0, 7_000.0, 11_000.0, 13_000.0, 17_000.0, 23_000.0] {
            let found = level(steady, alias) - fundamental;
            assert!(found < -90.0, "{alias} Hz: {found}");
        }
    }

    #[test]
    fn without_settings_it_is_a_delay() {
        let mut exciter = Exciter::new(SampleRate::STUDIO, Layout::Stereo, None);
        let mut block: Block = std::array::from_fn(|n| [n as f64, -(n as f64)]);
        exciter.process(std::slice::from_mut(&mut block));
        assert_eq!(block[LATENCY], [0.0, 0.0]);
        assert_eq!(block[LATENCY + 3], [3.0, -3.0]);
    }
}
