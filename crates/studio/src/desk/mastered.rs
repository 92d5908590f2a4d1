//! From a job to a track's master: read, mastered, measured, stored.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use audio_file::Decoder;
use fault::{Cancel, Progress};
use store::UserId;

use super::finish::at_work;
use super::job::{Row, Word};
use super::shelf::speakable;
use super::sounds::{Sound, SoundId};
use super::worker::Shared;
use super::{MasterOrder, State, queue};
use crate::Error;
use crate::artifact::{self, Kind, New, Staged};
use crate::master::{self, Mastered};
use crate::treatment::Treatment;

/// Bytes copied between two looks at whether it is still wanted.
const STEP: u64 = 1 << 22;
/// Twenty minutes of eight channels at 96 kHz in 32 bits are 3.7 GB.
const MAX_BYTES: u64 = 1 << 32;

/// A master with its report.
struct Release {
    title: String,
    master: (String, Staged),
    report: Staged,
    passed: bool,
}

impl Shared {
    /// Makes the master of a job. Whatever goes wrong, nothing of it is left but bytes without a
    /// record, which the next collection takes.
    pub(super) fn master(
        &self,
        row: &Row,
        order: &MasterOrder,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<State, Error> {
        let folder = self.artifacts.work().join(row.id.to_string());
        fs::create_dir_all(&folder).map_err(ops::Error::io("create", &folder))?;
        let release = self.master_in(&folder, row, order, progress, cancel);
        // What cannot be removed now goes when the program starts.
        drop(fs::remove_dir_all(&folder));
        self.write_master(row, release?)
    }

    fn master_in(
        &self,
        folder: &Path,
        row: &Row,
        order: &MasterOrder,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<Release, Error> {
        let (sound, input) = self.fetch(row.owner, order.sound, folder, "input", cancel)?;
        let (treatment, words) = match order.reference {
            Some(reference) => {
                progress.stage("Hearing the reference");
                let (sound, path) =
                    self.fetch(row.owner, reference, folder, "reference", cancel)?;
                (Treatment::like(&path, cancel)?, format!("like {}", sound.title))
            }
            None => {
                let treatment = order.treatment()?;
                (treatment.clone(), treatment.words())
            }
        };
        let ending = order.output()?.ending();
        let output = folder.join(format!("master.{ending}"));
        let terms = order.terms(treatment)?;
        let order = master::Order { input, output, terms, report: None, replace: false };
        let mastered = master::master(&order, progress, cancel)?;
        progress.stage("Keeping");
        let name = format!("{}.{ending}", speakable(&sound.title));
        let passed = mastered.verdict().is_ok();
        // As the listener knows them: our own files are nobody's business.
        let (input, output) = (sound.title.clone(), name.clone());
        let report = Mastered { input, output, treatment: words, ..mastered };
        let report = serde_json::to_vec_pretty(&report);
        let report = report.map_err(|error| Error::Unwritable(error.to_string()))?;
        Ok(Release {
            title: sound.title,
            master: (name, self.artifacts.stage(&mut ops::open(&order.output)?)?),
            report: self.artifacts.stage(&mut report.as_slice())?,
            passed,
        })
    }

    /// Copies a sound: the original may be on a disk that goes, or be replaced under our hands.
    fn fetch(
        &self,
        owner: UserId,
        id: SoundId,
        folder: &Path,
        name: &str,
        cancel: &Cancel,
    ) -> Result<(Sound, PathBuf), Error> {
        let mut sound = (self.sounds)(owner, id)?;
        self.limits.admit_length(sound.seconds)?;
        let path = folder.join(format!("{name}.{}", sound.suffix));
        copy(&mut sound.from, &path, cancel)?;
        self.measure_length(&path, cancel)?;
        Ok((sound, path))
    }

    /// Refuses a file that is longer than it says: a small one may hold days of silence, and a master is
    /// held in memory while it is written.
    fn measure_length(&self, input: &Path, cancel: &Cancel) -> Result<(), Error> {
        let file = std::io::BufReader::new(ops::open(input)?);
        let mut decoder = Decoder::open(file).map_err(Error::file(input))?;
        let rate = decoder.format().rate.hz_f64();
        let mut frames = 0_u64;
        while let Some(block) = decoder.next_block().map_err(Error::file(input))? {
            cancel.check()?;
            frames += block[0].len() as u64;
            self.limits.admit_length(frames as f64 / rate)?;
        }
        Ok(())
    }

    /// Both records and the end of the job, or none of it.
    fn write_master(&self, row: &Row, release: Release) -> Result<State, Error> {
        let (id, owner) = (row.id, row.owner);
        let (key, now) = (self.artifacts.key().clone(), (self.now)());
        let most = self.artifacts.limits().user_bytes;
        let Release { title, master: (name, master), report, passed } = &release;
        let (title, passed) = (title.clone(), *passed);
        let files = [
            (Kind::Master, name.clone(), master.content),
            (Kind::Report, "report.json".to_owned(), report.content),
        ];
        self.store.write(move |connection| {
            let mut row = at_work(connection, &key, id)?;
            let [master, report] = files.map(|(kind, name, content)| {
                let new = New { owner, kind, name, of: None, parent: None };
                artifact::insert(connection, &key, &new, content, now, most)
            });
            (row.master, row.report) = (Some(master?.id), Some(report?.id));
            (row.title, row.passed) = (Some(title), Some(passed));
            queue::end(&mut row, Word::Finished, now);
            row.write(connection, &key)?;
            Ok(State::Mastered { passed })
        })
    }
}

fn copy(from: &mut dyn Read, to: &Path, cancel: &Cancel) -> Result<(), Error> {
    let mut file = fs::File::create_new(to).map_err(ops::Error::io("create", to))?;
    let mut left = MAX_BYTES;
    loop {
        cancel.check()?;
        if left == 0 {
            return Err(Error::TooLong { most: MAX_BYTES });
        }
        left -= STEP;
        let copied = std::io::copy(&mut from.take(STEP), &mut file);
        if copied.map_err(ops::Error::io("copy the track to", to))? == 0 {
            return Ok(());
        }
    }
}
