//! Every setting and every environment variable of `aether`, and the types they become.

use std::path::PathBuf;

use audio::SampleRate;
use audio_file::{Depth, Mp3Quality};
use mastering::Target;
use ops::settings::{Key, Settings, named};
use ops::telemetry::{self, Format};
use studio::make::FileFormat;

/// The prefix of all variables below.
pub(crate) const PREFIX: &str = "AETHER_";
/// Names the settings file; it is no setting itself.
pub(crate) const CONFIG_VARIABLE: &str = "AETHER_CONFIG";

pub(crate) const KEYS: [Key; 10] = [
    Key {
        name: "log.format",
        variable: "AETHER_LOG_FORMAT",
        default: "human",
        meaning: "log lines for people or machines: human, json",
    },
    Key {
        name: "log.level",
        variable: "AETHER_LOG_LEVEL",
        default: "warn",
        meaning: "how much is logged: error, warn, info, debug, trace",
    },
    Key {
        name: "make.album",
        variable: "AETHER_MAKE_ALBUM",
        default: "Songs from sentences",
        meaning: "album in the tags of new songs",
    },
    Key {
        name: "make.artist",
        variable: "AETHER_MAKE_ARTIST",
        default: "AETHER",
        meaning: "artist in the tags of new songs",
    },
    Key {
        name: "make.formats",
        variable: "AETHER_MAKE_FORMATS",
        default: "wav,flac,mp3",
        meaning: "formats of the master: any of wav, flac, mp3",
    },
    Key {
        name: "make.rate",
        variable: "AETHER_MAKE_RATE",
        default: "48000",
        meaning: "sample rate of new songs in Hz: 44100, 48000, 88200, 96000",
    },
    Key {
        name: "make.threads",
        variable: "AETHER_MAKE_THREADS",
        default: "0",
        meaning: "threads that play the parts, 0 for one per processor; the song is the same",
    },
    Key {
        name: "master.bit-depth",
        variable: "AETHER_MASTER_BIT_DEPTH",
        default: "24",
        meaning: "bits of WAV and FLAC masters: 16, 24",
    },
    Key {
        name: "master.mp3-quality",
        variable: "AETHER_MASTER_MP3_QUALITY",
        default: "V0",
        meaning: "bits of MP3 masters: 320, V0, V2, V4",
    },
    Key {
        name: "master.target",
        variable: "AETHER_MASTER_TARGET",
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    pub(crate) target: Target,
    pub(crate) depth: Depth,
    pub(crate) mp3_quality: Mp3Quality,
}

/// What new songs are, beside their delivery.
#[derive(Debug, Clone)]
pub(crate) struct Making {
    pub(crate) artist: String,
    pub(crate) album: String,
    pub(crate) formats: Vec<FileFormat>,
    pub(crate) rate: SampleRate,
    pub(crate) threads: usize,
}

/// All settings, typed.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) making: Making,
    pub(crate) logging: Logging,
    pub(crate) delivery: Delivery,
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
    let mut settings = Settings::new(&KEYS);
    let named_file = file.or_else(|| std::env::var_os(CONFIG_VARIABLE).map(PathBuf::from));
    if let Some(path) = named_file.or_else(usual_file) {
        settings = settings.with_file(&path)?;
    }
    let variables = std::env::vars_os().filter(|(name, _)| name != CONFIG_VARIABLE);
    settings.with_environment(PREFIX, &KEYS, variables)
}

/// `$XDG_CONFIG_HOME/aether/config.toml` or `~/.config/aether/config.toml`, if it is there.
fn usual_file() -> Option<PathBuf> {
    let base = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")))?;
    Some(base.join("aether/config.toml")).filter(|path| path.is_file())
}

/// Text to types; the first bad value is refused by name.
pub(crate) fn resolve(settings: &Settings) -> Result<Resolved, ops::Error> {
    let targets = mastering::TARGETS.map(|t| t.name).join(", ");
    let word = |text: &str| Some(text.to_owned());
    Ok(Resolved {
        making: Making {
            artist: settings.read("make.artist", "words", word)?,
            album: settings.read("make.album", "words", word)?,
            formats: settings.read("make.formats", "wav, flac and mp3, each once", |text| {
                FileFormat::parse_list(text)
            })?,
            rate: settings.read("make.rate", "44100, 48000, 88200 or 96000", |text| {
                text.parse().ok().and_then(|hz| SampleRate::new(hz).ok())
            })?,
            threads: settings.read("make.threads", "0 to 256", |text| {
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
            depth: settings.read("master.bit-depth", "16 or 24", |text| named(&DEPTHS, text))?,
            mp3_quality: settings.read("master.mp3-quality", "320, V0, V2 or V4", |text| {
                named(&Mp3Quality::NAMED, text)
            })?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::{KEYS, resolve};
    use ops::settings::Settings;

    #[test]
    fn every_key_has_a_reader() {
        let settings = Settings::new(&KEYS);
        resolve(&settings).unwrap();
        assert_eq!(settings.unread(), [""; 0]);
    }

    #[test]
    fn names_and_variables_agree() {
        for key in KEYS {
            let expected = format!("AETHER_{}", key.name.to_uppercase().replace(['.', '-'], "_"));
            assert_eq!(key.variable, expected);
            assert!(!key.meaning.is_empty());
        }
    }
}
