use std::path::PathBuf;

use audio::SampleRate;
use audio_file::{Depth, Mp3Quality};
use clock::Seed;
use compose::Wishes;
use instruments::Kernel;
use mastering::Target;
use score::Key;

use crate::Error;
use crate::recipe::Ask;

/// Everything that decides a song, and where it goes.
#[derive(Debug, Clone)]
pub struct MakeOrder {
    /// What it should be.
    pub sentence: String,
    /// What flags ask for; they win over the sentence.
    pub wishes: Wishes,
    /// All chance comes from it.
    pub seed: Seed,
    /// For the tags.
    pub artist: String,
    /// For the tags.
    pub album: String,
    /// What is delivered.
    pub delivery: Delivery,
    /// The release folder.
    pub out: PathBuf,
    /// Whether a folder that is not empty may be replaced.
    pub replace: bool,
    /// Threads that play; the song is the same.
    pub threads: usize,
    /// Code path of the instruments; the song is the same.
    pub kernel: Kernel,
}

/// What is delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What to reach.
    pub target: Target,
    /// Formats of the master, each once.
    pub formats: Vec<FileFormat>,
    /// Of WAV and FLAC.
    pub depth: Depth,
    /// Of everything.
    pub rate: SampleRate,
    /// Of MP3.
    pub mp3_quality: Mp3Quality,
    /// Whether stems are delivered too.
    pub stems: bool,
}

/// A format of the master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileFormat {
    /// `master.wav`
    Wav,
    /// `master.flac`
    Flac,
    /// `master.mp3`
    Mp3,
}

impl FileFormat {
    /// All of them with their names on the command line.
    pub const NAMED: [(&'static str, FileFormat); 3] =
        [("wav", FileFormat::Wav), ("flac", FileFormat::Flac), ("mp3", FileFormat::Mp3)];

    /// The ending of its file, and its name.
    pub fn ending(self) -> &'static str {
        Self::NAMED.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// A list such as "wav,flac"; refuses unknown and repeated names, and an empty list.
    pub fn parse_list(text: &str) -> Option<Vec<FileFormat>> {
        let mut formats = Vec::new();
        for name in text.split(',').map(str::trim) {
            let (_, format) = Self::NAMED.iter().find(|(n, _)| *n == name)?;
            if formats.contains(format) {
                return None;
            }
            formats.push(*format);
        }
        Some(formats).filter(|formats| !formats.is_empty())
    }
}

/// Rates a song can be rendered at.
pub(crate) const RATES: [u32; 4] = [44_100, 48_000, 88_200, 96_000];
const MP3_RATES: [u32; 2] = [44_100, 48_000];
/// Longer words in a tag are a mistake.
const MAX_TAG: usize = 200;

impl MakeOrder {
    /// Refuses what could not be delivered, before any work is done.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        let rate = self.delivery.rate.hz();
        let refuse = |setting, value: String, accepted: &str| {
            Err(Error::OutOfRange { setting, value, accepted: accepted.to_owned() })
        };
        if !RATES.contains(&rate) {
            return refuse("rate", rate.to_string(), "44100, 48000, 88200 or 96000 Hz");
        }
        let mp3 = self.delivery.formats.contains(&FileFormat::Mp3);
        if mp3 && !audio_file::WRITES_MP3 {
            let accepted = "wav or flac: this build was made without the feature \"mp3\"";
            return refuse("formats", "mp3".to_owned(), accepted);
        }
        if mp3 && !MP3_RATES.contains(&rate) {
            let accepted = "44100 or 48000 Hz for MP3; leave mp3 out of --formats for more";
            return refuse("rate", rate.to_string(), accepted);
        }
        for (setting, text) in [
            ("title", self.wishes.title.as_deref().unwrap_or("-")),
            ("artist", &self.artist),
            ("album", &self.album),
        ] {
            let length = text.chars().count();
            if length > MAX_TAG {
                return refuse(setting, format!("{length} characters long"), "1 to 200 characters");
            }
            if setting == "title" && text.trim().is_empty() {
                return refuse(setting, "empty".to_owned(), "1 to 200 characters");
            }
        }
        Ok(())
    }

    pub(crate) fn ask(&self) -> Ask {
        let named = |quality| {
            let found = Mp3Quality::NAMED.iter().find(|(_, q)| *q == quality);
            found.map_or(String::new(), |(name, _)| (*name).to_owned())
        };
        Ask {
            sentence: self.sentence.clone(),
            seed: self.seed.0,
            genre: self.wishes.genre.clone(),
            bpm: self.wishes.bpm,
            key: self.wishes.key.map(|key| key.to_string()),
            duration_seconds: self.wishes.duration,
            title: self.wishes.title.clone(),
            artist: self.artist.clone(),
            album: self.album.clone(),
            target: self.delivery.target.name.to_owned(),
            formats: self.delivery.formats.iter().map(|f| f.ending().to_owned()).collect(),
            bit_depth: self.delivery.depth.bits(),
            rate_hz: self.delivery.rate.hz(),
            mp3_quality: named(self.delivery.mp3_quality),
            stems: self.delivery.stems,
        }
    }

    /// The order a recipe stands for.
    pub(crate) fn from_ask(ask: &Ask, out: PathBuf, threads: usize) -> Result<Self, Error> {
        let broken = |what: &str| Error::Recipe(format!("{what} is not one this build knows"));
        let key = ask.key.as_ref().map(|key| key.parse::<Key>()).transpose();
        let quality = Mp3Quality::NAMED.iter().find(|(name, _)| *name == ask.mp3_quality);
        let depth =
            [Depth::Sixteen, Depth::TwentyFour].into_iter().find(|d| d.bits() == ask.bit_depth);
        Ok(Self {
            sentence: ask.sentence.clone(),
            wishes: Wishes {
                genre: ask.genre.clone(),
                bpm: ask.bpm,
                key: key.map_err(|_| broken("ask.key"))?,
                meter: None,
                duration: ask.duration_seconds,
                title: ask.title.clone(),
            },
            seed: Seed(ask.seed),
            artist: ask.artist.clone(),
            album: ask.album.clone(),
            delivery: Delivery {
                target: Target::named(&ask.target).map_err(|_| broken("ask.target"))?,
                formats: FileFormat::parse_list(&ask.formats.join(","))
                    .ok_or_else(|| broken("ask.formats"))?,
                depth: depth.ok_or_else(|| broken("ask.bit_depth"))?,
                rate: SampleRate::new(ask.rate_hz).map_err(|_| broken("ask.rate_hz"))?,
                mp3_quality: quality.ok_or_else(|| broken("ask.mp3_quality"))?.1,
                stems: ask.stems,
            },
            out,
            replace: false,
            threads,
            kernel: Kernel::Detect,
        })
    }
}
