use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};

use super::client::Client;
use super::rules::Rules;
use crate::wire::{Host, Scheme, client_of};
use crate::{Problem, Settings};

/// Both ends of a connection, put beside each of its requests by [`crate::serve`].
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// Who connected.
    pub remote: SocketAddr,
    /// The address they connected to.
    pub local: SocketAddr,
    /// Whether over TLS.
    pub tls: bool,
}

impl Default for Peer {
    /// Nobody in particular, for requests that came over no network.
    fn default() -> Self {
        let nowhere = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
        Self { remote: nowhere, local: nowhere, tls: false }
    }
}

/// The id of a request, as it is in the log and in `X-Correlation-Id`: for answers that carry errors
/// of their own kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correlation(pub Arc<str>);

impl<S: Send + Sync> FromRequestParts<S> for Correlation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        Visit::of(parts).map(|visit| Self(visit.correlation))
    }
}

/// What is known of a request before anybody serves it.
#[derive(Debug, Clone)]
pub(crate) struct Visit {
    pub(crate) correlation: Arc<str>,
    pub(crate) client: Client,
    /// The host the page of ours was loaded from.
    pub(crate) host: Host,
    pub(crate) scheme: Scheme,
    pub(crate) rules: Arc<Rules>,
}

impl Visit {
    /// The visit of a request; the shell put it there.
    pub(crate) fn of(parts: &Parts) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::internal)
    }

    /// Reads who comes and where to. Hosts that are not ours are refused: that they lead here is a
    /// trick of somebody's DNS.
    pub(super) fn read(
        parts: &Parts,
        correlation: Arc<str>,
        settings: &Settings,
    ) -> Result<Self, Problem> {
        let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
        let is_proxied = settings.proxies.iter().any(|proxy| proxy.contains(peer.remote.ip()));
        let mut host = host_of(parts)?;
        check_host(&host, peer, settings)?;
        // What a proxy does not write the client may have, so it must be one of ours too.
        if is_proxied && let Some(said) = one(&parts.headers, "x-forwarded-host")? {
            host = Host::parse(said).ok_or_else(malformed)?;
            check_host(&host, peer, settings)?;
        }
        let is_https = is_proxied && one(&parts.headers, "x-forwarded-proto")? == Some("https");
        let scheme = if peer.tls || is_https { Scheme::Https } else { Scheme::Http };
        let hops = settings.hops;
        let values = parts.headers.get_all(hops.header()).into_iter();
        let values = values.map(|value| value.to_str().unwrap_or("unknown"));
        let address = client_of(peer.remote.ip(), values, hops, &settings.proxies);
        let came_through = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"]
            .iter()
            .any(|name| parts.headers.contains_key(*name));
        let is_local = peer.remote.ip().to_canonical().is_loopback() && !came_through;
        let client = Client::new(address, is_local);
        Ok(Self { correlation, client, host, scheme, rules: Rules::new(settings) })
    }
}

/// The one host a request names: in its target (HTTP/2, absolute targets) or in its header.
fn host_of(parts: &Parts) -> Result<Host, Problem> {
    let header = one(&parts.headers, header::HOST.as_str())?;
    let target = parts.uri.authority().map(|authority| authority.as_str());
    let host = match (target, header) {
        (Some(target), Some(header)) if !target.eq_ignore_ascii_case(header) => None,
        (Some(target), _) => Host::parse(target),
        (None, header) => header.and_then(Host::parse),
    };
    host.ok_or_else(malformed)
}

/// The value of a header that may be there once.
fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let mut values = headers.get_all(name).into_iter();
    let value = values.next();
    if values.next().is_some() {
        return Err(malformed());
    }
    value.map(|value| value.to_str().map_err(|_| malformed())).transpose()
}

fn check_host(host: &Host, peer: Peer, settings: &Settings) -> Result<(), Problem> {
    let is_ours = host.is_loopback()
        || host.is_named_like(&Host::of(peer.local.ip()))
        || settings.hosts.iter().any(|ours| ours.is_named_like(host));
    if is_ours {
        return Ok(());
    }
    let status = StatusCode::MISDIRECTED_REQUEST;
    Err(Problem::new(status, "misdirected", "This server is not called that."))
}

fn malformed() -> Problem {
    Problem::bad_request("The host that is asked for cannot be read.")
}
