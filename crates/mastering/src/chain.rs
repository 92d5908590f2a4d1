//! What a master does to a sound, stage by stage: the settings that a person can see, write in a
//! file and take out one by one. Every setting does something; one that cannot is refused.

mod dynamics;
mod equaliser;
mod scale;

use audio::{Decibels, Layout, SampleRate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use dynamics::{Compressor, Multiband};
pub use equaliser::{Band, Dynamic, Shape};
pub use scale::Intensity;

use crate::Error;

/// The stages in the order the sound passes them. What is left out is bypassed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Chain {
    /// Takes out what stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc_block: Option<DcBlock>,
    /// Parametric and dynamic bands, at most [`MAX_BANDS`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub eq: Vec<Band>,
    /// A compressor for each of up to four bands of the spectrum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiband: Option<Multiband>,
    /// One compressor over all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compressor: Option<Compressor>,
    /// Harmonics of what is high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exciter: Option<Exciter>,
    /// The stereo image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<Width>,
    /// The level: a gain, or the loudness it is to be found for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loudness: Option<Loudness>,
    /// The ceiling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limiter: Option<Ceiling>,
    /// The one rounding to whole numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dither: Option<Dither>,
}

/// Share of the rate up to which filters follow their analogue curves.
pub const HIGHEST: f64 = 0.45;
/// Share of the rate up to which a third harmonic is worth the name.
pub const HIGHEST_EXCITED: f64 = 0.2;
/// More bands than any ear asks for: a third-octave match has 31.
pub const MAX_BANDS: usize = 40;

/// A high-pass far below any tone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DcBlock {
    /// The corner in Hz, 1 to 20.
    pub hz: f64,
}

/// Adds odd harmonics to what lies above a corner: a cubic curve at twice the rate, where its
/// third harmonic has room, so that nothing folds back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exciter {
    /// What is below is left alone, in Hz, 500 to 12,000.
    pub above_hz: f64,
    /// How hard the curve is driven in dB, 0 to 24.
    pub drive_db: f64,
    /// Level of what is added in dB, -40 to 0.
    pub mix_db: f64,
}

/// The stereo image. Only for stereo.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Width {
    /// Gain of the side signal, 0 to 2; 1 leaves it alone.
    #[serde(default = "one")]
    pub side: f64,
    /// Below this the sound is mono, in Hz, 20 to 300; left out, the bass is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mono_below_hz: Option<f64>,
}

fn one() -> f64 {
    1.0
}

/// The level of the master.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Loudness {
    /// This gain in dB, -60 to 60.
    GainDb(f64),
    /// The gain that brings the whole to this loudness in LUFS, -60 to -5: found by a plan.
    Lufs(f64),
}

/// The true-peak limiter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ceiling {
    /// The highest true peak in dBTP, -20 to 0.
    pub ceiling_dbtp: f64,
    /// Takes out the mean that limiting lopsided waves deeply leaves behind, by a high-pass at 4 Hz
    /// after the limiter, and limits once more what grows by it. A plan asks for it where a mean is
    /// left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub centred: bool,
}

impl Ceiling {
    /// A ceiling, dBTP.
    pub fn at(ceiling_dbtp: f64) -> Self {
        Self { ceiling_dbtp, centred: false }
    }
}

/// Triangular dither of one step to whole numbers. Silence stays silent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dither {
    /// Bits a sample, 8 to 24.
    pub bits: u32,
}

impl Chain {
    /// Refuses what is out of its range, and what would do nothing.
    pub fn validate(&self) -> Result<(), Error> {
        if let Some(DcBlock { hz }) = self.dc_block {
            within("dc_block.hz", hz, 1.0, 20.0)?;
        }
        if self.eq.len() > MAX_BANDS {
            return Err(Error::OutOfRange {
                setting: "the number of eq bands",
                value: self.eq.len() as f64,
                low: 0.0,
                high: MAX_BANDS as f64,
            });
        }
        self.eq.iter().try_for_each(Band::validate)?;
        self.multiband.iter().try_for_each(Multiband::validate)?;
        self.compressor.iter().try_for_each(Compressor::validate)?;
        if let Some(Exciter { above_hz, drive_db, mix_db }) = self.exciter {
            within("exciter.above_hz", above_hz, 500.0, 12_000.0)?;
            within("exciter.drive_db", drive_db, 0.0, 24.0)?;
            within("exciter.mix_db", mix_db, -40.0, 0.0)?;
        }
        if let Some(Width { side, mono_below_hz }) = self.width {
            within("width.side", side, 0.0, 2.0)?;
            mono_below_hz.map_or(Ok(()), |hz| within("width.mono_below_hz", hz, 20.0, 300.0))?;
            if side == 1.0 && mono_below_hz.is_none() {
                return Err(Error::NoEffect("width with a side of 1 and no mono_below_hz"));
            }
        }
        match self.loudness {
            Some(Loudness::GainDb(gain)) => within("loudness.gain_db", gain, -60.0, 60.0)?,
            Some(Loudness::Lufs(lufs)) => within("loudness.lufs", lufs, -60.0, -5.0)?,
            None => {}
        }
        if let Some(Ceiling { ceiling_dbtp, .. }) = self.limiter {
            within("limiter.ceiling_dbtp", ceiling_dbtp, -20.0, 0.0)?;
        }
        if let Some(Dither { bits }) = self.dither {
            within("dither.bits", f64::from(bits), 8.0, 24.0)?;
        }
        Ok(())
    }

