//! Every setting and every environment variable of `auralis`, and the types they become.

mod serving;

use std::path::PathBuf;

use audio_file::{Depth, Mp3Quality};
use mastering::{Intensity, Preset, Target};
use ops::settings::{Key, Settings, named};
use ops::telemetry::{self, Format};
use studio::master::OutputFormat;
use studio::treatment::{PLAIN, Treatment};

pub(crate) use serving::{Folders, Serving};

/// The prefix of all variables below.
pub(crate) const PREFIX: &str = "AURALIS_";
/// Names the settings file; it is no setting itself.
pub(crate) const CONFIG_VARIABLE: &str = "AURALIS_CONFIG";

/// Every setting: of masters and logs, then of the server.
pub(crate) fn keys() -> Vec<Key> {
    KEYS.into_iter().chain(serving::KEYS).collect()
}

const KEYS: [Key; 9] = [
    Key {
        name: "batch.format",
        variable: "AURALIS_BATCH_FORMAT",
        default: "flac",
        meaning: "format of a batch's masters: wav, flac, mp3",
    },
    Key {
        name: "batch.threads",
        variable: "AURALIS_BATCH_THREADS",
        default: "0",
        meaning: "files worked on at a time, 0 for one per processor; the results are the same",
    },
    Key {
        name: "log.format",
        variable: "AURALIS_LOG_FORMAT",
        default: "human",
        meaning: "log lines for people or machines: human, json",
    },
    Key {
        name: "log.level",
        variable: "AURALIS_LOG_LEVEL",
        default: "warn",
        meaning: "how much is logged: error, warn, info, debug, trace",
    },
    Key {
        name: "master.bit-depth",
        variable: "AURALIS_MASTER_BIT_DEPTH",
        default: "24",
        meaning: "bits of WAV and FLAC masters: 16, 24",
    },
    Key {
        name: "master.intensity",
        variable: "AURALIS_MASTER_INTENSITY",
        default: "1",
        meaning: "how much of a treatment is carried out, 0 to 1",
    },
    Key {
        name: "master.mp3-quality",
        variable: "AURALIS_MASTER_MP3_QUALITY",
        default: "V0",
        meaning: "bits of MP3 masters: 320, V0, V2, V4",
    },
    Key {
        name: "master.preset",
        variable: "AURALIS_MASTER_PRESET",
        default: "adaptive",
        meaning: "treatment: adaptive, gentle, warm, bright, punchy, plain",
    },
    Key {
        name: "master.target",
        variable: "AURALIS_MASTER_TARGET",
        default: "spotify",
        meaning: "loudness and true peak to reach, by platform",
    },
];

/// How the process logs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Logging {
    pub(crate) level: tracing::Level,
    pub(crate) format: Format,
}

/// How masters are delivered.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub(crate) target: Target,
    pub(crate) treatment: Treatment,
    pub(crate) intensity: Intensity,
    pub(crate) depth: Depth,
    pub(crate) mp3_quality: Mp3Quality,
}

/// How a batch is worked through.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Batch {
    pub(crate) format: OutputFormat,
    pub(crate) threads: usize,
}

/// All settings, typed.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) batch: Batch,
    pub(crate) logging: Logging,
    pub(crate) delivery: Delivery,
    pub(crate) serving: Serving,
}

/// More threads than any machine this runs on has processors.
const MAX_THREADS: usize = 256;

/// 0 is one per processor.
fn threads(asked: usize) -> usize {
    if asked > 0 {
        return asked;
    }
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

const DEPTHS: [(&str, Depth); 2] = [("16", Depth::Sixteen), ("24", Depth::TwentyFour)];

/// Default, file and environment; flags are laid over it by each command.
pub(crate) fn gather(file: Option<PathBuf>) -> Result<Settings, ops::Error> {
    let keys = keys();
    let mut settings = Settings::new(&keys);
    let named_file = file.or_else(|| std::env::var_os(CONFIG_VARIABLE).map(PathBuf::from));
    if let Some(path) = named_file.or_else(usual_file) {
        settings = settings.with_file(&path)?;
    }
    let variables = std::env::vars_os().filter(|(name, _)| name != CONFIG_VARIABLE);
    settings.with_environment(PREFIX, &keys, variables)
}

/// `$XDG_CONFIG_HOME/auralis/config.toml` or `~/.config/auralis/config.toml`, if it is there.
fn usual_file() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(base.join("auralis/config.toml")).filter(|path| path.is_file())
}

/// Text to types; the first bad value is refused by name.
pub(crate) fn resolve(settings: &Settings, folders: &Folders) -> Result<Resolved, ops::Error> {
    let targets = mastering::TARGETS.map(|t| t.name).join(", ");
    Ok(Resolved {
        batch: Batch {
            format: settings.read("batch.format", "wav, flac or mp3", |text| {
                named(&OutputFormat::NAMED, text)
            })?,
            threads: settings.read("batch.threads", "0 to 256", |text| {
                text.parse().ok().filter(|n| *n <= MAX_THREADS).map(threads)
            })?,
        },
        logging: Logging {
            level: settings.read("log.level", "error, warn, info, debug or trace", |text| {
                named(&telemetry::LEVELS, text)
            })?,
            format: settings
                .read("log.format", "human or json", |text| named(&Format::NAMES, text))?,
        },
        delivery: Delivery {
            target: settings.read("master.target", &targets, |text| Target::named(text).ok())?,
            treatment: settings
                .read("master.preset", &presets(), |text| Treatment::named(text).ok())?,
            intensity: settings.read("master.intensity", "0 to 1", |text| {
                text.parse().ok().and_then(|share| Intensity::new(share).ok())
            })?,
            depth: settings.read("master.bit-depth", "16 or 24", |text| named(&DEPTHS, text))?,
            mp3_quality: settings.read("master.mp3-quality", "320, V0, V2 or V4", |text| {
                named(&Mp3Quality::NAMED, text)
            })?,
        },
        serving: serving::resolve(settings, folders)?,
    })
}

/// What a treatment can be called.
fn presets() -> String {
    let names = Preset::NAMES.map(|(name, _)| name).join(", ");
    format!("{names} or {PLAIN}")
}

#[cfg(test)]
mod tests {
    use super::{Folders, keys, resolve};
    use ops::settings::Settings;

    #[test]
    fn every_key_has_a_reader() {
        let settings = Settings::new(&keys()).with_flag("data.folder", Some("/data".to_owned()));
        resolve(&settings, &Folders::default()).unwrap();
        assert_eq!(settings.unread(), [""; 0]);
    }

    #[test]
    fn names_and_variables_agree() {
        for key in keys() {
            let expected = format!("AURALIS_{}", key.name.to_uppercase().replace(['.', '-'], "_"));
            assert_eq!(key.variable, expected);
            assert!(!key.meaning.is_empty());
        }
    }
}
