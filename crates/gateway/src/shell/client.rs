use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::visit::Visit;
use crate::Problem;

/// From where somebody asks, as far as can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    address: IpAddr,
    is_local: bool,
}

impl Client {
    pub(super) fn new(address: IpAddr, is_local: bool) -> Self {
        Self { address, is_local }
    }

    /// The address.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// Whether it is a program on this machine, and no proxy that speaks for somebody else.
    pub fn is_local(&self) -> bool {
        self.is_local
    }

    /// Whom limits count: an address, or the network that one customer of IPv6 has for themselves.
    pub(crate) fn key(&self) -> IpAddr {
        const NETWORK: u128 = !(u64::MAX as u128);
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
        }
    }

    /// As text, for limits and the audit log.
    pub fn text(&self) -> String {
        self.key().to_string()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Visit::of(parts).map(|visit| visit.client)
    }
}

/// How many requests, or connections, each client has in the house.
pub(crate) struct Crowd {
    most: usize,
    /// No longer than all of them may be at a time: who has none is not in it.
    clients: Mutex<BTreeMap<IpAddr, usize>>,
}

/// One in the house.
pub(crate) struct Present {
    crowd: Arc<Crowd>,
    client: IpAddr,
}

impl Crowd {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, clients: Mutex::default() }
    }

    /// Lets one in, unless its client has enough of them inside.
    pub(crate) fn enter(self: &Arc<Self>, client: IpAddr) -> Option<Present> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let count = clients.entry(client).or_insert(0);
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Present { crowd: Arc::clone(self), client })
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut clients = self.crowd.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = clients.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                clients.remove(&self.client);
            }
        }
    }
}
