use std::fs::File;
use std::path::PathBuf;

use audio::loudness::Meter;
use audio::{Buffer, Decibels, Lufs};
use audio_file::Tags;
use fault::{Cancel, Progress};
use mastering::chain::Loudness;
use mastering::{Sound, Target, Whole};

use super::format::{OutputFormat, Steps};
use super::plan::Planned;
use super::{AlbumFigures, Delivered, Mastered, SCHEMA, Terms};
use crate::Error;
use crate::character::Character;
use crate::measured::Measured;
use crate::track::{Heard, Programme, Track, analyse};
use crate::treatment::{ReasonLine, Treatment};
use crate::verdict::{Check, of_master};

/// A lossy file may come back above the ceiling; each try lowers it by what was over.
const MAX_TRIES: usize = 6;
/// How far a sound that was left as it came may read off its loudness before, LU: lossy formats.
const UNTOUCHED_LU: f64 = 0.1;

/// One file and its master.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
}

/// Masters files as one sound, cut where it was joined: one file, or the tracks of an album.
pub(crate) fn carry_out(
    items: &[Item],
    terms: &Terms,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<Delivered>, Error> {
    let formats: Vec<OutputFormat> =
        items.iter().map(|item| OutputFormat::of(&item.output)).collect::<Result<_, _>>()?;
    for (item, format) in items.iter().zip(&formats) {
        let depth = (*format != OutputFormat::Mp3).then_some(terms.depth);
        terms.treatment.refuse_dither(&item.output, depth)?;
    }
    progress.stage("Listening");
    let is_mp3 = |format: &OutputFormat| *format == OutputFormat::Mp3;
    let open = |item: &Item| {
        let track = Track::open(&item.input)?;
        // All tracks of an album are heard alike.
        Ok(if formats.iter().any(is_mp3) { track.on_two_speakers() } else { track })
    };
    let tracks = items.iter().map(open).collect::<Result<Vec<_>, Error>>()?;
    let befores = tracks.iter().map(|t| t.hear(cancel)).collect::<Result<Vec<_>, _>>()?;
    let mut sound = Programme::new(tracks)?;
    let name = sound.name();
    let whole = match befores.as_slice() {
        [one] => one.analysis.clone(),
        _ => analyse(&mut sound, cancel)?,
    };
    let decided = terms.treatment.decide(&whole, &terms.target);
    let (mut chain, reasons) = decided.map_err(Error::mastering(&name))?;
    chain.validate_for(sound.rate(), sound.layout()).map_err(Error::mastering(&name))?;
    progress.stage("Planning");
    let mut planned = Planned::of(&mut sound, &chain, terms.intensity, cancel)
        .map_err(|error| error.about(&name))?;
    let aim = match chain.loudness {
        Some(Loudness::Lufs(lufs)) => lufs,
        _ => terms.target.loudness.0,
    };
    let job = Job { items, formats: &formats, terms, befores: &befores, reasons: &reasons, aim };
    let mut tries = 1;
    loop {
        let (afters, loudness) = job.render(&sound, &planned, progress, cancel)?;
        let over = job.over(&planned, &afters);
        if over <= 0.0 || !formats.iter().any(is_mp3) || tries == MAX_TRIES {
            return Ok(job.report(&sound, whole.loudness.integrated, &planned, afters, loudness));
        }
        // The level is found anew: what a lower ceiling takes is given back.
        chain = chain.under(Decibels(over + 0.05));
        progress.stage("Planning");
        planned = Planned::of(&mut sound, &chain, terms.intensity, cancel)
            .map_err(|error| error.about(&name))?;
        tries += 1;
    }
}

struct Job<'a> {
    items: &'a [Item],
    formats: &'a [OutputFormat],
    terms: &'a Terms,
    befores: &'a [Heard],
    reasons: &'a [ReasonLine],
    /// The loudness asked for, LUFS: a preset may stay under the target, a reference has its own.
    aim: f64,
}

