use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fault::{Cancel, Progress, Silent};

use super::scan::{Entry, Job, STATE_FILE};
use super::state::{Record, State, hash_files, hash_text};
use super::{BatchOrder, Brief, FileLine, Outcome, SCHEMA};
use crate::Error;
use crate::master::{Delivered, Item, carry_out, write_page};

/// Works through the jobs, several at a time, in any order; the answer is in theirs.
pub(super) fn work(
    order: &BatchOrder,
    jobs: &[Job],
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<FileLine>, Error> {
    let shared = Shared {
        order,
        terms: hash_text(&key(order)),
        state: Mutex::new(State::open(&order.out.join(STATE_FILE))?),
        next: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        lines: Mutex::new(vec![Vec::new(); jobs.len()]),
        progress,
        cancel,
    };
    let threads = order.threads.clamp(1, jobs.len().max(1));
    let ended: Result<(), Error> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| shared.work(jobs))).collect();
        workers.into_iter().try_for_each(|worker| match worker.join() {
            Ok(ended) => ended,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    });
    locked(&shared.state).settle()?;
    ended?;
    Ok(shared.lines.into_inner().unwrap_or_else(PoisonError::into_inner).concat())
}

struct Shared<'a> {
    order: &'a BatchOrder,
    /// SHA-256 of all that decides the masters but the originals.
    terms: String,
    state: Mutex<State>,
    next: AtomicUsize,
    done: AtomicUsize,
    lines: Mutex<Vec<Vec<FileLine>>>,
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
}

impl Shared<'_> {
    fn work(&self, jobs: &[Job]) -> Result<(), Error> {
        loop {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(job) = jobs.get(at) else { return Ok(()) };
            self.cancel.check()?;
            self.progress.stage(&format!("{} of {}: {}", at + 1, jobs.len(), job.name()));
            let lines = match self.master(job) {
                Ok(lines) => lines,
                Err(Error::Cancelled(cancelled)) => return Err(cancelled.into()),
                Err(error) => job.failed(&error),
            };
            locked(&self.lines)[at] = lines;
            let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
            self.progress.advance(done as f64 / jobs.len() as f64);
        }
    }

    fn master(&self, job: &Job) -> Result<Vec<FileLine>, Error> {
        let inputs: Vec<_> = job.entries.iter().map(|entry| entry.input.as_path()).collect();
        let input_sha256 = hash_files(&inputs)?;
        if let Some(lines) = self.there(job, &input_sha256)? {
            return Ok(lines);
        }
        for entry in &job.entries {
            self.refuse_what_is_not_ours(entry)?;
            locked(&self.state).begin(&entry.output_name)?;
        }
        for folder in job.entries.iter().filter_map(|entry| entry.output.parent()) {
            std::fs::create_dir_all(folder).map_err(ops::Error::io("create", folder))?;
        }
        let items: Vec<Item> = job
            .entries
            .iter()
            .map(|entry| Item { input: entry.input.clone(), output: entry.output.clone() })
            .collect();
        let delivered = carry_out(&items, &self.order.terms, &Silent, self.cancel);
        if delivered.is_err() {
            // Nothing was put there: what somebody puts there now is theirs.
            job.entries.iter().for_each(|entry| locked(&self.state).give_up(&entry.output_name));
        }
        let delivered = delivered?;
        job.entries
            .iter()
            .zip(&delivered)
            .map(|(entry, delivered)| self.keep(entry, delivered, &input_sha256))
            .collect()
    }

    /// A master that was changed since it was made is somebody's, and so is a page beside no master
    /// of ours.
    fn refuse_what_is_not_ours(&self, entry: &Entry) -> Result<(), Error> {
        if self.order.replace {
            return Ok(());
        }
        let made = locked(&self.state).of(&entry.output_name).map(|r| r.output_sha256.clone());
        let begun = locked(&self.state).is_begun(&entry.output_name);
        if entry.output.exists()
            && !begun
            && made.as_deref() != Some(hash_files(&[&entry.output])?.as_str())
        {
            return Err(Error::Exists(entry.output.clone()));
        }
        let page = page_of(entry);
        if self.order.report && page.exists() && made.is_none() && !begun {
            return Err(Error::Exists(page));
        }
        Ok(())
    }

    /// The lines of a job whose masters are all there and would come out the same.
    fn there(&self, job: &Job, input_sha256: &str) -> Result<Option<Vec<FileLine>>, Error> {
        let mut lines = Vec::new();
        for entry in &job.entries {
            let Some(record) = locked(&self.state).of(&entry.output_name).cloned() else {
                return Ok(None);
            };
            let is_same = record.input_sha256 == input_sha256
                && record.terms_sha256 == self.terms
                && entry.output.is_file()
                && (!self.order.report || page_of(entry).is_file())
                && hash_files(&[&entry.output])? == record.output_sha256;
            if !is_same {
                return Ok(None);
            }
            lines.push(entry.line(Outcome::Mastered(record.brief), true));
        }
        Ok(Some(lines))
    }

    fn keep(
        &self,
        entry: &Entry,
        delivered: &Delivered,
        input_sha256: &str,
    ) -> Result<FileLine, Error> {
        if self.order.report {
            write_page(&page_of(entry), delivered)?;
        }
        let brief = Brief::of(delivered);
        let record = Record {
            schema: SCHEMA,
            output: entry.output_name.clone(),
            input_sha256: input_sha256.to_owned(),
            terms_sha256: self.terms.clone(),
            output_sha256: hash_files(&[&entry.output])?,
            brief: brief.clone(),
        };
        locked(&self.state).remember(record)?;
        Ok(entry.line(Outcome::Mastered(brief), false))
    }
}

