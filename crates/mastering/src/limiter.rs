//! A look-ahead limiter that holds the true peak, not the sample peak, under a ceiling.
//!
//! Peaks are read on an 8x grid ([`PeakEnvelope`]); the gain falls ahead of each over a window of
//! [`LOOK_AHEAD_S`] and recovers at two speeds ([`GainCurve`]). Gain reduction is held in whole
//! numbers: smoothing is exact, and where nothing exceeds the ceiling the gain is exactly one, so
//! the output is the input bit for bit.

mod envelope;
mod gain;

pub use envelope::PeakEnvelope;
pub use gain::{GainCurve, LOOK_AHEAD_S};

use audio::{Decibels, SampleRate};

/// How far below the ceiling the limiter aims, so that what an 8x grid overlooks and what the
/// moving gain itself adds between samples stays under it.
pub const MARGIN: Decibels = Decibels(0.05);

/// Over the ceiling by this much at most, the true peak holds. Further over only the samples do: the
/// gain, rounded down, has few steps left, and between two samples it no longer moves smoothly.
pub const FURTHEST: Decibels = Decibels(160.0);

/// The limiter as a stream: blocks of any size go in, the same number of frames come out,
/// [`Limiter::latency`] frames late.
#[derive(Debug, Clone)]
pub struct Limiter {
    envelope: PeakEnvelope,
    gain: GainCurve,
    /// The frames still waiting for their gain, a ring per channel, and where they stand in it.
    waiting: Vec<Vec<f32>>,
    at: usize,
    peaks: Vec<f32>,
    least: f32,
    sum: f64,
    count: u64,
}

impl Limiter {
    /// A limiter that has heard nothing but silence.
    pub fn new(rate: SampleRate, channels: usize, ceiling: Decibels) -> Self {
        let envelope = PeakEnvelope::new(channels);
        let gain = GainCurve::new(rate, ceiling);
        let latency = envelope.latency() + gain.latency();
        Self {
            envelope,
            gain,
            waiting: vec![vec![0.0; latency]; channels],
            at: 0,
            peaks: Vec::new(),
            least: 1.0,
            sum: 0.0,
            count: 0,
        }
    }

    /// How far it reached so far.
    pub fn reach(&self) -> Reach {
        let mean = if self.count == 0 { 1.0 } else { self.sum / self.count as f64 };
        Reach {
            deepest: Decibels::from_amplitude(f64::from(self.least)),
            mean: Decibels::from_amplitude(mean),
        }
    }

    /// How many frames the output lags behind the input.
    pub fn latency(&self) -> usize {
        self.waiting[0].len()
    }

    /// Another ceiling from here on, reached without a step.
    pub fn set_ceiling(&mut self, ceiling: Decibels) {
        self.gain.set_ceiling(ceiling);
    }

    /// [`GainCurve::settle`].
    pub fn settle(&mut self) {
        self.gain.settle();
    }

    /// Lets one block pass as late as a limited one, and looks at no peak.
    pub fn delay<P: AsMut<[f32]>>(&mut self, planes: &mut [P]) {
        let length = self.waiting[0].len();
        let mut end = self.at;
        for (plane, waiting) in planes.iter_mut().zip(&mut self.waiting) {
            end = self.at;
            for sample in plane.as_mut() {
                std::mem::swap(sample, &mut waiting[end]);
                end = if end + 1 == length { 0 } else { end + 1 };
            }
        }
        self.at = end;
    }

    /// Limits one block in place. All planes have one length.
    pub fn process<P: AsRef<[f32]> + AsMut<[f32]>>(&mut self, planes: &mut [P]) {
        let mut peaks = std::mem::take(&mut self.peaks);
        self.envelope.read(planes, &mut peaks);
        let mut at = self.at;
        for (frame, peak) in peaks.iter().enumerate() {
            let gain = self.gain.next(*peak);
            self.least = self.least.min(gain);
            self.sum += f64::from(gain);
            for (plane, waiting) in planes.iter_mut().zip(&mut self.waiting) {
                let sample = &mut plane.as_mut()[frame];
                let due = std::mem::replace(&mut waiting[at], *sample);
                *sample = due * gain;
            }
            at = if at + 1 == self.waiting[0].len() { 0 } else { at + 1 };
        }
        self.at = at;
        self.count += peaks.len() as u64;
        self.peaks = peaks;
    }
}

/// How far a limiter reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// The deepest gain reduction, 0 dB or less.
    pub deepest: Decibels,
    /// The mean gain over all frames, as a level: 0 dB or less.
    pub mean: Decibels,
}

#[cfg(test)]
mod tests;
