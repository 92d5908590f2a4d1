use crate::Decibels;
use crate::analysis::levels::{Levels, correlation, width};
use crate::analysis::spectrum::Spectrum;

/// How a sound lies between two speakers.
#[derive(Debug, Clone, PartialEq)]
pub struct StereoField {
    /// Pearson correlation of left and right, -1 to 1; `None` if one of them is silent.
    pub correlation: Option<f64>,
    /// RMS of the side over RMS of mid and side together: 0 mono, 0.5 unrelated, 1 opposite.
    pub width: f64,
    /// Left over right, RMS; `None` if one of them is silent.
    pub balance: Option<Decibels>,
    /// The same by frequency: the lows that belong in the middle, bass, middle and treble.
    pub bands: [StereoBand; 4],
}

/// A part of the spectrum between two speakers. `None` where nothing sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StereoBand {
    /// Where the band begins, Hz.
    pub low_hz: f64,
    /// Where it ends, Hz.
    pub high_hz: f64,
    /// As [`StereoField::correlation`], from the cross spectrum.
    pub correlation: Option<f64>,
    /// As [`StereoField::width`].
    pub width: Option<f64>,
}

const EDGES_HZ: [f64; 5] = [20.0, 120.0, 500.0, 4_000.0, 20_000.0];

impl StereoField {
    /// `None` for silence.
    pub(super) fn of(levels: &Levels, spectrum: &Spectrum) -> Option<Self> {
        let bands = std::array::from_fn(|n| {
            let (low_hz, high_hz) = (EDGES_HZ[n], EDGES_HZ[n + 1]);
            let pair = spectrum.pair(low_hz, high_hz);
            StereoBand {
                low_hz,
                high_hz,
                correlation: correlation(pair.left, pair.right, pair.cross),
                width: width(pair.left, pair.right, pair.cross),
            }
        });
        Some(Self {
            correlation: levels.correlation(),
            width: levels.width()?,
            balance: levels.balance(),
            bands,
        })
    }
}
