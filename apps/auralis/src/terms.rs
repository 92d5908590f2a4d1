use std::path::PathBuf;

use audio::Lufs;
use clap::Args;
use fault::Cancel;
use mastering::Target;
use ops::console::Failure;
use ops::settings::Settings;
use studio::master::Terms;
use studio::treatment::Treatment;

use crate::settings::Resolved;

/// The presets, targets and loudnesses there are, for the help of every command that masters.
pub(crate) const KNOWN: &str = "\
Presets:
  adaptive  what the track needs, and nothing else
  gentle    half of it, no compression, 1 LU less
  warm      more below 250 Hz, less above 4 kHz
  bright    more above 4 kHz, with harmonics
  punchy    more where kick and bass hit, attacks pass
  plain     one gain and the limiter, nothing else

Targets (LUFS, dBTP):
  spotify, youtube, amazon, tidal -14 -1 · apple -16 -1 · broadcast-eu -23 -1
  broadcast-us -24 -2 · club -8 -0.3 · cd -10 -0.1
  For listening: --loudness -18, -16, -14 or -11, or any from -30 to -6, under -1 dBTP";

/// What is done to a sound, and what it is delivered as.
#[derive(Debug, Args)]
pub(crate) struct TermsArgs {
    /// How: adaptive, gentle, warm, bright, punchy or plain
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,
    /// How much of it, 0 to 1; at 0 the sound stays as it came
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    intensity: Option<String>,
    /// The stages written down in a TOML file, instead of a preset
    #[arg(long, value_name = "FILE.toml", conflicts_with = "preset")]
    chain: Option<PathBuf>,
    /// Another track that the master shall be like, in tone, loudness, width and density
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "chain", "loudness"])]
    reference: Option<PathBuf>,
    /// What to reach, by platform
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// What to reach, in LUFS
    #[arg(long, value_name = "LUFS", conflicts_with = "target", allow_negative_numbers = true)]
    loudness: Option<f64>,
    /// Bits of WAV and FLAC: 16 or 24
    #[arg(long, value_name = "BITS")]
    bit_depth: Option<String>,
    /// Bits of MP3: 320, V0, V2 or V4
    #[arg(long, value_name = "QUALITY")]
    mp3_quality: Option<String>,
}

impl TermsArgs {
    /// Flags win over every other origin.
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        settings
            .with_flag("master.preset", self.preset.clone())
            .with_flag("master.intensity", self.intensity.clone())
            .with_flag("master.target", self.target.clone())
            .with_flag("master.bit-depth", self.bit_depth.clone())
            .with_flag("master.mp3-quality", self.mp3_quality.clone())
    }

    /// What the settings and the flags without a setting come to.
    pub(crate) fn resolve(&self, settings: &Resolved, cancel: &Cancel) -> Result<Terms, Failure> {
        let treatment = match (&self.chain, &self.reference) {
            (Some(path), _) => Treatment::from_file(path)?,
            (None, Some(path)) => Treatment::like(path, cancel)?,
            (None, None) => settings.delivery.treatment.clone(),
        };
        let target = match self.loudness {
            Some(lufs) => Target::listening(Lufs(lufs))?,
            None => settings.delivery.target,
        };
        Ok(Terms {
            target,
            treatment,
            intensity: settings.delivery.intensity,
            depth: settings.delivery.depth,
            mp3_quality: settings.delivery.mp3_quality,
        })
    }
}
