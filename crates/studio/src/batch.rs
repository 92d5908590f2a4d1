//! A folder of sound files mastered into another, in parallel and resumably; originals stay as they
//! are.

mod page;
mod scan;
mod state;
mod work;

use std::path::PathBuf;

use fault::{Cancel, Progress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::master::{OutputFormat, Terms};

pub use scan::STATE_FILE;

/// The version of [`Summary`] and of the state beside the masters.
pub const SCHEMA: u32 = 1;
/// The summary as a page, beside the masters.
pub const SUMMARY_FILE: &str = "summary.html";

/// What to make.
#[derive(Debug, Clone)]
pub struct BatchOrder {
    /// The folder with the originals; everything below it is looked at.
    pub input: PathBuf,
    /// The folder of the masters: the same tree.
    pub out: PathBuf,
    /// What to do to each.
    pub terms: Terms,
    /// What each is delivered as.
    pub format: OutputFormat,
    /// Whether the files of a folder are mastered as one sound: one chain, one gain.
    pub album: bool,
    /// Whether each master gets a page with pictures.
    pub report: bool,
    /// Whether files may be replaced that stand where masters go and that no batch made.
    pub replace: bool,
    /// How many are worked on at a time; the masters do not depend on it.
    pub threads: usize,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Version of this structure.
    pub schema: u32,
    /// Each file that holds sound, by name.
    pub files: Vec<FileLine>,
    /// Files that were mastered in this run.
    pub done: usize,
    /// Files whose masters were there already.
    pub skipped: usize,
    /// Files without a master, or with one off its target.
    pub failed: usize,
    /// Files that hold no sound we know: covers, playlists, notes.
    pub passed_over: usize,
}

/// One file of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileLine {
    /// Below the folder of originals.
    pub input: String,
    /// Below the folder of masters.
    pub output: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Whether its master was there already.
    pub skipped: bool,
}

/// What came of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Outcome {
    /// There is a master.
    Mastered(Brief),
    /// There is none.
    Failed {
        /// Why not.
        reason: String,
    },
}

/// The figures of a master that a summary shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Brief {
    /// Integrated loudness as it came, LUFS.
    pub before_lufs: Option<f64>,
    /// True peak as it came, dBTP.
    pub before_dbtp: Option<f64>,
    /// Integrated loudness of the master, LUFS.
    pub after_lufs: Option<f64>,
    /// True peak of the master, dBTP.
    pub after_dbtp: Option<f64>,
    /// Gain, dB.
    pub gain_db: f64,
    /// The deepest reach of the limiter, dB.
    pub limiting_db: f64,
    /// The stages that are in, by name.
    pub stages: Vec<String>,
    /// What is off its target; `null` if all is as it should be.
    pub missed: Option<String>,
}

/// Masters all of a folder. What cannot be read is listed and stops nothing; what was done before
/// on the same terms is not done again.
pub fn batch(
    order: &BatchOrder,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Summary, Error> {
    let found = scan::scan(order)?;
    let files = work::work(order, &found.jobs, progress, cancel)?;
    let skipped = files.iter().filter(|file| file.skipped).count();
    let failed = files.iter().filter(|file| !file.outcome.is_good()).count();
    let summary = Summary {
        schema: SCHEMA,
        done: files.iter().filter(|f| !f.skipped && f.outcome.is_master()).count(),
        skipped,
        failed,
        passed_over: found.passed_over,
        files,
    };
    crate::publish_text(&order.out.join(SUMMARY_FILE), &page::build(order, &summary).html())?;
    Ok(summary)
}

impl Outcome {
    fn is_master(&self) -> bool {
        matches!(self, Outcome::Mastered(_))
    }

    /// Whether there is a master at its target.
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Mastered(brief) if brief.missed.is_none())
    }
}

impl Summary {
    /// Heading and a line for each file, for people.
    pub fn rows(&self) -> Vec<[String; 5]> {
        let said = |lufs: Option<f64>, dbtp: Option<f64>| {
            let figure = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.1}"));
            format!("{} LUFS {} dBTP", figure(lufs), figure(dbtp))
        };
        self.files
            .iter()
            .map(|file| match &file.outcome {
                Outcome::Mastered(brief) => [
                    file.input.clone(),
                    said(brief.before_lufs, brief.before_dbtp),
                    said(brief.after_lufs, brief.after_dbtp),
                    format!("{:+.1} dB, {}", brief.gain_db, brief.stages.join(" ")),
                    match (&brief.missed, file.skipped) {
                        (Some(missed), _) => format!("MISSED: {missed}"),
                        (None, true) => "there already".to_owned(),
                        (None, false) => "ok".to_owned(),
                    },
                ],
                Outcome::Failed { reason } => {
                    let nothing = || "-".to_owned();
                    [
                        file.input.clone(),
                        nothing(),
                        nothing(),
                        nothing(),
                        format!("FAILED: {reason}"),
                    ]
                }
            })
            .collect()
    }

    /// One sentence.
    pub fn words(&self) -> String {
        format!(
            "{} files: {} mastered, {} there already, {} failed or off target; {} others hold no sound",
            self.files.len(),
            self.done,
            self.skipped,
            self.failed,
            self.passed_over
        )
    }
}
