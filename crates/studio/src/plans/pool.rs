//! Who works on plans: few threads, what is heard now before what is heard next.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use audio::analysis::Analysis;
use fault::{Cancel, Class};

use super::shelf::Shelf;
use super::work::{Decided, Reopened, measured};
use super::{Manner, Opener, State, Wish};
use crate::Error;
use crate::track::analyse;

/// Wishes that wait at a time: those of every listener for this track and the next few. Of more the
/// oldest is forgotten; who still wants it asks again.
pub const MAX_WAITING: usize = 128;
/// States remembered, some kilobytes each; the one asked for longest ago makes room.
const MAX_STATES: usize = 512;
/// Analyses remembered: a listener who tries presets hears each of them at once.
const MAX_ANALYSES: usize = 16;
/// Nothing was read for so long: whoever reads waits for a disk that does not answer.
const STUCK: Duration = Duration::from_secs(5);
/// Threads that may wait so, besides those that work.
const MAX_STUCK: usize = 4;
/// A stop is noticed within so long.
const LOOK: Duration = Duration::from_millis(200);

/// When a plan is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody hears the track.
    Now,
    /// Somebody is about to.
    Soon,
}

pub(super) struct Pool {
    shelf: Shelf,
    open: Opener,
    stop: Cancel,
    desk: Mutex<Desk>,
    wake: Condvar,
    /// As many as are to work at a time.
    threads: usize,
    /// Blocks read, by all of them.
    read: AtomicU64,
}

#[derive(Default)]
struct Desk {
    /// Threads there are, and how many of them are at work.
    threads: usize,
    busy: usize,
    /// What they work on.
    working: Vec<Wish>,
    /// How much was read when that was looked at, and when it was so for the first time.
    read: Option<(u64, Instant)>,
    waiting: VecDeque<Wish>,
    states: BTreeMap<Wish, (State, u64)>,
    analyses: VecDeque<(Vec<u8>, Arc<Analysis>)>,
    /// Counts questions.
    now: u64,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("shelf", &self.shelf).finish_non_exhaustive()
    }
}

impl Pool {
    pub(super) fn start(
        shelf: Shelf,
        open: Opener,
        threads: usize,
        stop: Cancel,
    ) -> Result<Arc<Self>, Error> {
        let (desk, wake) = (Mutex::default(), Condvar::new());
        let read = AtomicU64::new(0);
        let pool = Arc::new(Self { shelf, open, stop, desk, wake, threads, read });
        for _ in 0..threads {
            pool.employ()?;
        }
        Ok(pool)
    }

