use std::fmt;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

/// Samples per second and channel, within [`SampleRate::MIN`] and [`SampleRate::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct SampleRate(u32);

/// A sample rate outside the range this house works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sample rate {0} Hz is not supported: it must be {min} to {max} Hz", min = SampleRate::MIN.hz(), max = SampleRate::MAX.hz())]
pub struct RateError(pub u32);

impl SampleRate {
    /// The lowest rate accepted: telephone speech.
    pub const MIN: Self = Self(8_000);
    /// The highest rate accepted: four times 48 kHz.
    pub const MAX: Self = Self(192_000);
    /// 44.1 kHz, the compact disc.
    pub const CD: Self = Self(44_100);
    /// 48 kHz, the studio and the default everywhere here.
    pub const STUDIO: Self = Self(48_000);

    /// Checks a rate in hertz.
    pub fn new(hz: u32) -> Result<Self, RateError> {
        if (Self::MIN.0..=Self::MAX.0).contains(&hz) { Ok(Self(hz)) } else { Err(RateError(hz)) }
    }

    /// Hertz.
    pub const fn hz(self) -> u32 {
        self.0
    }

    /// Hertz, for arithmetic.
    pub fn hz_f64(self) -> f64 {
        f64::from(self.0)
    }

    /// The frame nearest to a time in seconds. Negative times are frame 0.
    pub fn frames(self, seconds: f64) -> Frames {
        Frames((seconds * self.hz_f64()).round().max(0.0) as u64)
    }
}

impl TryFrom<u32> for SampleRate {
    type Error = RateError;
    fn try_from(hz: u32) -> Result<Self, RateError> {
        Self::new(hz)
    }
}

impl From<SampleRate> for u32 {
    fn from(rate: SampleRate) -> u32 {
        rate.0
    }
}

impl fmt::Display for SampleRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} Hz", self.0)
    }
}

/// A position or length in sample frames (one sample of every channel).
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Frames(pub u64);

impl Frames {
    /// The duration in seconds at a rate.
    pub fn seconds(self, rate: SampleRate) -> f64 {
        self.0 as f64 / rate.hz_f64()
    }

    /// As an index into a slice.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl Add for Frames {
    type Output = Frames;
    fn add(self, other: Frames) -> Frames {
        Frames(self.0 + other.0)
    }
}

/// A ratio of amplitudes on a logarithmic scale: dB, dBFS, dBTP or LU as the context says.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Decibels(pub f64);

impl Decibels {
    /// 20 log10 of an amplitude; minus infinity for 0.
    pub fn from_amplitude(amplitude: f64) -> Self {
        Self(20.0 * libm::log10(amplitude.abs()))
    }

    /// The amplitude this level stands for.
    pub fn amplitude(self) -> f64 {
        libm::pow(10.0, self.0 / 20.0)
    }
}

impl Add for Decibels {
    type Output = Decibels;
    fn add(self, other: Decibels) -> Decibels {
        Decibels(self.0 + other.0)
    }
}

impl Sub for Decibels {
    type Output = Decibels;
    fn sub(self, other: Decibels) -> Decibels {
        Decibels(self.0 - other.0)
    }
}

impl Neg for Decibels {
    type Output = Decibels;
    fn neg(self) -> Decibels {
        Decibels(-self.0)
    }
}

impl fmt::Display for Decibels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} dB", self.0)
    }
}

/// Loudness relative to full scale as ITU-R BS.1770 defines it (LUFS = LKFS).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lufs(pub f64);

impl Sub for Lufs {
    type Output = Decibels;
    fn sub(self, other: Lufs) -> Decibels {
        Decibels(self.0 - other.0)
    }
}

impl Add<Decibels> for Lufs {
    type Output = Lufs;
    fn add(self, gain: Decibels) -> Lufs {
        Lufs(self.0 + gain.0)
    }
}

impl fmt::Display for Lufs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} LUFS", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Decibels, Frames, RateError, SampleRate};

    #[test]
    fn a_rate_outside_the_range_is_refused_by_name() {
        let error = SampleRate::new(1_000_000_000).unwrap_err();
        assert_eq!(error, RateError(1_000_000_000));
        assert!(error.to_string().contains("8000 to 192000 Hz"), "{error}");
    }

    #[test]
    fn time_and_frames_agree() {
        assert_eq!(SampleRate::STUDIO.frames(1.5), Frames(72_000));
        assert!((Frames(22_050).seconds(SampleRate::CD) - 0.5).abs() < 1e-12);
        assert_eq!(SampleRate::CD.frames(-1.0), Frames(0));
    }

    #[test]
    fn decibels_and_amplitudes_agree() {
        assert!((Decibels::from_amplitude(0.5).0 + 6.0206).abs() < 1e-4);
        assert!((Decibels(-20.0).amplitude() - 0.1).abs() < 1e-12);
        assert_eq!(Decibels::from_amplitude(0.0).0, f64::NEG_INFINITY);
    }
}
