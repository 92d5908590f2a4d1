use serde::Serialize;

use super::{Band, Chain, Compressor, Exciter, Loudness, Multiband, Width, within};
use crate::Error;

/// How much of a plan is carried out, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
pub struct Intensity(f64);

impl Intensity {
    /// All of it.
    pub const FULL: Self = Self(1.0);
    /// The sound as it came.
    pub const NONE: Self = Self(0.0);

    /// A share between 0 and 1.
    pub fn new(share: f64) -> Result<Self, Error> {
        within("intensity", share, 0.0, 1.0)?;
        Ok(Self(share))
    }

    /// The share.
    pub fn share(self) -> f64 {
        self.0
    }
}

/// Below this a change is left out, dB.
const INAUDIBLE_DB: f64 = 0.01;

impl Chain {
    /// Carried out in part: each lift, cut, reduction and the gain are so much of what they were.
    /// Corners, times, the ceiling and the rounding stay. At 0 nothing but those is left: a
    /// stream then is to be bypassed.
    #[must_use]
    pub fn scaled(&self, intensity: Intensity) -> Self {
        let share = intensity.0;
        if share == 1.0 {
            return self.clone();
        }
        let multiband = self.multiband.as_ref().map(|m| Multiband {
            crossovers_hz: m.crossovers_hz.clone(),
            bands: m.bands.iter().map(|band| squeeze(band, share)).collect(),
        });
        let compressor = self.compressor.map(|c| squeeze(&c, share));
        let exciter = self.exciter.map(|e| Exciter { mix_db: e.mix_db + level(share), ..e });
        let width = self.width.map(|w| Width { side: 1.0 + (w.side - 1.0) * share, ..w });
        Self {
            dc_block: self.dc_block.filter(|_| share > 0.0),
            eq: self.eq.iter().filter_map(|band| lift(band, share)).collect(),
            multiband: multiband.filter(|m| !m.bands.iter().all(Compressor::is_idle)),
            compressor: compressor.filter(|c| !c.is_idle()),
            exciter: exciter.filter(|e| e.mix_db >= -40.0),
            width: width.filter(|w| share > 0.0 && (w.side != 1.0 || w.mono_below_hz.is_some())),
            loudness: match self.loudness {
                Some(Loudness::GainDb(gain)) => Some(Loudness::GainDb(gain * share)),
                other => other,
            },
            limiter: self.limiter,
            dither: self.dither,
        }
    }
}

fn level(share: f64) -> f64 {
    20.0 * libm::log10(share)
}

/// A pass has no gain to scale: it is in or out.
fn lift(band: &Band, share: f64) -> Option<Band> {
    match band.gain_db {
        None => (share > 0.0).then_some(*band),
        Some(gain) if (gain * share).abs() < INAUDIBLE_DB => None,
        Some(gain) => Some(Band { gain_db: Some(gain * share), ..*band }),
    }
}

/// A reduction of so many dB at every level is a slope so much smaller.
fn squeeze(c: &Compressor, share: f64) -> Compressor {
    let ratio = 1.0 / (1.0 - share * (1.0 - 1.0 / c.ratio));
    Compressor {
        ratio,
        range_db: (c.range_db * share).max(0.5),
        makeup_db: c.makeup_db * share,
        ..*c
    }
}

#[cfg(test)]
mod tests {
    use super::Intensity;
    use crate::chain::{Band, Chain, Compressor, Loudness, Shape};

    #[test]
    fn half_is_half_and_none_is_nothing() {
        let full = Chain {
            eq: vec![Band::high_pass(20.0), Band::shelf(Shape::HighShelf, 8_000.0, 3.0)],
            compressor: Some(Compressor { ratio: 2.0, ..Compressor::gentle(-20.0) }),
            loudness: Some(Loudness::GainDb(6.0)),
            ..Chain::default()
        };
        let half = full.scaled(Intensity::new(0.5).unwrap());
        assert_eq!(half.eq[1].gain_db, Some(1.5));
        assert!((half.compressor.unwrap().ratio - 4.0 / 3.0).abs() < 1e-12);
        assert_eq!(half.loudness, Some(Loudness::GainDb(3.0)));
        half.validate().unwrap();
        let none = full.scaled(Intensity::NONE);
        let silent = Chain { loudness: Some(Loudness::GainDb(0.0)), ..Chain::default() };
        assert_eq!(none, silent);
        assert!(Intensity::new(1.1).is_err() && Intensity::new(f64::NAN).is_err());
    }
}
