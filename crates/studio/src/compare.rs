//! Two sounds held against each other: aligned, equally loud, and as a blind test.

mod align;
mod clip;
mod page;

use std::path::{Path, PathBuf};

use audio::{Buffer, SampleRate};
use audio_file::resample;
use fault::{Cancel, Progress};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::analyse::Described;
use crate::measured::open;
use crate::track::{Heard, Track};

pub use clip::EMBEDDED_S;

/// The version of [`Compared`].
pub const SCHEMA: u32 = 1;

/// What to compare.
#[derive(Debug, Clone)]
pub struct CompareOrder {
    /// The first sound, that the other is held against.
    pub a: PathBuf,
    /// The second.
    pub b: PathBuf,
    /// Where to write a page with pictures and a blind test: a file `.html`, or a folder for
    /// `index.html`.
    pub page: Option<PathBuf>,
}

/// How two sounds differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// Version of this structure.
    pub schema: u32,
    /// The first sound, whole and as it is.
    pub a: Described,
    /// The second.
    pub b: Described,
    /// The rate at which they were compared, Hz: the lower of the two.
    pub rate_hz: u32,
    /// How much later the second begins, frames of that rate.
    pub offset_frames: i64,
    /// The same in seconds.
    pub offset_seconds: f64,
    /// How long both sound at once, seconds.
    pub overlap_seconds: f64,
    /// How alike they are once aligned, over all that both have: correlation, -1 to 1.
    pub likeness: f64,
    /// Whether the second has its polarity turned.
    pub polarity_turned: bool,
    /// What makes the second as loud as the first, dB; `null` where loudness is not measurable.
    pub gain_db: Option<f64>,
    /// What makes the second leave least of the first when it is taken away, dB.
    pub null_gain_db: f64,
    /// What is left then, dB of the first; `null` for nothing at all.
    pub null_db: Option<f64>,
    /// The spectrum of the second less the first's, both as loud.
    pub spectrum: Vec<BandDifference>,
}

/// A third of an octave in both.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BandDifference {
    /// Its middle, Hz.
    pub centre_hz: f64,
    /// Second less first at equal loudness, dB.
    pub difference_db: f64,
}

/// Two sounds on two speakers at one rate, from the same moment on, as long as both last.
pub(crate) struct Pair {
    a: Buffer,
    b: Buffer,
}

/// Compares two files.
pub fn compare(
    order: &CompareOrder,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Compared, Error> {
    progress.stage("Listening");
    let hear = |path: &Path| Track::open(path)?.hear(cancel);
    let (first, second) = (hear(&order.a)?, hear(&order.b)?);
    progress.stage("Aligning");
    let rate = first.analysis.rate.min(second.analysis.rate);
    let (a, b) = (at_rate(&order.a, rate)?, at_rate(&order.b, rate)?);
    cancel.check()?;
    let found = align::align(&a, &b).ok_or_else(|| Error::NotAlike {
        a: order.a.clone(),
        b: order.b.clone(),
        seconds: align::REACH_S,
    })?;
    let pair = Pair::cut(&a, &b, found.offset);
    cancel.check()?;
    let null = align::null(&pair.a, &pair.b);
    let gain_db = clip::gain_between(&pair);
    let compared = Compared {
        schema: SCHEMA,
        a: Described::of(&order.a, &first),
        b: Described::of(&order.b, &second),
        rate_hz: rate.hz(),
        offset_frames: found.offset,
        offset_seconds: found.offset as f64 / rate.hz_f64(),
        overlap_seconds: pair.a.seconds(),
        likeness: null.likeness,
        polarity_turned: found.likeness < 0.0,
        gain_db,
        null_gain_db: null.gain_db,
        null_db: null.depth_db,
        spectrum: spectrum(&first, &second),
    };
    if let Some(place) = &order.page {
        progress.stage("Writing");
        let path = crate::page_path(place, "index.html");
        for original in [&order.a, &order.b] {
            if path.exists() && crate::master::is_same_file(original, &path)? {
                return Err(Error::SameFile(path));
            }
        }
        let page = page::build(&compared, &first, &second, &pair)?;
        crate::publish_text(&path, &page.html())?;
    }
    Ok(compared)
}

/// Decoded, on two speakers, at the rate of the comparison.
fn at_rate(path: &Path, rate: SampleRate) -> Result<Buffer, Error> {
    let (buffer, _) = open(path)?;
    let stereo = buffer.to_stereo();
    if stereo.rate() == rate {
        return Ok(stereo);
    }
    resample(&stereo, rate).map_err(Error::file(path))
}

fn spectrum(a: &Heard, b: &Heard) -> Vec<BandDifference> {
    crate::charts::differences(a, b)
        .into_iter()
        .map(|(centre_hz, difference_db)| BandDifference { centre_hz, difference_db })
        .collect()
}

impl Pair {
    fn cut(a: &Buffer, b: &Buffer, offset: i64) -> Self {
        let (from_a, from_b) = ((-offset).max(0) as usize, offset.max(0) as usize);
        let left = |buffer: &Buffer, from: usize| buffer.length().index().saturating_sub(from);
        let length = left(a, from_a).min(left(b, from_b));
        let part = |buffer: &Buffer, from: usize| {
            let mut part = buffer.clone();
            part.skip(audio::Frames(from as u64));
            part.resize(audio::Frames(length as u64));
            part
        };
        Self { a: part(a, from_a), b: part(b, from_b) }
    }
}

impl Compared {
    /// Name, first and second, for people; then what was found between them.
    pub fn lines(&self) -> (Vec<[String; 3]>, Vec<String>) {
        let levels = self.a.figures.lines().into_iter().zip(self.b.figures.lines());
        let table = levels.map(|((name, a), (_, b))| [name.to_owned(), a, b]).collect();
        let later = match self.offset_frames {
            0 => "Both begin at the same frame".to_owned(),
            n if n > 0 => format!("B begins {n} frames later ({:.4} s)", self.offset_seconds),
            n => format!("B begins {} frames earlier ({:.4} s)", -n, -self.offset_seconds),
        };
        let mut found = vec![
            format!("{later}; {:.2} s of both at {} Hz", self.overlap_seconds, self.rate_hz),
            match self.gain_db {
                Some(gain) => format!("{gain:+.2} dB make B as loud as A"),
                None => "The loudness of one of them is not measurable".to_owned(),
            },
        ];
        if self.polarity_turned {
            found.push("The polarity of B is turned".to_owned());
        }
        found.push(match self.null_db {
            Some(null) => format!(
                "Taken away from A, B at {:+.2} dB leaves {null:.1} dB of it; likeness {:.4}",
                self.null_gain_db, self.likeness
            ),
            None => "Taken away from A, B leaves nothing: they are the same".to_owned(),
        });
        let furthest = self
            .spectrum
            .iter()
            .max_by(|a, b| a.difference_db.abs().total_cmp(&b.difference_db.abs()));
        if let Some(band) = furthest {
            found.push(format!(
                "At equal loudness B differs most at {:.0} Hz: {:+.1} dB",
                band.centre_hz, band.difference_db
            ));
        }
        (table, found)
    }
}
