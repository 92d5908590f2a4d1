use std::fs;
use std::path::{Path, PathBuf};

use audio::loudness::History;
use audio::{Buffer, Decibels, Frames};
use audio_file::Tags;
use compose::{Brief, Plan};
use fault::{Cancel, Progress};
use ops::publish::StagedFolder;
use score::{Part, Score, Ticks};

use super::check::Promise;
use super::deliver::{master_path, write_masters, write_mp3_master, write_stem};
use super::{FileFormat, MakeOrder};
use crate::Error;
use crate::genre::{Genre, Genres};
use crate::measured::{Measured, open};
use crate::mix::{Channel, Console, Duck};
use crate::recipe::{self, Engine, Recipe};
use crate::report::{self, FileLine, MasteringLine, Reading, Report, Song};
use crate::stems::{self, Rendering, Shaped};
use crate::{VERSION, page};

/// After the room has died away, this much more.
const AFTER_ROOM_S: f64 = 1.0;
/// Each try lowers the ceiling by what was over; two have always sufficed.
const MAX_MP3_TRIES: usize = 4;
/// The longest tail.
const MAX_TAIL_S: f64 = 8.0;

/// A song that was made.
#[derive(Debug)]
pub struct Made {
    /// What was delivered, and the verdict.
    pub report: Report,
    /// Where.
    pub folder: PathBuf,
}

/// Makes a song. The release folder appears whole or not at all, whatever the verdict says of it.
pub fn make(
    order: &MakeOrder,
    genres: &Genres,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Made, Error> {
    order.validate()?;
    progress.stage("Reading");
    let (brief, genre, chosen) = read(order, genres)?;
    let folder = StagedFolder::new(&order.out, order.replace)?;
    progress.stage("Composing");
    let plan = Plan::new(&brief, &genre.style, order.seed)?;
    let score = compose::compose(&plan, &genre.style, order.seed, cancel)?;
    let song = SongInHand { order, genre, brief, chosen, plan, score };
    let report = song.produce(folder.path(), progress, cancel)?;
    cancel.check()?;
    folder.publish()?;
    Ok(Made { report, folder: order.out.clone() })
}

/// The sentence, the flags over it, and the genre: named, or chosen for it and said so.
fn read<'a>(order: &MakeOrder, genres: &'a Genres) -> Result<(Brief, &'a Genre, bool), Error> {
    let names = genres.names();
    let brief = Brief::read(&order.sentence, &names)?.with(&order.wishes, &names)?;
    let genre = brief.genre_among(&names).and_then(|name| genres.get(&name.id));
    let genre = genre.ok_or_else(|| Error::GenreFile {
        file: "assets/genres".to_owned(),
        reason: "there is no genre at all".to_owned(),
    })?;
    let chosen = brief.genre.is_none();
    Ok((brief, genre, chosen))
}

/// A song between its score and its release.
struct SongInHand<'a> {
    order: &'a MakeOrder,
    genre: &'a Genre,
    brief: Brief,
    chosen: bool,
    plan: Plan,
    score: Score,
}

