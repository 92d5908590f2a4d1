//! A file of any format brought to a target: decode, plan, apply, write, and measure what was
//! written.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use audio::{Buffer, Decibels};
use audio_file::{Depth, Mp3Quality, Pcm, Tags, write_flac, write_mp3, write_wav};
use clock::Seed;
use fault::{Cancel, Progress};
use mastering::{Chain, Plan, Target};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::measured::{Measured, open};
use crate::verdict::{Check, of_master};

/// Dither is part of the result: the same seed for the same master, always.
const DITHER: Seed = Seed(0x7472_6961_6400);
/// A lossy file may come back above the ceiling; each try lowers it by what was over.
const MAX_TRIES: usize = 3;

/// What to make.
#[derive(Debug, Clone)]
pub struct Order {
    /// Where to read.
    pub input: PathBuf,
    /// Where to write: `.wav`, `.flac` or `.mp3`.
    pub output: PathBuf,
    /// What to reach.
    pub target: Target,
    /// For WAV and FLAC.
    pub depth: Depth,
    /// For MP3.
    pub mp3_quality: Mp3Quality,
    /// Whether an existing output may be replaced. The input never is.
    pub replace: bool,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mastered {
    /// The target's name.
    pub target: String,
    /// The input as it was.
    pub before: Measured,
    /// The output, decoded from the file that was written.
    pub after: Measured,
    /// The linear gain that was applied, dB.
    pub gain_db: f64,
    /// The deepest reach of the limiter, dB.
    pub limiting_db: f64,
    /// Whether the bound on limiting kept the master from its target.
    pub held_back: bool,
    /// What had to be so.
    pub checks: Vec<Check>,
}

/// Masters one file.
pub fn master(order: &Order, progress: &dyn Progress, cancel: &Cancel) -> Result<Mastered, Error> {
    let format = OutputFormat::of(&order.output)?;
    refuse_overwriting(&order.input, &order.output, order.replace)?;
    progress.stage("Reading");
    let (buffer, name) = open(&order.input)?;
    let before = Measured::of(&buffer, &name).0;
    let tags = File::open(&order.input).map(|mut file| Tags::read(&mut file));
    let tags =
        Tags { encoder: crate::maker(), ..tags.map_err(ops::Error::io("read", &order.input))? };
    let mut target = order.target;
    for _ in 1..MAX_TRIES {
        let (after, plan) = deliver(order, format, &target, &buffer, &tags, progress, cancel)?;
        let over = after.true_peak_dbtp.map_or(0.0, |peak| peak - order.target.ceiling.0);
        if format != OutputFormat::Mp3 || over <= 0.0 {
            return Ok(report(order, before, after, &plan));
        }
        target.ceiling = target.ceiling - Decibels(over + 0.05);
    }
    let (after, plan) = deliver(order, format, &target, &buffer, &tags, progress, cancel)?;
    Ok(report(order, before, after, &plan))
}

fn deliver(
    order: &Order,
    format: OutputFormat,
    target: &Target,
    buffer: &Buffer,
    tags: &Tags,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<(Measured, Plan), Error> {
    let what = order.input.display().to_string();
    progress.stage("Mastering");
    let (mastered, plan) = mastering::master(buffer, &target.on(Chain::default()), cancel)
        .map_err(Error::mastering(what))?;
    cancel.check()?;
    progress.stage("Writing");
    ops::publish::file(&order.output, |out| {
        format
            .write(out, &mastered, order.depth, order.mp3_quality, tags)
            .map_err(Error::file(&order.output))
    })?;
    progress.stage("Checking");
    let (delivered, name) = open(&order.output)?;
    Ok((Measured::of(&delivered, &name).0, plan))
}

fn report(order: &Order, before: Measured, after: Measured, plan: &Plan) -> Mastered {
    let name = order.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut checks = of_master(&name, &after, &order.target);
    checks.push(Check::new(
        format!("{name}: length"),
        format!("{} frames", after.frames),
        format!("{} frames", before.frames),
        after.frames == before.frames,
    ));
    Mastered {
        target: order.target.name.to_owned(),
        before,
        after,
        gain_db: plan.gain().0,
        limiting_db: plan.limiting.0,
        held_back: plan.held_back.is_some(),
        checks,
    }
}

/// The formats a master is delivered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OutputFormat {
    Wav,
    Flac,
    Mp3,
}

impl OutputFormat {
    fn of(path: &Path) -> Result<Self, Error> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        match ending.as_deref() {
            Some("wav") => Ok(OutputFormat::Wav),
            Some("flac") => Ok(OutputFormat::Flac),
            Some("mp3") => Ok(OutputFormat::Mp3),
            _ => Err(Error::OutputFormat(path.to_owned())),
        }
    }

    fn write(
        self,
        out: &mut BufWriter<File>,
        buffer: &Buffer,
        depth: Depth,
        quality: Mp3Quality,
        tags: &Tags,
    ) -> Result<(), audio_file::Error> {
        match self {
            OutputFormat::Wav => write_wav(out, &Pcm::quantise(buffer, depth, DITHER), tags)?,
            OutputFormat::Flac => write_flac(out, &Pcm::quantise(buffer, depth, DITHER), tags)?,
            OutputFormat::Mp3 => write_mp3(out, buffer, quality, tags)?,
        }
        Ok(out.flush()?)
    }
}

/// Paths may differ and mean one file: links, hard links, dots.
fn refuse_overwriting(input: &Path, output: &Path, replace: bool) -> Result<(), Error> {
    if !output.exists() {
        return Ok(());
    }
    let there = |path: &Path| std::fs::metadata(path).map_err(ops::Error::io("read", path));
    let real = |path: &Path| path.canonicalize().map_err(ops::Error::io("read", path));
    if real(input)? == real(output)? || is_same_file(&there(input)?, &there(output)?) {
        return Err(Error::SameFile(output.to_owned()));
    }
    if replace { Ok(()) } else { Err(Error::Exists(output.to_owned())) }
}

#[cfg(unix)]
fn is_same_file(a: &std::fs::Metadata, b: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

/// Elsewhere a hard link cannot be told; the output is renamed into place, so even then the
/// input's bytes stay.
#[cfg(not(unix))]
fn is_same_file(_: &std::fs::Metadata, _: &std::fs::Metadata) -> bool {
    false
}
