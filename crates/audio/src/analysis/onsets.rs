use realfft::RealFftPlanner;

use crate::Buffer;

/// Where sounds begin: the rise of the spectrum, 100 times a second.
#[derive(Debug, Clone)]
pub struct Onsets {
    strength: Vec<f64>,
}

/// A tempo read from sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TempoReading {
    /// Beats a minute.
    pub bpm: f64,
    /// How clearly the beat stands out: correlation at the beat's period, 0 to 1.
    pub clarity: f64,
}

const HOPS_PER_SECOND: f64 = 100.0;
const WINDOW: usize = 2_048;
/// A partial that beats against the hop flutters by less than this, log magnitude; an onset rises
/// by far more.
const FLUTTER: f64 = 0.1;
/// Finest step of the search, as a share of the tempo.
const STEP: f64 = 0.0005;
/// Beats over which the pulse must stay true: the more, the sharper the reading.
const BEATS: usize = 16;
/// Less is no beat.
const MIN_CLARITY: f64 = 0.08;

impl Onsets {
    /// Half-wave rectified spectral flux of log magnitudes (Bello et al. 2005), mono sum.
    pub fn of(buffer: &Buffer) -> Self {
        let hop = buffer.rate().hz_f64() / HOPS_PER_SECOND;
        let transform = RealFftPlanner::<f32>::new().plan_fft_forward(WINDOW);
        let hann: Vec<f32> = (0..WINDOW)
            .map(|n| 0.5 - 0.5 * libm::cos(std::f64::consts::TAU * n as f64 / WINDOW as f64))
            .map(|h| h as f32)
            .collect();
        let mut input = transform.make_input_vec();
        let mut output = transform.make_output_vec();
        let mut scratch = transform.make_scratch_vec();
        let mut before = vec![0.0_f64; output.len()];
        let mut strength = Vec::new();
        let frames = buffer.length().index();
        let mut start = 0;
        while start + WINDOW <= frames {
            for (n, slot) in input.iter_mut().enumerate() {
                let sum: f32 = buffer.planes().iter().map(|plane| plane[start + n]).sum();
                *slot = sum * hann[n];
            }
            if transform.process_with_scratch(&mut input, &mut output, &mut scratch).is_err() {
                // The vectors were made by the plan itself, so their lengths are right.
                break;
            }
            let mut rise = 0.0;
            for (bin, before) in output.iter().zip(&mut before) {
                let level = libm::log(1.0 + 10.0 * f64::from(bin.norm_sqr().sqrt()));
                rise += (level - *before - FLUTTER).max(0.0);
                *before = level;
            }
            strength.push(rise);
            start = (hop * strength.len() as f64) as usize;
        }
        Self { strength: centred(&strength) }
    }

    /// The pulse nearest to an expected tempo, within `reach` (0.1 is +-10 %); `None` when none
    /// stands out, as in music without a beat.
    pub fn tempo_near(&self, bpm: f64, reach: f64) -> Option<TempoReading> {
        let energy: f64 = self.strength.iter().map(|s| s * s).sum();
        if energy <= 0.0 {
            return None;
        }
        let steps = (reach / STEP) as i32;
        let best = (-steps..=steps)
            .map(|step| {
                let bpm = bpm * (1.0 + f64::from(step) * STEP);
                TempoReading { bpm, clarity: self.pulse(60.0 * HOPS_PER_SECOND / bpm) / energy }
            })
            .max_by(|a, b| a.clarity.total_cmp(&b.clarity))?;
        (best.clarity >= MIN_CLARITY).then_some(best)
    }

    /// Mean autocorrelation at whole multiples of a period in hops, by linear interpolation.
    fn pulse(&self, period: f64) -> f64 {
        let beats = BEATS.min((self.strength.len() as f64 / period / 2.0) as usize).max(1);
        let lags = (1..=beats).map(|beat| {
            let lag = period * beat as f64;
            let (whole, part) = (lag as usize, lag.fract());
            self.correlation(whole) * (1.0 - part) + self.correlation(whole + 1) * part
        });
        lags.sum::<f64>() / beats as f64
    }

    fn correlation(&self, lag: usize) -> f64 {
        let Some(later) = self.strength.get(lag..) else { return 0.0 };
        let sum: f64 = self.strength.iter().zip(later).map(|(a, b)| a * b).sum();
        sum * self.strength.len() as f64 / later.len().max(1) as f64
    }
}

/// Takes away the local mean over a second, so that swells are no onsets, then what is left of
/// the mean, so that a lag without a pulse correlates to nothing.
fn centred(strength: &[f64]) -> Vec<f64> {
    let reach = HOPS_PER_SECOND as usize / 2;
    let peaks: Vec<f64> = (0..strength.len())
        .map(|at| {
            let window = &strength[at.saturating_sub(reach)..(at + reach).min(strength.len())];
            (strength[at] - window.iter().sum::<f64>() / window.len() as f64).max(0.0)
        })
        .collect();
    let mean = peaks.iter().sum::<f64>() / peaks.len().max(1) as f64;
    peaks.iter().map(|peak| peak - mean).collect()
}

#[cfg(test)]
mod tests {
    use super::Onsets;
    use crate::{Buffer, SampleRate};

    fn clicks(bpm: f64, seconds: f64) -> Buffer {
        let rate = SampleRate::STUDIO;
        let mut plane = vec![0.0_f32; rate.frames(seconds).index()];
        let mut beat = 0.0;
        while rate.frames(beat).index() + 600 < plane.len() {
            let start = rate.frames(beat).index();
            for n in 0..600 {
                plane[start + n] = ((n * 7_919) % 101) as f32 / 101.0 - 0.5;
            }
            beat += 60.0 / bpm;
        }
        Buffer::mono(rate, plane)
    }

    #[test]
    fn the_tempo_of_clicks_is_their_tempo() {
        for bpm in [63.0, 80.0, 124.0, 171.5] {
            let reading = Onsets::of(&clicks(bpm, 40.0)).tempo_near(bpm * 1.02, 0.06).unwrap();
            assert!((reading.bpm / bpm - 1.0).abs() < 0.003, "{bpm} read as {}", reading.bpm);
            assert!(reading.clarity > 0.3, "{}", reading.clarity);
        }
    }

    #[test]
    fn a_steady_tone_has_no_tempo() {
        let tone: Vec<f32> = (0..480_000)
            .map(|n| libm::sin(std::f64::consts::TAU * 333.0 * f64::from(n) / 48_000.0) as f32)
            .collect();
        let tone = Buffer::mono(SampleRate::STUDIO, tone);
        assert_eq!(Onsets::of(&tone).tempo_near(120.0, 0.1), None);
        assert_eq!(
            Onsets::of(&Buffer::mono(SampleRate::STUDIO, vec![0.0; 48_000])).tempo_near(120.0, 0.1),
            None
        );
    }
}