impl SongInHand<'_> {
    fn produce(
        &self,
        folder: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Report, Error> {
        let midi = score::midi::write(&self.score);
        put(&folder.join("song.mid"), &midi)?;
        if self.order.delivery.stems {
            let stems = folder.join("stems");
            fs::create_dir(&stems).map_err(ops::Error::io("create", &stems))?;
        }
        let (mix, gains_db) = self.mix(folder, progress, cancel)?;
        progress.stage("Mastering");
        let target = self.order.delivery.target;
        let chain = target.on(self.genre.master.chain(mix.layout()));
        let (master, mastering) =
            mastering::master(&mix, &chain, cancel).map_err(Error::mastering(&self.plan.title))?;
        cancel.check()?;
        progress.stage("Writing");
        write_masters(folder, &master, &self.order.delivery, self.order.seed, &self.tags())?;
        drop(master);
        cancel.check()?;
        progress.stage("Checking");
        let mut delivered = self.measure(folder)?;
        self.calm_mp3(folder, &mix, &mastering, &mut delivered)?;
        drop(mix);
        let report = self.report(&delivered, &midi, &gains_db, &mastering);
        page::write(folder, &report, &self.score, &delivered.sound, &delivered.history)?;
        put(&folder.join("report.json"), pretty(&report)?.as_bytes())?;
        let recipe = Recipe {
            schema: recipe::SCHEMA,
            engine: engine(self.genre)?,
            ask: self.order.ask(),
            files: recipe::digest_folder(folder)?,
        };
        put(&folder.join("recipe.json"), pretty(&recipe)?.as_bytes())?;
        Ok(report)
    }

    /// Plays and mixes every part; delivers the stems on the way.
    fn mix(
        &self,
        folder: &Path,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(Buffer, Vec<f64>), Error> {
        progress.stage("Playing");
        let (rate, table) = (self.order.delivery.rate, &self.genre.mix);
        let rendering = Rendering {
            rate,
            seed: self.order.seed.child("instruments"),
            kernel: self.order.kernel,
            threads: self.order.threads,
            length: self.length(),
        };
        let kicks = stems::kicks(&self.score, rate);
        let duck = table.duck.map(|duck| Duck::new(duck, kicks, rate));
        let quarter_s = self.score.tempo.seconds(Ticks(score::PPQ));
        let mut console = Console::new(table, quarter_s, rate, rendering.length);
        let mut gains_db = Vec::with_capacity(self.score.parts.len());
        let tags = self.tags();
        let shape = |part: &Part, stem: &mut Buffer| {
            let gain = Channel::new(table.strip(part.role), duck.as_ref()).process(stem);
            if self.order.delivery.stems {
                write_stem(folder, &part.name, stem, &tags)?;
            }
            Ok(gain)
        };
        let mut take = |part: &Part, shaped: &Shaped| {
            console.add(&shaped.stem, table.strip(part.role));
            gains_db.push(shaped.gain.0);
        };
        stems::play(&self.score, self.genre, rendering, progress, cancel, &shape, &mut take)?;
        progress.stage("Mixing");
        let (mix, returns) = console.finish();
        if self.order.delivery.stems {
            write_stem(folder, "return echo", &returns.echo, &tags)?;
            write_stem(folder, "return room", &returns.room, &tags)?;
        }
        Ok((mix, gains_db))
    }

    /// To the last bar line, and until the room has died away after it.
    fn length(&self) -> Frames {
        let tail = (self.genre.mix.room.decay_s + AFTER_ROOM_S).min(MAX_TAIL_S);
        self.order.delivery.rate.frames(self.score.seconds() + tail)
    }

    fn tags(&self) -> Tags {
        Tags {
            title: self.plan.title.clone(),
            artist: self.order.artist.clone(),
            album: self.order.album.clone(),
            genre: self.genre.style.name.clone(),
            bpm: Some(self.score.tempo.at(Ticks::ZERO).bpm().round() as u32),
            key: self.plan.key.to_string(),
            comment: format!("seed {}", self.order.seed.0),
            encoder: crate::maker(),
            ..Tags::default()
        }
    }

    /// Decodes and measures every master; keeps the sound of the first.
    fn measure(&self, folder: &Path) -> Result<Delivered, Error> {
        let formats = &self.order.delivery.formats;
        let mut outcomes: Vec<_> = std::thread::scope(|scope| {
            let jobs: Vec<_> =
                formats.iter().map(|f| scope.spawn(move || read_back(folder, *f))).collect();
            jobs.into_iter()
                .map(|job| job.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect::<Result<Vec<_>, _>>()
        })?;
        let figures =
            formats.iter().zip(&outcomes).map(|(format, (_, m, _))| (*format, m.clone())).collect();
        let (sound, _, history) = outcomes.swap_remove(0);
        Ok(Delivered { figures, sound, history, mp3_calmed_db: 0.0 })
    }

    /// A codec moves peaks. An MP3 that would clip in its decoder is made again from a master
    /// under a ceiling lower by what was over.
    fn calm_mp3(
        &self,
        folder: &Path,
        mix: &Buffer,
        mastering: &mastering::Plan,
        delivered: &mut Delivered,
    ) -> Result<(), Error> {
        let mut lowered = Decibels(0.0);
        for _ in 0..MAX_MP3_TRIES {
            let found = delivered.figures.iter().position(|(f, _)| *f == FileFormat::Mp3);
            let Some(index) = found else { return Ok(()) };
            let over = delivered.figures[index].1.true_peak_dbtp.unwrap_or(0.0);
            if over <= 0.0 {
                return Ok(());
            }
            lowered = lowered + Decibels(over + 0.05);
            let chain = mastering.chain.clone().under(lowered);
            let calmer =
                mastering::render(mix, &chain).map_err(Error::mastering(&self.plan.title))?;
            write_mp3_master(folder, &calmer, &self.order.delivery, &self.tags())?;
            let (sound, measured, history) = read_back(folder, FileFormat::Mp3)?;
            delivered.figures[index].1 = measured;
            if index == 0 {
                (delivered.sound, delivered.history) = (sound, history);
            }
            delivered.mp3_calmed_db = lowered.0;
        }
        Ok(())
    }

    fn report(
        &self,
        delivered: &Delivered,
        midi: &[u8],
        gains_db: &[f64],
        mastering: &mastering::Plan,
    ) -> Report {
        let target = self.order.delivery.target;
        let promise = Promise {
            plan: &self.plan,
            score: &self.score,
            target: &target,
            frames: self.length().0,
            rate: self.order.delivery.rate,
            requested_s: self.brief.duration,
            mp3_calmed_db: delivered.mp3_calmed_db,
        };
        let mut checks: Vec<_> = promise.of_length().into_iter().collect();
        checks.push(promise.of_midi(midi));
        checks.extend(promise.of_sound(&delivered.sound, &delivered.history));
        let mut files = Vec::new();
        for (format, measured) in &delivered.figures {
            let name = format!("master.{}", format.ending());
            checks.extend(promise.of_file(&name, *format != FileFormat::Mp3, measured));
            files.push(FileLine { name, measured: measured.clone() });
        }
        let passed = checks.iter().all(|check| check.passed);
        Report {
            schema: report::SCHEMA,
            version: VERSION.to_owned(),
            song: self.song(),
            reading: Reading::of(&self.brief, &self.plan, self.chosen),
            sections: report::sections(&self.plan),
            parts: report::parts(&self.score, gains_db),
            mastering: MasteringLine {
                target: target.name.to_owned(),
                target_lufs: target.loudness.0,
                ceiling_dbtp: target.ceiling.0,
                gain_db: mastering.gain().0,
                limiting_db: mastering.limiting.0,
                mean_limiting_db: mastering.mean_limiting.0,
                held_back: mastering.held_back.is_some(),
            },
            files,
            checks,
            passed,
        }
    }

    fn song(&self) -> Song {
        Song {
            title: self.plan.title.clone(),
            artist: self.order.artist.clone(),
            album: self.order.album.clone(),
            genre: self.genre.style.id.clone(),
            seed: self.order.seed.0,
            bpm: self.score.tempo.at(Ticks::ZERO).bpm(),
            meter: self.plan.meter.to_string(),
            key: self.plan.key.to_string(),
            bars: self.plan.bars,
            requested_seconds: self.brief.duration,
            last_bar_line_seconds: self.plan.seconds(),
        }
    }
}

/// A master as it was delivered: decoded and measured.
fn read_back(folder: &Path, format: FileFormat) -> Result<(Buffer, Measured, History), Error> {
    let (sound, name) = open(&master_path(folder, format))?;
    let (measured, history) = Measured::of(&sound, &name);
    Ok((sound, measured, history))
}

/// What was read back from the release folder.
struct Delivered {
    figures: Vec<(FileFormat, Measured)>,
    sound: Buffer,
    history: History,
    mp3_calmed_db: f64,
}

fn engine(genre: &Genre) -> Result<Engine, Error> {
    Ok(Engine {
        version: VERSION.to_owned(),
        compose: compose::REVISION,
        instruments: instruments::REVISION,
        studio: crate::REVISION,
        mastering: mastering::REVISION,
        genre_sha256: recipe::sha256(pretty(genre)?.as_bytes()),
    })
}

fn pretty<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|error| Error::Unwritable(error.to_string()))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    Ok(fs::write(path, bytes).map_err(ops::Error::io("write", path))?)
}

