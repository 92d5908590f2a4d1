use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Pictures read and decoded at a time: each holds up to the limit of its kind in memory.
const AT_A_TIME: usize = 2;
/// Larger ones are decoded one at a time: a progressive JPEG takes some nine bytes a pixel.
pub(super) const LARGE_PIXELS: u64 = 8_000_000;

/// Lets a few through.
#[derive(Debug, Default)]
pub(super) struct Gate {
    inside: Mutex<usize>,
    left: Condvar,
    large: Mutex<()>,
}

impl Gate {
    /// Waits for a place; it is free again when what is returned is dropped.
    pub(super) fn enter(&self) -> Inside<'_> {
        let inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.left.wait_while(inside, |inside| *inside >= AT_A_TIME);
        *waited.unwrap_or_else(PoisonError::into_inner) += 1;
        Inside(self)
    }

    /// The one place for large pictures, taken by who is inside.
    pub(super) fn enter_large(&self) -> MutexGuard<'_, ()> {
        self.large.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place.
#[derive(Debug)]
pub(super) struct Inside<'a>(&'a Gate);

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *self.0.inside.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        self.0.left.notify_one();
    }
}

/// Lets one at a time make what has one key.
#[derive(Debug, Default)]
pub(super) struct Once {
    making: Mutex<BTreeSet<String>>,
    made: Condvar,
}

impl Once {
    /// Waits until nobody makes this.
    pub(super) fn enter(&self, key: &str) -> Making<'_> {
        let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.made.wait_while(making, |making| making.contains(key));
        waited.unwrap_or_else(PoisonError::into_inner).insert(key.to_owned());
        Making { once: self, key: key.to_owned() }
    }
}

/// Who makes it.
#[derive(Debug)]
pub(super) struct Making<'a> {
    once: &'a Once,
    key: String,
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let mut making = self.once.making.lock().unwrap_or_else(PoisonError::into_inner);
        making.remove(&self.key);
        self.once.made.notify_all();
    }
}
