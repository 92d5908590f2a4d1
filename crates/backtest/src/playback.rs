use journal::contracts::Listed;
use market::{Event, SymbolId, WIDE_BYTES, encode};
use sha2::{Digest, Sha256};

use crate::{Error, Inspection, Inspector};

/// Follows a recorded market while it is played: what the events of each contract are, and one
/// number over all of them.
#[derive(Debug)]
pub struct Playback {
    inspectors: Vec<Inspector>,
    hash: Sha256,
    events: u64,
}

/// What was played.
#[derive(Debug)]
pub struct Played {
    /// How many events.
    pub events: u64,
    /// A number over every one of them in its order: the same market gives the same.
    pub hash: String,
    /// What each contract that had events was, in the order of their numbers.
    pub contracts: Vec<Inspection>,
}

impl Playback {
    /// Before the first event of these contracts.
    pub fn new(contracts: &[Listed]) -> Self {
        let inspector =
            |(at, listed): (usize, &Listed)| Inspector::new(SymbolId(at as u32), &listed.name);
        let inspectors = contracts.iter().enumerate().map(inspector).collect();
        Self { inspectors, hash: Sha256::new(), events: 0 }
    }

    /// Takes the next event; one of no contract of these is counted and hashed alone.
    ///
    /// # Errors
    /// [`Error::Market`].
    pub fn push(&mut self, event: &Event) -> Result<(), Error> {
        self.events += 1;
        let mut bytes = [0; WIDE_BYTES];
        let length = encode(event, &mut bytes);
        self.hash.update(&bytes[..length]);
        match self.inspectors.get_mut(event.symbol.0 as usize) {
            Some(inspector) => inspector.push(event),
            None => Ok(()),
        }
    }

    /// What was played.
    pub fn finish(self) -> Played {
        let hash = self.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let contracts = self.inspectors.into_iter().filter_map(Inspector::finish).collect();
        Played { events: self.events, hash, contracts }
    }
}
