//! Files of any format mastered: hear, decide, plan, render, write, and measure what was written.

mod deliver;
mod format;
mod page;
mod places;
mod plan;
mod words;

use std::path::{Path, PathBuf};

use audio_file::{Depth, Mp3Quality};
use fault::{Cancel, Progress};
use mastering::{Chain, Intensity, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::character::Character;
use crate::measured::Measured;
use crate::track::Heard;
use crate::treatment::{ReasonLine, Treatment};
use crate::verdict::{self, Check};

pub(crate) use deliver::{Item, carry_out};
pub use format::OutputFormat;
pub(crate) use places::is_same_file;

/// The version of [`Mastered`].
pub const SCHEMA: u32 = 1;

/// What is done to a sound, and what it is delivered as.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// What to reach.
    pub target: Target,
    /// How.
    pub treatment: Treatment,
    /// How much of it; at none the sound stays as it came.
    pub intensity: Intensity,
    /// For WAV and FLAC.
    pub depth: Depth,
    /// For MP3.
    pub mp3_quality: Mp3Quality,
}

/// What to make.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where to read.
    pub input: PathBuf,
    /// Where to write: `.wav`, `.flac` or `.mp3`.
    pub output: PathBuf,
    /// What to do.
    pub terms: Terms,
    /// Where to write a page with pictures: a file `.html`, or a folder for `report.html`.
    pub report: Option<PathBuf>,
    /// Whether an existing output may be replaced. The input never is.
    pub replace: bool,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mastered {
    /// Version of this structure.
    pub schema: u32,
    /// Version of the program.
    pub version: String,
    /// Revision of the mastering engine.
    pub mastering_revision: u32,
    /// Revision of the analysis.
    pub analysis_revision: u32,
    /// What was read.
    pub input: String,
    /// What was written.
    pub output: String,
    /// The target's name.
    pub target: String,
    /// Loudness to reach, LUFS.
    pub target_lufs: f64,
    /// True peak to stay under, dBTP.
    pub ceiling_dbtp: f64,
    /// How: "plain", "preset warm", "chain my.toml".
    pub treatment: String,
    /// How much of it, 0 to 1.
    pub intensity: f64,
    /// Why each stage is as it is.
    pub reasons: Vec<ReasonLine>,
    /// The stages as they were applied; `null` where the sound was left as it came.
    pub chain: Option<Chain>,
    /// Channels of the input that were mixed to two by ITU-R BS.775, for a format of two.
    pub mixed_down_from: Option<usize>,
    /// The input as it was.
    pub before: Measured,
    /// What it was like.
    pub character_before: Character,
    /// The output, decoded from the file that was written.
    pub after: Measured,
    /// What that is like.
    pub character_after: Character,
    /// The linear gain that was applied, dB.
    pub gain_db: f64,
    /// The deepest reach of the limiter, dB.
    pub limiting_db: f64,
    /// Its mean, dB.
    pub mean_limiting_db: f64,
    /// What kept the master from its target, if anything did.
    pub held_back: Option<String>,
    /// The album this is part of.
    pub album: Option<AlbumFigures>,
    /// What had to be so.
    pub checks: Vec<Check>,
}

impl Mastered {
    /// Whether it is what was asked; if not, the failures in one sentence, with what kept it from
    /// its target.
    pub fn verdict(&self) -> Result<(), String> {
        verdict::summary(&self.checks).map_err(|failed| match &self.held_back {
            Some(why) => format!("{failed}; {why}"),
            None => failed,
        })
    }
}

/// An album as one sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlbumFigures {
    /// How many tracks.
    pub tracks: usize,
    /// Loudness of all tracks as they came, LUFS.
    pub before_lufs: Option<f64>,
    /// Loudness of all tracks as they were written, LUFS.
    pub after_lufs: Option<f64>,
}

/// A master with all that was heard, for the pictures.
pub(crate) struct Delivered {
    pub(crate) mastered: Mastered,
    pub(crate) before: Heard,
    pub(crate) after: Heard,
}

/// Masters one file.
pub fn master(order: &Order, progress: &dyn Progress, cancel: &Cancel) -> Result<Mastered, Error> {
    OutputFormat::of(&order.output)?;
    places::refuse_overwriting(&order.input, &order.output, order.replace)?;
    let item = Item { input: order.input.clone(), output: order.output.clone() };
    let report = order.report.as_deref().map(|place| crate::page_path(place, "report.html"));
    if let Some(report) = &report {
        places::refuse_overwriting(&order.input, report, true)?;
    }
    for written in std::iter::once(&order.output).chain(&report) {
        if let Some(file) = order.terms.treatment.file()
            && written.exists()
            && is_same_file(file, written)?
        {
            return Err(Error::Needed(written.clone()));
        }
    }
    let mut delivered = carry_out(&[item], &order.terms, progress, cancel)?;
    // One item, one master.
    let delivered = delivered.swap_remove(0);
    if let Some(path) = report {
        write_page(&path, &delivered)?;
    }
    Ok(delivered.mastered)
}

/// Writes the page of one master.
pub(crate) fn write_page(path: &Path, delivered: &Delivered) -> Result<(), Error> {
    crate::publish_text(path, &page::build(delivered).html())
}
