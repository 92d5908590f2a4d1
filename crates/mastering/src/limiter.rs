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

use audio::{Buffer, Decibels, SampleRate};

/// How far below the ceiling the limiter aims, so that what an 8x grid overlooks and what the
/// moving gain itself adds between samples stays under it.
pub const MARGIN: Decibels = Decibels(0.05);

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
        }
    }

    /// How many frames the output lags behind the input.
    pub fn latency(&self) -> usize {
        self.waiting[0].len()
    }

    /// Limits one block in place. All planes have one length.
    pub fn process(&mut self, planes: &mut [&mut [f32]]) {
        let inputs: Vec<&[f32]> = planes.iter().map(|p| &**p).collect();
        let mut peaks = std::mem::take(&mut self.peaks);
        self.envelope.read(&inputs, &mut peaks);
        let mut at = self.at;
        for (frame, peak) in peaks.iter().enumerate() {
            let gain = self.gain.next(*peak, 1.0);
            for (plane, waiting) in planes.iter_mut().zip(&mut self.waiting) {
                let due = std::mem::replace(&mut waiting[at], plane[frame]);
                plane[frame] = due * gain;
            }
            at = (at + 1) % self.waiting[0].len();
        }
        self.at = at;
        self.peaks = peaks;
    }
}

/// The peak envelope of a whole buffer, one value a frame, aligned with it. Taken once, it serves
/// any number of [`gains`] at different drives.
pub fn envelope(buffer: &Buffer) -> Vec<f32> {
    let mut reader = PeakEnvelope::new(buffer.layout().channels());
    let latency = reader.latency();
    let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    let mut peaks = Vec::new();
    reader.read(&planes, &mut peaks);
    let mut tail = Vec::new();
    let silence = vec![0.0; latency];
    reader.read(&vec![silence.as_slice(); planes.len()], &mut tail);
    peaks.drain(..latency.min(peaks.len()));
    peaks.extend(tail);
    peaks.truncate(buffer.length().index());
    peaks
}

/// How far a limiter reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reach {
    /// The deepest gain reduction, 0 dB or less.
    pub deepest: Decibels,
    /// The mean gain over all frames, as a level: 0 dB or less.
    pub mean: Decibels,
}

/// Drives a whole buffer by a factor and limits it, without delay. `envelope` is [`envelope`] of
/// this buffer.
pub fn drive(buffer: &mut Buffer, envelope: &[f32], drive: f32, ceiling: Decibels) -> Reach {
    let mut curve = GainCurve::new(buffer.rate(), ceiling);
    let latency = curve.latency();
    let mut planes: Vec<&mut [f32]> = buffer.planes_mut().collect();
    let (mut least, mut sum) = (1.0_f32, 0.0_f64);
    let frames = envelope.iter().copied().chain(std::iter::repeat_n(0.0, latency));
    for (at, peak) in frames.enumerate() {
        let gain = curve.next(peak, drive);
        if let Some(frame) = at.checked_sub(latency) {
            least = least.min(gain);
            sum += f64::from(gain);
            let factor = drive * gain;
            for plane in &mut planes {
                plane[frame] *= factor;
            }
        }
    }
    Reach {
        deepest: Decibels::from_amplitude(f64::from(least)),
        mean: Decibels::from_amplitude(sum / envelope.len().max(1) as f64),
    }
}

#[cfg(test)]
mod tests;
