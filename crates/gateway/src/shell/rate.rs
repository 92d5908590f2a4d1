use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use crate::settings::Limits;
use crate::{Error, Problem};

/// When more clients come than are remembered, the new ones share so many places: nobody is let
/// through unlimited, and memory stays what it was.
const SHARED_PLACES: u64 = 1_024;
/// Looking for clients to forget walks over all of them: not for every request.
const SWEEP: Duration = Duration::from_secs(1);

/// How often each client may ask.
pub(super) struct Rate {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    most: usize,
    swept: Mutex<Option<Instant>>,
    places: RandomState,
}

impl Rate {
    pub(super) fn new(limits: &Limits) -> Result<Self, Error> {
        let figure = |name, value: u32| {
            let accepted = "1 or more";
            NonZeroU32::new(value).ok_or(Error::Setting {
                name,
                value: value.to_string(),
                accepted,
            })
        };
        let rate = figure("requests a second of a client", limits.rate_per_second)?;
        let burst = figure("requests of a client at once", limits.rate_burst)?;
        Ok(Self {
            limiter: RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst)),
            clock: DefaultClock::default(),
            most: limits.clients,
            swept: Mutex::new(None),
            places: RandomState::new(),
        })
    }

    /// Counts a request, or says when the next one may come.
    pub(super) fn check(&self, client: IpAddr) -> Result<(), Problem> {
        let key = if self.is_full() { self.shared_place(client) } else { client };
        self.limiter.check_key(&key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Problem::too_many(wait.as_secs() + 1)
        })
    }

    /// Whether no more clients can be remembered, those forgotten that asked long ago.
    fn is_full(&self) -> bool {
        if self.limiter.len() < self.most {
            return false;
        }
        let mut swept = self.swept.lock().unwrap_or_else(PoisonError::into_inner);
        if swept.is_none_or(|at| at.elapsed() >= SWEEP) {
            *swept = Some(Instant::now());
            self.limiter.retain_recent();
        }
        self.limiter.len() >= self.most
    }

    /// A place in a block of addresses that nobody has (the documentation's own).
    fn shared_place(&self, client: IpAddr) -> IpAddr {
        const BLOCK: u128 = 0x2001_0db8 << 96;
        let place = self.places.hash_one(client) % SHARED_PLACES;
        IpAddr::V6(Ipv6Addr::from_bits(BLOCK | u128::from(place)))
    }
}
