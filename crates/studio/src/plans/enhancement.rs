use audio::Lufs;
use mastering::{Intensity, Preset, Target};

use crate::Error;
use crate::desk::SoundId;

/// What decides about the filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// By what a track is.
    Preset(Preset),
    /// Like another track: its balance, its density, its width.
    Like(SoundId),
}

/// How a listener wants tracks mastered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Enhancement {
    /// By what.
    pub manner: Manner,
    /// Loudness in tenths of LUFS: so that equal wishes are equal.
    tenths: i16,
    /// How much of it, in hundredths.
    percent: u8,
}

impl Default for Enhancement {
    /// All that a track needs, at the level of most platforms.
    fn default() -> Self {
        Self { manner: Manner::Preset(Preset::Adaptive), tenths: -140, percent: 100 }
    }
}

impl Enhancement {
    /// Checks what somebody asks for. Both figures are rounded: to a hundredth of the whole, and to a
    /// tenth of a LUFS.
    ///
    /// # Errors
    /// An intensity beyond 0 and 1, a loudness beyond what may be listened to.
    pub fn new(manner: Manner, intensity: f64, loudness: Lufs) -> Result<Self, mastering::Error> {
        let share = Intensity::new(intensity)?.share();
        Target::listening(loudness)?;
        // Both are within small bounds.
        let tenths = (loudness.0 * 10.0).round() as i16;
        Ok(Self { manner, tenths, percent: (share * 100.0).round() as u8 })
    }

    /// How much of it.
    pub fn intensity(self) -> Result<Intensity, Error> {
        Ok(Intensity::new(f64::from(self.percent) / 100.0)?)
    }

    /// From 0 to 1.
    pub fn share(self) -> f64 {
        f64::from(self.percent) / 100.0
    }

    /// What a track is brought to.
    pub fn loudness(self) -> Lufs {
        Lufs(f64::from(self.tenths) / 10.0)
    }

    /// Whether nothing is to be done.
    pub fn is_none(self) -> bool {
        self.percent == 0
    }

    pub(super) fn percent(self) -> u8 {
        self.percent
    }

    pub(super) fn tenths(self) -> i16 {
        self.tenths
    }

    /// The whole of it.
    pub(super) fn full(self) -> Self {
        Self { percent: 100, ..self }
    }

    pub(super) fn target(self) -> Result<Target, Error> {
        Ok(Target::listening(self.loudness())?)
    }
}