impl Job<'_> {
    /// Renders, writes and hears what was written; its loudness as one sound is measured too.
    fn render(
        &self,
        sound: &Programme,
        planned: &Planned,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(Vec<Heard>, Option<Lufs>), Error> {
        progress.stage("Rendering");
        let frames: Vec<u64> = self.befores.iter().map(|heard| heard.analysis.length.0).collect();
        let total = frames.iter().sum::<u64>().max(1);
        let chain = planned.chain.as_ref();
        let whole = chain.map(|chain| Whole::new(sound.rate(), sound.layout(), chain));
        let mut whole = whole.transpose()?;
        let mut cut = Cut::new(sound, &frames);
        let mut take = |at, buffer| self.write(at, &buffer, planned);
        let mut heard = 0;
        for track in sound.tracks() {
            track.play(|block| {
                cancel.check()?;
                heard += block[0].len() as u64;
                progress.advance(heard as f64 / total as f64);
                match &mut whole {
                    Some(whole) => cut.push(&whole.push(block), &mut take),
                    None => cut.push(block, &mut take),
                }
            })?;
        }
        if let Some(whole) = &mut whole {
            cut.push(&whole.end(), &mut take)?;
        }
        progress.stage("Checking");
        let mut meter = Meter::new(sound.rate(), sound.layout());
        let mut afters = Vec::new();
        for item in self.items {
            let track = Track::open(&item.output)?;
            afters.push(track.hear(cancel)?);
            if self.items.len() > 1 {
                track.play(|block| {
                    meter.push(block);
                    Ok(cancel.check()?)
                })?;
            }
        }
        let together = match afters.as_slice() {
            [one] => one.analysis.loudness.integrated,
            _ => meter.finish().0.integrated,
        };
        Ok((afters, together))
    }

    fn write(&self, at: usize, buffer: &Buffer, planned: &Planned) -> Result<(), Error> {
        let (item, terms) = (&self.items[at], self.terms);
        let rounded = planned.chain.as_ref().is_some_and(|chain| chain.dither.is_some());
        let steps = match planned.chain {
            None => Steps::of(buffer, terms.depth),
            Some(_) if rounded => Steps::On,
            Some(_) => Steps::Between,
        };
        let tags = File::open(&item.input).map(|mut file| Tags::read(&mut file));
        let tags = tags.map_err(ops::Error::io("read", &item.input))?;
        let tags = Tags { encoder: crate::maker(), ..tags };
        ops::publish::file(&item.output, |out| {
            self.formats[at]
                .write(out, buffer, (terms.depth, steps), terms.mp3_quality, &tags)
                .map_err(Error::file(&item.output))
        })
    }

    /// The ceiling asked for.
    fn ceiling(&self) -> f64 {
        let own = match &self.terms.treatment {
            Treatment::Chain { chain, .. } => chain.limiter.map(|limiter| limiter.ceiling_dbtp),
            _ => None,
        };
        own.unwrap_or(self.terms.target.ceiling.0)
    }

    /// How far the highest peak is over the ceiling, dB; nothing where the sound stays as it came.
    fn over(&self, planned: &Planned, afters: &[Heard]) -> f64 {
        if planned.chain.is_none() {
            return 0.0;
        }
        let peaks = afters.iter().filter_map(|heard| heard.analysis.loudness.true_peak);
        peaks.map(|peak| peak.0 - self.ceiling()).fold(0.0, f64::max)
    }

    fn report(
        &self,
        sound: &Programme,
        loudness_before: Option<Lufs>,
        planned: &Planned,
        afters: Vec<Heard>,
        loudness: Option<Lufs>,
    ) -> Vec<Delivered> {
        let is_album = self.items.len() > 1;
        let album = is_album.then(|| AlbumFigures {
            tracks: self.items.len(),
            before_lufs: loudness_before.map(|l| l.0),
            after_lufs: loudness.map(|l| l.0),
        });
        let delivered = self.items.iter().zip(sound.tracks()).zip(self.befores).zip(afters);
        delivered
            .map(|(((item, track), before), after)| {
                let together = if is_album { loudness } else { after.analysis.loudness.integrated };
                let mastered = self.mastered(item, track, before, &after, planned);
                let checks = self.checks(item, &mastered, planned, together);
                let mastered = Mastered { album: album.clone(), checks, ..mastered };
                Delivered { mastered, before: before.clone(), after }
            })
            .collect()
    }

    fn mastered(
        &self,
        item: &Item,
        track: &Track,
        before: &Heard,
        after: &Heard,
        planned: &Planned,
    ) -> Mastered {
        let terms = self.terms;
        Mastered {
            schema: SCHEMA,
            version: crate::VERSION.to_owned(),
            mastering_revision: mastering::REVISION,
            analysis_revision: audio::analysis::ANALYSIS_REVISION,
            input: item.input.display().to_string(),
            output: item.output.display().to_string(),
            target: terms.target.name.to_owned(),
            target_lufs: self.aim,
            ceiling_dbtp: self.ceiling(),
            treatment: terms.treatment.words(),
            intensity: terms.intensity.share(),
            reasons: self.reasons.to_vec(),
            chain: planned.chain.clone(),
            mixed_down_from: track.is_mixed().then(|| track.channels()),
            before: Measured::of_analysis(&before.analysis, &before.format),
            character_before: Character::of(&before.analysis),
            after: Measured::of_analysis(&after.analysis, &after.format),
            character_after: Character::of(&after.analysis),
            gain_db: planned.gain.0,
            limiting_db: planned.limiting.0,
            mean_limiting_db: planned.mean_limiting.0,
            held_back: planned.held_back.map(|why| why.words().to_owned()),
            album: None,
            checks: Vec::new(),
        }
    }

    /// Loudness is a matter of the whole: of the album, where there is one.
    fn checks(
        &self,
        item: &Item,
        mastered: &Mastered,
        planned: &Planned,
        loudness: Option<Lufs>,
    ) -> Vec<Check> {
        let name = item.output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (before, after) = (&mastered.before, &mastered.after);
        let length = Check::new(
            format!("{name}: length"),
            format!("{} frames", after.frames),
            format!("{} frames", before.frames),
            after.frames == before.frames,
        );
        let Some(wanted) = planned.wanted else {
            return vec![untouched(&name, before, after), within_full_scale(&name, before), length];
        };
        let target = Target {
            loudness: Lufs(wanted),
            ceiling: Decibels(self.ceiling()),
            ..self.terms.target
        };
        let whole = Measured { integrated_lufs: loudness.map(|l| l.0), ..after.clone() };
        let mut checks = of_master(&name, &whole, &target);
        if self.items.len() > 1 {
            checks[0].name = format!("{name}: loudness of its album");
        }
        checks.push(length);
        checks
    }
}

