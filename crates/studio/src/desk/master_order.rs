use audio_file::{Depth, Mp3Quality};
use mastering::{Intensity, Target};
use serde::{Deserialize, Serialize};

use super::sounds::SoundId;
use crate::Error;
use crate::master::{OutputFormat, Terms};
use crate::treatment::{PLAIN, Treatment};

/// A master asked for. What is left open is as the mastering engine has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MasterOrder {
    /// Of which sound.
    pub sound: SoundId,
    /// A preset by name, or "plain" for one gain and the limiter; plain where there is none.
    #[serde(default)]
    pub preset: Option<String>,
    /// The sound it shall be like, in the place of a preset.
    #[serde(default)]
    pub reference: Option<SoundId>,
    /// How much of it, 0 to 1; all of it where it is not said.
    #[serde(default)]
    pub intensity: Option<f64>,
    /// What to reach, such as "spotify" or "club".
    #[serde(default)]
    pub target: Option<String>,
    /// "flac", "wav" or "mp3"; FLAC where it is not said.
    #[serde(default)]
    pub format: Option<String>,
    /// Bits of a sample of FLAC and WAV, 16 or 24; 24 where it is not said.
    #[serde(default)]
    pub bits: Option<u32>,
}

impl MasterOrder {
    /// What is done where no reference says it.
    ///
    /// # Errors
    /// [`Error::Order`] with what would be taken.
    pub(super) fn treatment(&self) -> Result<Treatment, Error> {
        match (&self.preset, self.reference) {
            (Some(_), Some(_)) => {
                Err(Error::Order("a preset and a reference; it must be one of them".to_owned()))
            }
            (preset, _) => Treatment::named(preset.as_deref().unwrap_or(PLAIN))
                .map_err(|error| Error::Order(error.to_string())),
        }
    }

    /// All that is asked for.
    ///
    /// # Errors
    /// [`Error::Order`] with what would be taken.
    pub(super) fn terms(&self, treatment: Treatment) -> Result<Terms, Error> {
        let refused = |error: mastering::Error| Error::Order(error.to_string());
        let intensity = self.intensity.map(Intensity::new).transpose().map_err(refused)?;
        let target = self.target.as_deref().map(Target::named).transpose().map_err(refused)?;
        Ok(Terms {
            target: target.unwrap_or(Target::DEFAULT),
            treatment,
            intensity: intensity.unwrap_or(Intensity::FULL),
            depth: match self.bits {
                None | Some(24) => Depth::TwentyFour,
                Some(16) => Depth::Sixteen,
                Some(bits) => {
                    return Err(Error::Order(format!("{bits} bits; it must be 16 or 24")));
                }
            },
            mp3_quality: Mp3Quality::V0,
        })
    }

    /// What it is delivered as.
    ///
    /// # Errors
    /// [`Error::Order`] for a format that is not written.
    pub(super) fn output(&self) -> Result<OutputFormat, Error> {
        let Some(asked) = &self.format else { return Ok(OutputFormat::Flac) };
        let known = OutputFormat::NAMED.iter().find(|(name, _)| name == asked);
        match known.map(|(_, format)| *format) {
            Some(format) if format != OutputFormat::Mp3 || audio_file::WRITES_MP3 => Ok(format),
            _ => {
                let names = OutputFormat::NAMED.map(|(name, _)| name).join(", ");
                Err(Error::Order(format!("format \"{asked}\"; it must be one of {names}")))
            }
        }
    }
}