/// A song made again from its recipe.
#[derive(Debug)]
pub struct Regenerated {
    /// The new song.
    pub made: Made,
    /// Files that are not what the recipe says they were.
    pub different: Vec<String>,
    /// What of the engine is not what made the song the first time.
    pub engine_differs: Vec<String>,
}

/// Makes the song of a recipe again and compares every file with what the recipe says it was.
pub fn regenerate(
    recipe: &Recipe,
    out: &Path,
    threads: usize,
    genres: &Genres,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Regenerated, Error> {
    let order = MakeOrder::from_ask(&recipe.ask, out.to_owned(), threads)?;
    let made = make(&order, genres, progress, cancel)?;
    let mut files = recipe::digest_folder(&made.folder)?;
    // The recipe names every file but itself.
    files.remove("recipe.json");
    let names: std::collections::BTreeSet<&String> =
        files.keys().chain(recipe.files.keys()).collect();
    let different = names
        .into_iter()
        .filter(|name| files.get(*name) != recipe.files.get(*name))
        .cloned()
        .collect();
    let now = Recipe::read(&made.folder.join("recipe.json"))?.engine;
    let then = &recipe.engine;
    let engine_differs = [
        ("version", then.version.clone(), now.version.clone()),
        ("compose", then.compose.to_string(), now.compose.to_string()),
        ("instruments", then.instruments.to_string(), now.instruments.to_string()),
        ("studio", then.studio.to_string(), now.studio.to_string()),
        ("mastering", then.mastering.to_string(), now.mastering.to_string()),
        ("genre", then.genre_sha256.clone(), now.genre_sha256.clone()),
    ]
    .into_iter()
    .filter(|(_, then, now)| then != now)
    .map(|(name, then, now)| format!("{name} was {then}, is {now}"))
    .collect();
    Ok(Regenerated { made, different, engine_differs })
}