/// A sound that was to stay as it came reads as loud as it did.
fn untouched(name: &str, before: &Measured, after: &Measured) -> Check {
    let said = |m: &Measured| {
        m.integrated_lufs.map_or_else(|| "not measurable".to_owned(), |l| format!("{l:.2} LUFS"))
    };
    let same = match (before.integrated_lufs, after.integrated_lufs) {
        (Some(a), Some(b)) => (a - b).abs() <= UNTOUCHED_LU,
        (a, b) => a.is_none() && b.is_none(),
    };
    Check::new(
        format!("{name}: loudness"),
        said(after),
        format!("{}, as it came", said(before)),
        same,
    )
}

/// What is written as it came must fit into whole numbers.
fn within_full_scale(name: &str, before: &Measured) -> Check {
    let peak = before.sample_peak_dbfs;
    let found = peak.map_or_else(|| "silence".to_owned(), |peak| format!("{peak:.2} dBFS"));
    let wanted = "at most 0 dBFS, or it is clipped where it is written";
    Check::new(
        format!("{name}: sample peak as it came"),
        found,
        wanted,
        peak.is_none_or(|p| p <= 0.0),
    )
}

/// Cuts one sound where its tracks begin.
struct Cut<'a> {
    rate: audio::SampleRate,
    frames: &'a [u64],
    at: usize,
    planes: Vec<Vec<f32>>,
}

type Take<'t> = dyn FnMut(usize, Buffer) -> Result<(), Error> + 't;

impl<'a> Cut<'a> {
    fn new(sound: &Programme, frames: &'a [u64]) -> Self {
        let planes = vec![Vec::new(); sound.layout().channels()];
        Self { rate: sound.rate(), frames, at: 0, planes }
    }

    fn push(&mut self, block: &[&[f32]], take: &mut Take<'_>) -> Result<(), Error> {
        let length = block[0].len();
        let mut from = 0;
        while from < length && self.at < self.frames.len() {
            let missing = self.frames[self.at] as usize - self.planes[0].len();
            let to = length.min(from + missing);
            for (plane, block) in self.planes.iter_mut().zip(block) {
                plane.extend_from_slice(&block[from..to]);
            }
            from = to;
            self.pass_on(take)?;
        }
        Ok(())
    }

    /// Gives on a track that is complete.
    fn pass_on(&mut self, take: &mut Take<'_>) -> Result<(), Error> {
        if self.planes[0].len() as u64 == self.frames[self.at] {
            let planes = self.planes.iter_mut().map(std::mem::take).collect();
            let buffer = Buffer::from_planes(self.rate, planes)
                .map_err(|error| Error::file(std::path::Path::new("the master"))(error.into()))?;
            take(self.at, buffer)?;
            self.at += 1;
        }
        Ok(())
    }
}