    /// One thread more. It ends with the last who asks: it holds the pool only while it works.
    fn employ(self: &Arc<Self>) -> Result<(), Error> {
        let worker = Arc::downgrade(self);
        let work = move || {
            while let Some(pool) = worker.upgrade().filter(|pool| !pool.stop.is_cancelled()) {
                if !pool.turn() {
                    return;
                }
            }
        };
        let builder = std::thread::Builder::new().name("plans".to_owned());
        // It counts before it asks whether it is one too many.
        self.desk().threads += 1;
        builder.spawn(work).map(drop).map_err(|error| {
            self.desk().threads -= 1;
            Error::NoThread(error)
        })
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look(&self, wish: &Wish) -> Option<State> {
        self.desk().state(wish)
    }

    pub(super) fn ask(self: &Arc<Self>, wish: &Wish, urgency: Urgency) -> Result<State, Error> {
        let known = self.desk().state(wish);
        let found = match known {
            Some(state) => state,
            None => match self.shelf.find(wish)? {
                Some(known) => State::Solved(Arc::new(known)),
                None => State::Waiting,
            },
        };
        let mut desk = self.desk();
        desk.put(wish, found.clone());
        let state = desk.state(wish).unwrap_or(found);
        if !is_done(&state) {
            desk.queue(wish, urgency);
            let is_stuck = desk.is_stuck(self.read.load(Ordering::Relaxed));
            let may_employ = desk.threads < self.threads + MAX_STUCK;
            drop(desk);
            if is_stuck && may_employ {
                self.employ()?;
            }
            self.wake.notify_one();
        }
        Ok(state)
    }

    /// Works on the next wish, or waits a moment for one. False where others do that instead: they were
    /// employed while this one waited for a disk.
    fn turn(&self) -> bool {
        let next = {
            let mut desk = self.desk();
            if desk.threads - desk.busy > self.threads {
                desk.threads -= 1;
                return false;
            }
            let waited = self.wake.wait_timeout_while(desk, LOOK, |desk| desk.waiting.is_empty());
            let mut desk = waited.unwrap_or_else(PoisonError::into_inner).0;
            let next = desk.waiting.pop_front();
            desk.busy += usize::from(next.is_some());
            next
        };
        if let Some(wish) = next {
            self.settle(&wish);
            self.desk().busy -= 1;
        }
        true
    }

    /// Works on the tracks that wait: what is heard by itself does not wait for an album.
    fn settle_tracks(&self) {
        loop {
            let mut desk = self.desk();
            let at = desk.waiting.iter().position(|wish| wish.parts.len() == 1);
            let Some(wish) = at.and_then(|at| desk.waiting.remove(at)) else { return };
            drop(desk);
            self.settle(&wish);
        }
    }

    /// Finds out what is to be done and writes it down.
    fn settle(&self, wish: &Wish) {
        self.desk().working.push(wish.clone());
        let outcome = catch_unwind(AssertUnwindSafe(|| self.work(wish)));
        let outcome = outcome.unwrap_or(Err(Error::Panicked("the making of a plan")));
        let mut desk = self.desk();
        desk.working.retain(|working| working != wish);
        match outcome {
            Ok(state) => desk.put(wish, state),
            // It is asked for again when the program runs again.
            Err(Error::Cancelled(_)) => {}
            Err(error) => desk.put(wish, State::Failed(Arc::new(error))),
        }
    }

    fn work(&self, wish: &Wish) -> Result<State, Error> {
        if let Some(state) = self.look(wish).filter(is_done) {
            return Ok(state);
        }
        let between = || {
            self.read.fetch_add(1, Ordering::Relaxed);
            if wish.parts.len() > 1 {
                self.settle_tracks();
            }
        };
        let mut sound = Reopened::new(&self.open, &wish.parts, &between)?;
        let analysis = self.analysed(&mut sound, &wish.essence)?;
        let reference = match wish.enhancement.manner {
            Manner::Like(reference) => {
                let mut sound =
                    Reopened::new(&self.open, std::slice::from_ref(&reference), &between)?;
                Some(self.analysed(&mut sound, &wish.reference)?)
            }
            Manner::Preset(_) => None,
        };
        let decided = Decided::of(&analysis, reference.as_deref(), wish)?;
        let is_solved = self.look(wish).is_some_and(|state| rank(&state) >= SOLVED);
        if !is_solved && let Some(estimated) = decided.estimated(wish)? {
            self.desk().put(wish, State::Estimated(Arc::new(estimated)));
        }
        let full = Wish { enhancement: wish.enhancement.full(), ..wish.clone() };
        let whole = match self.shelf.find(&full)? {
            Some(whole) => whole,
            None => {
                let whole = decided.solved(&decided.solve(&mut sound, &self.stop)?);
                self.shelf.keep(&full, &whole)?;
                whole
            }
        };
        let solved = whole.part(wish.enhancement.intensity()?);
        self.desk().put(wish, State::Solved(Arc::new(solved.clone())));
        let state = measured(solved, &mut sound, &self.stop)?;
        if let Some(known) = state.known() {
            self.shelf.keep(wish, known)?;
        }
        Ok(state)
    }

    fn analysed(&self, sound: &mut Reopened<'_>, essence: &[u8]) -> Result<Arc<Analysis>, Error> {
        if let Some(known) = self.desk().analysis(essence) {
            return Ok(known);
        }
        let analysis = Arc::new(analyse(sound, &self.stop)?);
        let mut desk = self.desk();
        desk.analyses.push_back((essence.to_vec(), Arc::clone(&analysis)));
        if desk.analyses.len() > MAX_ANALYSES {
            desk.analyses.pop_front();
        }
        Ok(analysis)
    }
}

/// Whether nothing more comes of it.
fn is_done(state: &State) -> bool {
    match state {
        // What is not there, or not readable now, may be later.
        State::Failed(error) => match &**error {
            Error::Mastering { .. } => true,
            Error::Unheard { class, .. } => *class == Class::User,
            _ => false,
        },
        State::Solved(known) => known.is_measured(),
        State::Waiting | State::Estimated(_) => false,
    }
}

/// How much is known.
const SOLVED: u8 = 2;

fn rank(state: &State) -> u8 {
    match state {
        State::Waiting => 0,
        State::Estimated(_) | State::Failed(_) => 1,
        State::Solved(known) => SOLVED + u8::from(known.is_measured()),
    }
}

impl Desk {
    fn state(&mut self, wish: &Wish) -> Option<State> {
        self.now += 1;
        let (state, used) = self.states.get_mut(wish)?;
        *used = self.now;
        Some(state.clone())
    }

    /// Remembers a state, unless more is known already.
    fn put(&mut self, wish: &Wish, state: State) {
        self.now += 1;
        if self.states.get(wish).is_some_and(|(known, _)| rank(known) > rank(&state)) {
            return;
        }
        self.states.insert(wish.clone(), (state, self.now));
        if self.states.len() > MAX_STATES {
            let oldest = self.states.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(wish, _)| wish.clone()) {
                self.states.remove(&oldest);
            }
        }
    }

    /// What is heard now goes before all that waits, what is heard soon behind it.
    fn queue(&mut self, wish: &Wish, urgency: Urgency) {
        if self.working.contains(wish) {
            return;
        }
        let at = self.waiting.iter().position(|waiting| waiting == wish);
        match (at, urgency) {
            (Some(_), Urgency::Soon) => return,
            (Some(at), Urgency::Now) => drop(self.waiting.remove(at)),
            (None, _) => {}
        }
        match urgency {
            Urgency::Now => self.waiting.push_front(wish.clone()),
            Urgency::Soon => self.waiting.push_back(wish.clone()),
        }
        self.waiting.truncate(MAX_WAITING);
    }

    /// Whether somebody works, and nothing was read for long.
    #[expect(clippy::disallowed_methods, reason = "a stalled disk shows by the clock alone")]
    fn is_stuck(&mut self, read: u64) -> bool {
        let now = Instant::now();
        match self.read {
            Some((before, since)) if before == read && !self.working.is_empty() => {
                let is_stuck = now.duration_since(since) > STUCK;
                if is_stuck {
                    self.read = Some((read, now));
                }
                is_stuck
            }
            _ => {
                self.read = Some((read, now));
                false
            }
        }
    }

    fn analysis(&self, essence: &[u8]) -> Option<Arc<Analysis>> {
        let found = self.analyses.iter().find(|(known, _)| known == essence);
        found.map(|(_, analysis)| Arc::clone(analysis))
    }
}