    /// [`Self::validate`], and refuses what a sound of this rate has no room for, and of this
    /// layout no use.
    pub fn validate_for(&self, rate: SampleRate, layout: Layout) -> Result<(), Error> {
        self.validate()?;
        let reach = HIGHEST * rate.hz_f64();
        self.eq.iter().try_for_each(|band| within("eq.hz", band.hz, 10.0, reach))?;
        for hz in self.multiband.iter().flat_map(|multiband| &multiband.crossovers_hz) {
            within("multiband.crossovers_hz", *hz, 40.0, reach)?;
        }
        if let Some(exciter) = self.exciter {
            within("exciter.above_hz", exciter.above_hz, 500.0, HIGHEST_EXCITED * rate.hz_f64())?;
        }
        if self.width.is_some() && layout != Layout::Stereo {
            return Err(Error::NoEffect("width on a sound that is not stereo"));
        }
        Ok(())
    }

    /// The gain of the loudness stage: 0 dB without one, none while it is still to be found.
    pub fn gain(&self) -> Option<Decibels> {
        match self.loudness {
            None => Some(Decibels(0.0)),
            Some(Loudness::GainDb(gain)) => Some(Decibels(gain)),
            Some(Loudness::Lufs(_)) => None,
        }
    }

    /// The same with a ceiling so much lower.
    #[must_use]
    pub fn under(mut self, lowered: Decibels) -> Self {
        self.limiter.iter_mut().for_each(|limiter| limiter.ceiling_dbtp -= lowered.0);
        self
    }

    /// The names of the stages that are in, in their order.
    pub fn stages(&self) -> Vec<&'static str> {
        [
            ("dc_block", self.dc_block.is_some()),
            ("eq", !self.eq.is_empty()),
            ("multiband", self.multiband.is_some()),
            ("compressor", self.compressor.is_some()),
            ("exciter", self.exciter.is_some()),
            ("width", self.width.is_some()),
            ("loudness", self.loudness.is_some()),
            ("limiter", self.limiter.is_some()),
            ("dither", self.dither.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, is_in)| is_in.then_some(name))
        .collect()
    }
}

/// Refuses a value outside its range; NaN is outside every range.
pub(crate) fn within(setting: &'static str, value: f64, low: f64, high: f64) -> Result<(), Error> {
    if (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(Error::OutOfRange { setting, value, low, high })
    }
}

#[cfg(test)]
mod tests {
    use super::{Band, Chain, Compressor, Dither, Multiband, Width};
    use crate::Error;
    use audio::{Layout, SampleRate};

    #[test]
    fn what_does_nothing_is_refused() {
        let flat = Chain { eq: vec![Band::bell(1_000.0, 1.0, 0.0)], ..Chain::default() };
        assert!(matches!(flat.validate(), Err(Error::NoEffect(_))));
        let idle = Compressor { ratio: 1.0, ..Compressor::gentle(-20.0) };
        let idle = Chain { compressor: Some(idle), ..Chain::default() };
        assert!(matches!(idle.validate(), Err(Error::NoEffect(_))));
        let none = Multiband { crossovers_hz: vec![], bands: vec![Compressor::gentle(-20.0)] };
        assert!(Chain { multiband: Some(none), ..Chain::default() }.validate().is_err());
        let width = Some(Width { side: 1.2, mono_below_hz: None });
        let wide = Chain { width, ..Chain::default() };
        wide.validate_for(SampleRate::CD, Layout::Stereo).unwrap();
        assert!(matches!(wide.validate_for(SampleRate::CD, Layout::Mono), Err(Error::NoEffect(_))));
        let unmoved = Some(Width { side: 1.0, mono_below_hz: None });
        assert!(Chain { width: unmoved, ..Chain::default() }.validate().is_err());
    }

    #[test]
    fn what_is_out_of_range_is_refused_by_its_name() {
        let coarse = Chain { dither: Some(Dither { bits: 4 }), ..Chain::default() };
        let said = coarse.validate().unwrap_err().to_string();
        assert_eq!(said, "dither.bits is 4; it must be 8 to 24");
        let high = Chain { eq: vec![Band::high_pass(20_000.0)], ..Chain::default() };
        high.validate().unwrap();
        let said = high.validate_for(SampleRate::CD, Layout::Mono).unwrap_err().to_string();
        assert_eq!(said, "eq.hz is 20000; it must be 10 to 19845");
        let nowhere = Chain { eq: vec![Band::bell(f64::NAN, 1.0, 3.0)], ..Chain::default() };
        assert!(nowhere.validate().is_err());
    }
}
