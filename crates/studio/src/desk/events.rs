//! What happens, told to whoever listens: bounded, and nobody who does not listen holds it up.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use store::UserId;

use super::State;
use crate::Error;
use crate::ids::JobId;

/// Events kept for a listener who is slow; the oldest go first.
const MAX_KEPT: usize = 256;
/// Listeners at a time: more than a house has windows.
const MAX_LISTENERS: usize = 1_024;

/// A job is in another state, or further in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Which.
    pub job: JobId,
    /// Whose.
    pub owner: UserId,
    /// What it is now.
    pub state: State,
    /// Of a failure: what the error said, for the log. It may name paths.
    pub detail: Option<String>,
}

/// Hears of every job from when it was made, until it is dropped.
#[derive(Debug)]
pub struct Events(Arc<Queue>);

#[derive(Debug, Default)]
struct Queue {
    kept: Mutex<Kept>,
    more: Condvar,
}

#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<Event>,
    missed: u64,
    is_over: bool,
}

impl Queue {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Events {
    /// The next event, or none within that time.
    pub fn next(&self, within: Duration) -> Option<Event> {
        let idle = |kept: &mut Kept| kept.events.is_empty() && !kept.is_over;
        let waited = self.0.more.wait_timeout_while(self.0.kept(), within, idle);
        waited.unwrap_or_else(PoisonError::into_inner).0.events.pop_front()
    }

    /// How many events were dropped since this was asked last, because they were not taken in time.
    /// Whoever missed some reads the jobs anew.
    pub fn missed(&self) -> u64 {
        std::mem::take(&mut self.0.kept().missed)
    }

    /// Whether the desk is closed: nothing comes after what is kept.
    pub fn is_over(&self) -> bool {
        self.0.kept().is_over
    }
}

/// Those who listen.
#[derive(Debug, Default)]
pub(super) struct Listeners(Mutex<Vec<Weak<Queue>>>);

impl Listeners {
    pub(super) fn add(&self) -> Result<Events, Error> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|queue| queue.strong_count() > 0);
        if all.len() >= MAX_LISTENERS {
            return Err(Error::TooMany { what: "listeners", most: MAX_LISTENERS as u64 });
        }
        let queue = Arc::default();
        all.push(Arc::downgrade(&queue));
        Ok(Events(queue))
    }

    pub(super) fn tell(&self, event: &Event) {
        self.each(|kept| {
            if kept.events.len() == MAX_KEPT {
                kept.events.pop_front();
                kept.missed += 1;
            }
            kept.events.push_back(event.clone());
        });
    }

    pub(super) fn close(&self) {
        self.each(|kept| kept.is_over = true);
    }

    fn each(&self, change: impl Fn(&mut Kept)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|queue| queue.strong_count() > 0);
        for queue in all.iter().filter_map(Weak::upgrade) {
            change(&mut queue.kept());
            queue.more.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Listeners, MAX_KEPT, State};
    use crate::ids::JobId;
    use std::time::Duration;
    use store::UserId;

    #[test]
    fn who_is_slow_misses_the_oldest_and_is_told_so() {
        let listeners = Listeners::default();
        let events = listeners.add().unwrap();
        for job in 0..MAX_KEPT as i64 + 3 {
            let (job, owner) = (JobId(job), UserId(1));
            listeners.tell(&Event { job, owner, state: State::Queued, detail: None });
        }
        assert_eq!((events.missed(), events.missed()), (3, 0));
        assert_eq!(events.next(Duration::ZERO).unwrap().job, JobId(3));
        listeners.close();
        let rest = std::iter::from_fn(|| events.next(Duration::MAX)).count();
        assert!(rest == MAX_KEPT - 1 && events.is_over());
    }

    #[test]
    fn who_is_gone_takes_no_place() {
        let listeners = Listeners::default();
        for _ in 0..3_000 {
            drop(listeners.add().unwrap());
        }
        assert!(listeners.add().unwrap().next(Duration::ZERO).is_none());
    }
}