impl Job {
    fn name(&self) -> String {
        match self.entries.as_slice() {
            [one] => one.input_name.clone(),
            [first, rest @ ..] => format!("{} and {} more", first.input_name, rest.len()),
            [] => String::new(),
        }
    }

    fn failed(&self, error: &Error) -> Vec<FileLine> {
        let failed = || Outcome::Failed { reason: error.to_string() };
        self.entries.iter().map(|entry| entry.line(failed(), false)).collect()
    }
}

impl Entry {
    fn line(&self, outcome: Outcome, skipped: bool) -> FileLine {
        let (input, output) = (self.input_name.clone(), self.output_name.clone());
        FileLine { input, output, outcome, skipped }
    }
}

impl Brief {
    fn of(delivered: &Delivered) -> Self {
        let m = &delivered.mastered;
        let stages = m.chain.as_ref().map(mastering::Chain::stages).unwrap_or_default();
        Self {
            before_lufs: m.before.integrated_lufs,
            before_dbtp: m.before.true_peak_dbtp,
            after_lufs: m.after.integrated_lufs,
            after_dbtp: m.after.true_peak_dbtp,
            gain_db: m.gain_db,
            limiting_db: m.limiting_db,
            stages: stages.into_iter().map(str::to_owned).collect(),
            missed: m.verdict().err(),
        }
    }
}

/// The page of a master lies beside it.
fn page_of(entry: &Entry) -> std::path::PathBuf {
    entry.output.with_extension("html")
}

/// Everything that decides a master beside the original.
fn key(order: &BatchOrder) -> String {
    let terms = &order.terms;
    format!(
        "version {} mastering {} analysis {} {:?} {} intensity {} {:?} {:?} {:?} album {}",
        crate::VERSION,
        mastering::REVISION,
        audio::analysis::ANALYSIS_REVISION,
        terms.target,
        terms.treatment.key(),
        terms.intensity.share(),
        terms.depth,
        terms.mp3_quality,
        order.format,
        order.album
    )
}

/// A worker that panicked has ended the run; what the others hold is whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
