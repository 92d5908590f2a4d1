//! The last look before an event is believed: is it possible, and is it plausible beside what was
//! believed before? What is not goes into quarantine under a name, and is counted.
//!
//! A level of the book is only asked whether it is possible: levels far from the market are
//! normal. When one is refused its change is no longer whole, and [`crate::Book`] asks for a
//! snapshot.

mod doubt;
mod shape;
mod watch;

use clock::Nanos;

pub use doubt::Doubt;

use crate::{Body, Contracts, Event, Fixed8, Flags};
use watch::Watch;

/// What is still believed. Each limit is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirewallLimits {
    /// Largest move of a price against its reference, as a share of it.
    pub max_jump: Fixed8,
    /// How old a reference may be, in nanoseconds; without one, any price is the next reference.
    /// So a market that really did jump is believed again after this long.
    pub reference_age: i64,
    /// How far the venue's time may be ahead of ours, in nanoseconds.
    pub max_ahead: i64,
    /// How far the venue's time may be behind ours, in nanoseconds.
    pub max_age: i64,
}

impl Default for FirewallLimits {
    fn default() -> Self {
        const SECOND: i64 = 1_000_000_000;
        Self {
            // On the worst day of 2025 BTC lost 9.2 % within five minutes; 10 % from one event to
            // the next has not been a market but a fault.
            max_jump: Fixed8(10_000_000),
            reference_age: 60 * SECOND,
            // Recorders with a clock more than a second off are common.
            max_ahead: 5 * SECOND,
            max_age: 60 * SECOND,
        }
    }
}

/// Whether an event is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[must_use]
pub enum Verdict {
    /// It is.
    Accept,
    /// It is not, for this reason.
    Quarantine(Doubt),
}

/// How many events were believed, and how many were not for which reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirewallCounts {
    /// Believed.
    pub accepted: u64,
    doubted: [u64; Doubt::ALL.len()],
}

impl FirewallCounts {
    /// Events in quarantine by reason, every reason by name, in one order.
    pub fn doubted(&self) -> impl Iterator<Item = (Doubt, u64)> {
        Doubt::ALL.into_iter().zip(self.doubted)
    }

    /// All events in quarantine.
    pub fn doubted_total(&self) -> u64 {
        self.doubted.iter().sum()
    }
}

/// Looks at every event once, in the order they come.
#[derive(Debug, Clone)]
pub struct Firewall {
    contracts: Contracts,
    limits: FirewallLimits,
    watches: Vec<Watch>,
    counts: FirewallCounts,
}

impl Firewall {
    /// Believes events of these contracts only.
    pub fn new(contracts: Contracts, limits: FirewallLimits) -> Self {
        let watches = contracts.iter().map(|_| Watch::default()).collect();
        Self { contracts, limits, watches, counts: FirewallCounts::default() }
    }

    /// How many were believed.
    pub fn counts(&self) -> &FirewallCounts {
        &self.counts
    }

    /// Looks at one event. Only what is believed is remembered.
    pub fn check(&mut self, event: &Event) -> Verdict {
        match self.look(event) {
            Ok(()) => {
                self.counts.accepted += 1;
                Verdict::Accept
            }
            Err(doubt) => {
                self.counts.doubted[doubt as usize] += 1;
                Verdict::Quarantine(doubt)
            }
        }
    }

    fn look(&mut self, event: &Event) -> Result<(), Doubt> {
        let contract = self.contracts.get(event.symbol).ok_or(Doubt::UnknownSymbol)?;
        let watch = self.watches.get_mut(event.symbol.0 as usize).ok_or(Doubt::UnknownSymbol)?;
        let looked = times(event, self.limits)
            .and_then(|()| shape::check(event, contract))
            .and_then(|()| watch.check(event, contract, self.limits));
        // The levels of a change are believed or not with its beginning.
        let begins = matches!(event.body, Body::DepthStart { .. } | Body::SnapshotStart { .. });
        if begins {
            watch.depth_refused = looked.is_err();
        } else if matches!(event.body, Body::DepthLevel { .. }) && watch.depth_refused {
            watch.depth_refused = !event.flags.has(Flags::LAST);
            return Err(Doubt::DepthRefused);
        }
        looked
    }
}

fn times(event: &Event, limits: FirewallLimits) -> Result<(), Doubt> {
    unit(event.exchange)?;
    unit(event.receive)?;
    let ahead = event.exchange.since(event.receive);
    if ahead > limits.max_ahead {
        return Err(Doubt::Ahead);
    }
    if ahead < limits.max_age.saturating_neg() {
        return Err(Doubt::Stale);
    }
    Ok(())
}

/// A time in nanoseconds between 2001 and 2100. Counts of the same years in other units have
/// other magnitudes, and are told apart by them.
fn unit(time: Nanos) -> Result<(), Doubt> {
    // Seconds from 2001-09-09 to 2100-01-01.
    let is_count_of = |per_second: i64| {
        (1_000_000_000 * per_second..4_102_444_800_i64.saturating_mul(per_second)).contains(&time.0)
    };
    match time.0 {
        _ if is_count_of(1_000_000_000) => Ok(()),
        _ if is_count_of(1_000_000) => Err(Doubt::Microseconds),
        _ if is_count_of(1_000) => Err(Doubt::Milliseconds),
        _ if is_count_of(1) => Err(Doubt::Seconds),
        _ => Err(Doubt::TimeRange),
    }
}
