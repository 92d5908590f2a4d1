//! Who works on plans: few threads, what is heard now before what is heard next.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use audio::analysis::Analysis;
use fault::{Cancel, Class};

use super::shelf::Shelf;
use super::work::{Decided, Reopened, measured};
use super::{Opener, State, Wish};
use crate::Error;
use crate::desk::SoundId;
use crate::track::analyse;

/// Wishes that wait at a time: those of every listener for this track and the next few. Of more the
/// oldest is forgotten; who still wants it asks again.
pub const MAX_WAITING: usize = 128;
/// States remembered, some kilobytes each; the one asked for longest ago makes room.
const MAX_STATES: usize = 512;
/// Analyses remembered: a listener who tries presets hears each of them at once.
const MAX_ANALYSES: usize = 16;
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
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<(SoundId, Wish)>,
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
        let pool = Arc::new(Self { shelf, open, stop, desk, wake });
        for _ in 0..threads {
            // The threads end with the last who asks: they hold the pool only while they work.
            let worker = Arc::downgrade(&pool);
            let work = move || {
                while let Some(pool) = worker.upgrade().filter(|pool| !pool.stop.is_cancelled()) {
                    pool.turn();
                }
            };
            let builder = std::thread::Builder::new().name("plans".to_owned());
            builder.spawn(work).map_err(Error::NoThread)?;
        }
        Ok(pool)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look(&self, wish: &Wish) -> Option<State> {
        self.desk().state(wish)
    }

    pub(super) fn ask(
        &self,
        sound: SoundId,
        wish: &Wish,
        urgency: Urgency,
    ) -> Result<State, Error> {
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
            desk.queue(sound, wish, urgency);
            self.wake.notify_one();
        }
        Ok(state)
    }

    /// Works on the next wish, or waits a moment for one.
    fn turn(&self) {
        let next = {
            let desk = self.desk();
            let waited = self.wake.wait_timeout_while(desk, LOOK, |desk| desk.waiting.is_empty());
            waited.unwrap_or_else(PoisonError::into_inner).0.waiting.pop_front()
        };
        let Some((sound, wish)) = next else { return };
        let outcome = catch_unwind(AssertUnwindSafe(|| self.work(sound, &wish)));
        let outcome = outcome.unwrap_or(Err(Error::Panicked("the making of a plan")));
        match outcome {
            Ok(state) => self.desk().put(&wish, state),
            // It is asked for again when the program runs again.
            Err(Error::Cancelled(_)) => {}
            Err(error) => self.desk().put(&wish, State::Failed(Arc::new(error))),
        }
    }

    fn work(&self, sound: SoundId, wish: &Wish) -> Result<State, Error> {
        if let Some(state) = self.look(wish).filter(is_done) {
            return Ok(state);
        }
        let open = || (self.open)(sound);
        let mut sound = Reopened::new(&open)?;
        let analysis = self.analysed(&mut sound, wish)?;
        let decided = Decided::of(&analysis, wish)?;
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

    fn analysed(&self, sound: &mut Reopened<'_>, wish: &Wish) -> Result<Arc<Analysis>, Error> {
        if let Some(known) = self.desk().analysis(&wish.essence) {
            return Ok(known);
        }
        let analysis = Arc::new(analyse(sound, &self.stop)?);
        let mut desk = self.desk();
        desk.analyses.push_back((wish.essence.clone(), Arc::clone(&analysis)));
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
    fn queue(&mut self, sound: SoundId, wish: &Wish, urgency: Urgency) {
        let at = self.waiting.iter().position(|(_, waiting)| waiting == wish);
        match (at, urgency) {
            (Some(_), Urgency::Soon) => return,
            (Some(at), Urgency::Now) => drop(self.waiting.remove(at)),
            (None, _) => {}
        }
        match urgency {
            Urgency::Now => self.waiting.push_front((sound, wish.clone())),
            Urgency::Soon => self.waiting.push_back((sound, wish.clone())),
        }
        self.waiting.truncate(MAX_WAITING);
    }

    fn analysis(&self, essence: &[u8]) -> Option<Arc<Analysis>> {
        let found = self.analyses.iter().find(|(known, _)| known == essence);
        found.map(|(_, analysis)| Arc::clone(analysis))
    }
}
