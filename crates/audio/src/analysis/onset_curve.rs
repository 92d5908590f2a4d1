use crate::analysis::frames::PowerFrames;
use crate::analysis::spectrum::nearest_power_of_two;

/// Values a second.
pub(super) const CURVE_HZ: f64 = 100.0;
/// Length of a window, seconds, to the nearest power of two samples.
const WINDOW_S: f64 = 0.046;
/// Bands, evenly spaced in logarithm between these two.
const BANDS: usize = 24;
const LOW_HZ: f64 = 40.0;
const TOP_HZ: f64 = 8_000.0;
/// How far a rise looks back, windows.
const BACK: usize = 2;
/// The level that rises are told against sinks to 1/e in this time, seconds.
const MEMORY_S: f64 = 5.0;
/// Amplitude that counts as loud against that level, for the logarithm.
const COMPRESSION: f64 = 20.0;
/// A rise under this, logarithmic amplitude, is the flutter of noise and of beating partials.
const FLUTTER: f64 = 0.15;

/// The rise of the spectrum, 100 times a second: half-wave rectified flux of logarithmic band
/// amplitudes (Bello et al. 2005; Boeck and Widmer 2013), mean over bands. Amplitudes are told
/// against the loudest of the last seconds, so gain changes nothing.
#[derive(Debug, Clone)]
pub(super) struct OnsetCurve {
    frames: PowerFrames,
    rise: Rise,
    /// From the start of a window to the moment its rise tells of, seconds.
    centre_s: f64,
}

#[derive(Debug, Clone)]
struct Rise {
    /// First bin of each band, and the end of the last.
    edges: Vec<usize>,
    /// Logarithmic amplitudes of the last windows, a ring.
    levels: [Vec<f64>; BACK],
    heard: usize,
    reference: f64,
    decay: f64,
    curve: Vec<f32>,
}

/// The finished curve.
#[derive(Debug, Clone, Default)]
pub(super) struct Rises {
    /// Mean rise over the bands, natural logarithm of amplitude.
    pub(super) values: Vec<f32>,
    /// The time that value 0 tells of, seconds.
    pub(super) start_s: f64,
}

impl OnsetCurve {
    pub(super) fn new(rate_hz: f64) -> Self {
        let size = nearest_power_of_two(WINDOW_S * rate_hz).max(64);
        let bin_hz = rate_hz / size as f64;
        let step = libm::log(TOP_HZ / LOW_HZ) / BANDS as f64;
        let mut edges: Vec<usize> = Vec::new();
        for band in 0..=BANDS {
            let edge = (LOW_HZ * libm::exp(step * band as f64) / bin_hz).round() as usize;
            let edge = edge.max(edges.last().map_or(1, |last| last + 1));
            if edge <= size / 2 {
                edges.push(edge);
            }
        }
        let bands = edges.len() - 1;
        let rise = Rise {
            edges,
            levels: [(); BACK].map(|()| vec![0.0; bands]),
            heard: 0,
            reference: 0.0,
            decay: libm::exp(-1.0 / (MEMORY_S * CURVE_HZ)),
            curve: Vec::new(),
        };
        let frames = PowerFrames::new(size, rate_hz / CURVE_HZ, size / 2);
        // A rise is greatest when the onset enters the heart of the newer window.
        let centre_s = 0.5 * size as f64 / rate_hz;
        Self { frames, rise, centre_s }
    }

    pub(super) fn push(&mut self, mono: &[f32]) {
        let rise = &mut self.rise;
        self.frames.push(mono, |power| rise.push(power));
    }

    pub(super) fn finish(mut self) -> Rises {
        let rise = &mut self.rise;
        self.frames.finish(|power| rise.push(power));
        Rises { values: self.rise.curve, start_s: self.centre_s }
    }
}

impl Rise {
    fn push(&mut self, power: &[f32]) {
        let bands = self.edges.len() - 1;
        let mut amplitudes = [0.0_f64; BANDS];
        for (amplitude, edges) in amplitudes.iter_mut().zip(self.edges.windows(2)) {
            let bins = &power[edges[0]..edges[1].min(power.len())];
            *amplitude = f64::from(bins.iter().sum::<f32>() / bins.len().max(1) as f32).sqrt();
        }
        let loudest = amplitudes.iter().fold(0.0, |a: f64, b| a.max(*b));
        self.reference = loudest.max(self.reference * self.decay);
        let slot = self.heard % BACK;
        let before = &mut self.levels[slot];
        let mut rise = 0.0;
        for (before, amplitude) in before.iter_mut().zip(amplitudes) {
            let share = if self.reference > 0.0 { amplitude / self.reference } else { 0.0 };
            let level = libm::log(1.0 + COMPRESSION * share);
            rise += (level - *before - FLUTTER).max(0.0);
            *before = level;
        }
        self.heard += 1;
        // The first windows rise out of nothing: a sound that is there from the start is no onset.
        let is_start = self.heard <= BACK;
        self.curve.push(if is_start { 0.0 } else { (rise / bands as f64) as f32 });
    }
}
