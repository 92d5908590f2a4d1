//! How often somebody may try to come in.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use clock::Nanos;

use crate::Error;

/// Tries for one name from one client, within [`WINDOW_S`].
const MAX_TRIES: usize = 5;
/// Tries from one client whatever the name: a list of names is an attack too.
const MAX_TRIES_OF_CLIENT: usize = 20;
const WINDOW_S: i64 = 20;
/// Clients and names remembered, 200 bytes each. Within the window nobody who means well comes near.
const MAX_REMEMBERED: usize = 20_000;
const SECOND: i64 = 1_000_000_000;

/// The tries of the last moments, by client and name.
#[derive(Default)]
pub(crate) struct Throttle(Mutex<BTreeMap<(String, String), VecDeque<Nanos>>>);

impl Throttle {
    /// Counts a try, or says when the next one may be.
    pub(crate) fn try_once(&self, client: &str, name: &str, now: Nanos) -> Result<(), Error> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() + 2 > MAX_REMEMBERED {
            tries.retain(|_, moments| moments.back().is_some_and(|last| is_recent(*last, now)));
            if tries.len() + 2 > MAX_REMEMBERED {
                return Err(Error::TooMany { seconds: WINDOW_S.unsigned_abs() });
            }
        }
        // A character that is in no name marks the tries of the client as a whole.
        let both = [("*", MAX_TRIES_OF_CLIENT), (name, MAX_TRIES)];
        for (name, most) in both {
            let moments = tries.entry((client.to_owned(), name.to_owned())).or_default();
            while moments.front().is_some_and(|first| !is_recent(*first, now)) {
                moments.pop_front();
            }
            if let Some(first) = moments.front().filter(|_| moments.len() >= most) {
                let left = WINDOW_S * SECOND - now.since(*first);
                let seconds = (left / SECOND + 1).max(1).unsigned_abs();
                return Err(Error::TooMany { seconds });
            }
        }
        for (name, _) in both {
            tries.entry((client.to_owned(), name.to_owned())).or_default().push_back(now);
        }
        Ok(())
    }

    /// Forgets the tries for a name: the password was right.
    pub(crate) fn forget(&self, client: &str, name: &str) {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tries.remove(&(client.to_owned(), name.to_owned()));
    }
}

/// A moment that lies ahead is one of a clock that was set back: it does not count.
fn is_recent(moment: Nanos, now: Nanos) -> bool {
    (0..WINDOW_S * SECOND).contains(&now.since(moment))
}

#[cfg(test)]
mod tests {
    use super::{MAX_TRIES_OF_CLIENT, SECOND, Throttle};
    use clock::Nanos;

    #[test]
    fn five_tries_in_twenty_seconds_and_twenty_of_a_client() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.try_once("1.2.3.4", "anna", Nanos(0)).unwrap();
        }
        assert!(throttle.try_once("1.2.3.4", "anna", Nanos(19 * SECOND)).is_err());
        throttle.try_once("5.6.7.8", "anna", Nanos(0)).unwrap();
        throttle.try_once("1.2.3.4", "anna", Nanos(20 * SECOND)).unwrap();
        let made = (0..100)
            .filter(|n| throttle.try_once("9.9.9.9", &n.to_string(), Nanos(0)).is_ok())
            .count();
        assert_eq!(made, MAX_TRIES_OF_CLIENT);
    }
}
