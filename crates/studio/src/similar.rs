//! Which tracks are most like one, and in what they differ.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use audio::analysis::Fingerprint;
use audio::analysis::similarity::{Distance, Index};
use fault::{Cancel, Progress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::character::MEANINGS;
use crate::folder;
use crate::track::Track;

/// The version of [`Similar`].
pub const SCHEMA: u32 = 1;
/// How many values explain a distance.
const EXPLAINED: usize = 3;

/// What to look for, and where.
#[derive(Debug, Clone)]
pub struct SimilarOrder {
    /// The track.
    pub query: PathBuf,
    /// Files, and folders with all that is below them.
    pub places: Vec<PathBuf>,
    /// How many are told.
    pub count: usize,
    /// How many files are heard at a time; the answer does not depend on it.
    pub threads: usize,
}

/// The tracks that are most like one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Similar {
    /// Version of this structure.
    pub schema: u32,
    /// The track.
    pub query: String,
    /// The nearest first.
    pub nearest: Vec<Neighbour>,
    /// How many were looked at.
    pub heard: usize,
    /// What could not be looked at.
    pub passed_over: Vec<PassedOver>,
}

/// A track beside the one that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// The file.
    pub file: String,
    /// 0 is the same; some 6 is what two tracks have that have nothing to do with each other.
    pub distance: f64,
    /// In what it differs most, the most first.
    pub differs: Vec<Difference>,
}

/// A value of the fingerprint that both have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// Its name.
    pub value: String,
    /// What it says.
    pub meaning: String,
    /// Of the track that was asked for.
    pub own: f64,
    /// Of the other.
    pub other: f64,
    /// What it adds to the square of the distance, 0 to 1 of the whole.
    pub share: f64,
}

/// A file without a fingerprint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassedOver {
    /// The file.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// Hears all, and tells the nearest.
pub fn similar(
    order: &SimilarOrder,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Similar, Error> {
    progress.stage("Listening");
    let query =
        print_of(&order.query, cancel)?.ok_or_else(|| Error::NoFingerprint(order.query.clone()))?;
    let files = files(order)?;
    let heard = hear(&files, order.threads, progress, cancel)?;
    let (mut paths, mut prints, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
    for (path, print) in files.iter().zip(heard) {
        let file = path.display().to_string();
        match print {
            Ok(Some(print)) => {
                paths.push(file);
                prints.push(print);
            }
            Ok(None) => passed_over
                .push(PassedOver { file, reason: Error::NoFingerprint(path.clone()).to_string() }),
            Err(error) => passed_over.push(PassedOver { file, reason: error.to_string() }),
        }
    }
    let nearest = Index::new(&prints).nearest(&query, order.count);
    let neighbour = |(at, _): (usize, f32)| Neighbour::of(&paths[at], &query, &prints[at]);
    Ok(Similar {
        schema: SCHEMA,
        query: order.query.display().to_string(),
        nearest: nearest.into_iter().map(neighbour).collect(),
        heard: prints.len(),
        passed_over,
    })
}

/// Each file once, in the order of names, without the query itself.
fn files(order: &SimilarOrder) -> Result<Vec<PathBuf>, Error> {
    let mut files = Vec::new();
    for place in &order.places {
        if place.is_dir() {
            files
                .extend(folder::files(place)?.into_iter().filter(|file| folder::holds_sound(file)));
        } else {
            files.push(place.clone());
        }
    }
    files.sort();
    files.dedup();
    let query = order.query.canonicalize().ok();
    files.retain(|file| query.is_none() || file.canonicalize().ok() != query);
    Ok(files)
}

fn print_of(path: &Path, cancel: &Cancel) -> Result<Option<Fingerprint>, Error> {
    Ok(Track::open(path)?.hear(cancel)?.analysis.fingerprint)
}

/// The fingerprint of each file, in their order.
type Prints = Vec<Result<Option<Fingerprint>, Error>>;

fn hear(
    files: &[PathBuf],
    threads: usize,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Prints, Error> {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = files.get(at) else { return mine };
            if cancel.is_cancelled() {
                return mine;
            }
            mine.push((at, print_of(path, cancel)));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.advance(done as f64 / files.len() as f64);
        }
    };
    let mut heard: Vec<_> = std::thread::scope(|scope| {
        let count = threads.clamp(1, files.len().max(1));
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(mine) => mine,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    cancel.check()?;
    heard.sort_by_key(|(at, _)| *at);
    Ok(heard.into_iter().map(|(_, print)| print).collect())
}

impl Neighbour {
    fn of(file: &str, query: &Fingerprint, other: &Fingerprint) -> Self {
        let distance = Distance::between(query, other);
        let whole = distance.contributions.iter().sum::<f64>();
        let (own, others) = (query.as_array(), other.as_array());
        let mut by_share: Vec<usize> = (0..Fingerprint::LENGTH).collect();
        by_share.sort_by(|a, b| distance.contributions[*b].total_cmp(&distance.contributions[*a]));
        let differs =
            by_share.into_iter().take(EXPLAINED).filter(|at| distance.contributions[*at] > 0.0);
        Self {
            file: file.to_owned(),
            distance: distance.total,
            differs: differs
                .map(|at| Difference {
                    value: Fingerprint::NAMES[at].to_owned(),
                    meaning: MEANINGS[at].to_owned(),
                    own: own[at],
                    other: others[at],
                    share: distance.contributions[at] / whole,
                })
                .collect(),
        }
    }
}

impl Similar {
    /// A line for each, and what it differs in, for people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("Most like {}, of {} heard", self.query, self.heard)];
        for neighbour in &self.nearest {
            lines.push(format!("  {:5.2}  {}", neighbour.distance, neighbour.file));
            lines.extend(neighbour.differs.iter().map(|d| {
                format!(
                    "           {:>3.0} %  {} {:.3}, here {:.3} ({})",
                    d.share * 100.0,
                    d.value,
                    d.other,
                    d.own,
                    d.meaning
                )
            }));
        }
        lines.extend(self.passed_over.iter().map(|p| format!("  passed over: {}", p.reason)));
        lines
    }
}
