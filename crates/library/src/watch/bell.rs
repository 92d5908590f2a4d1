use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fault::Cancel;

/// Wakes the watcher. Rung any number of times, it has rung once: nothing piles up.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<State>,
    woken: Condvar,
}

#[derive(Debug, Default)]
struct State {
    changed: bool,
    roots: bool,
}

/// Why the watcher woke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rung {
    /// It is to stop.
    Stopped,
    /// There are other roots.
    Roots,
    /// Something changed in one.
    Changed,
    /// The time was up.
    Nothing,
}

impl Bell {
    /// Something changed in a root.
    pub(super) fn ring_changed(&self) {
        self.state().changed = true;
        self.woken.notify_all();
    }

    /// There are other roots.
    pub(crate) fn ring_roots(&self) {
        self.state().roots = true;
        self.woken.notify_all();
    }

    /// Makes who waits look at its stop signal.
    pub(super) fn wake(&self) {
        drop(self.state());
        self.woken.notify_all();
    }

    /// Waits until it rings, for so long at most.
    pub(super) fn wait(&self, time: Duration, cancel: &Cancel) -> Rung {
        let is_quiet = |state: &mut State| !(cancel.is_cancelled() || state.changed || state.roots);
        let waited = self.woken.wait_timeout_while(self.state(), time, is_quiet);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if cancel.is_cancelled() {
            Rung::Stopped
        } else if std::mem::take(&mut state.roots) {
            Rung::Roots
        } else if std::mem::take(&mut state.changed) {
            Rung::Changed
        } else {
            Rung::Nothing
        }
    }

    /// Lets all of a time pass, unless somebody has it look at once; tells whether anything changed in it
    /// and is better waited for.
    pub(super) fn changed_within(&self, time: Duration, cancel: &Cancel) -> bool {
        let is_patient = |state: &mut State| !(cancel.is_cancelled() || state.roots);
        let waited = self.woken.wait_timeout_while(self.state(), time, is_patient);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let is_at_once = std::mem::take(&mut state.roots);
        std::mem::take(&mut state.changed) && !is_at_once && !cancel.is_cancelled()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use fault::Cancel;

    use super::{Bell, Rung};

    const LONG: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_bell_that_rang_often_rang_once_and_a_stop_goes_first() {
        let (bell, cancel) = (Bell::default(), Cancel::new());
        (0..1_000).for_each(|_| bell.ring_changed());
        bell.ring_roots();
        assert_eq!(bell.wait(LONG, &cancel), Rung::Roots);
        assert_eq!(bell.wait(LONG, &cancel), Rung::Changed);
        assert_eq!(bell.wait(Duration::ZERO, &cancel), Rung::Nothing);
        bell.ring_changed();
        assert!(bell.changed_within(Duration::from_millis(1), &cancel));
        assert!(!bell.changed_within(Duration::from_millis(1), &cancel));
        bell.ring_changed();
        bell.ring_roots();
        assert!(
            !bell.changed_within(LONG, &cancel),
            "who is asked to look at once waits for nothing"
        );
        cancel.cancel();
        bell.ring_changed();
        assert_eq!(bell.wait(LONG, &cancel), Rung::Stopped);
        assert!(!bell.changed_within(LONG, &cancel));
    }
}
