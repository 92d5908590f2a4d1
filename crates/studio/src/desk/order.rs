use std::path::PathBuf;

use audio::SampleRate;
use audio_file::{Depth, Mp3Quality};
use clock::Seed;
use compose::{Brief, Wishes};
use instruments::Kernel;
use mastering::Target;
use score::Key;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::genre::Genres;
use crate::make::{Delivery, FileFormat, MakeOrder};

/// The artist in the tags, where the order names none.
pub const ARTIST: &str = "AETHER";
/// The album in the tags.
pub const ALBUM: &str = "Composed here";

/// A song asked for: a sentence, and what wins over it. What is left open is chosen.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SongOrder {
    /// What it should be, in words; at most 2,000 characters.
    pub sentence: String,
    /// All chance comes from it.
    #[serde(default)]
    pub seed: u64,
    /// Genre by id or another of its names.
    #[serde(default)]
    pub genre: Option<String>,
    /// Quarter notes a minute, 20 to 300.
    #[serde(default)]
    pub bpm: Option<f64>,
    /// Such as "Bb minor" or "D dorian".
    #[serde(default)]
    pub key: Option<String>,
    /// Seconds, 15 to 900 and to what the desk takes.
    #[serde(default)]
    pub duration_seconds: Option<f64>,
    /// Title; chosen where there is none.
    #[serde(default)]
    pub title: Option<String>,
    /// Artist in the tags.
    #[serde(default)]
    pub artist: Option<String>,
    /// What to reach, such as "spotify" or "club".
    #[serde(default)]
    pub target: Option<String>,
    /// Whether every part is kept as a file of its own: ten times the room.
    #[serde(default)]
    pub stems: bool,
}

impl SongOrder {
    /// Refuses what could not be made, before it has to wait.
    pub(super) fn validate(&self, genres: &Genres, longest_s: f64) -> Result<(), Error> {
        let order = self.make_order(PathBuf::new(), 1)?;
        order.validate()?;
        let names = genres.names();
        let brief = Brief::read(&self.sentence, &names)?.with(&order.wishes, &names)?;
        match brief.duration.filter(|seconds| *seconds > longest_s) {
            None => Ok(()),
            Some(seconds) => Err(Error::OutOfRange {
                setting: "duration",
                value: format!("{seconds} seconds"),
                accepted: format!("15 to {longest_s} seconds"),
            }),
        }
    }

    /// The order as the maker of songs takes it.
    pub(super) fn make_order(&self, out: PathBuf, threads: usize) -> Result<MakeOrder, Error> {
        let refused = |what: &str, text: &str| Error::Order(format!("{what} \"{text}\" is none"));
        let key =
            self.key.as_ref().map(|text| text.parse::<Key>().map_err(|_| refused("key", text)));
        let target = self.target.as_deref().map_or(Ok(Target::DEFAULT), |name| {
            Target::named(name).map_err(|_| refused("target", name))
        });
        Ok(MakeOrder {
            sentence: self.sentence.clone(),
            wishes: Wishes {
                genre: self.genre.clone(),
                bpm: self.bpm,
                key: key.transpose()?,
                // No flag names it: a recipe would not hold it. The sentence may.
                meter: None,
                duration: self.duration_seconds,
                title: self.title.clone(),
            },
            seed: Seed(self.seed),
            artist: self.artist.clone().unwrap_or_else(|| ARTIST.to_owned()),
            album: ALBUM.to_owned(),
            delivery: delivery(target?, self.stems),
            out,
            replace: true,
            threads,
            kernel: Kernel::Detect,
        })
    }
}

/// Every format this build can write: the lossless one for the library, the others to be taken along.
fn delivery(target: Target, stems: bool) -> Delivery {
    let mut formats = vec![FileFormat::Flac, FileFormat::Wav];
    if audio_file::WRITES_MP3 {
        formats.push(FileFormat::Mp3);
    }
    Delivery {
        target,
        formats,
        depth: Depth::TwentyFour,
        rate: SampleRate::STUDIO,
        mp3_quality: Mp3Quality::V0,
        stems,
    }
}
