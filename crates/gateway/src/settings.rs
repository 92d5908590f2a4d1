use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::Error;
use crate::wire::{Cidr, Hops, Host, Origin};

/// How the shell stands. What a program does not set is strict.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen: loopback unless somebody says otherwise.
    pub listen: SocketAddr,
    /// Under which path everything is, when a proxy puts it there.
    pub base_path: BasePath,
    /// Names by which the server is called, beside loopback and the address a request came to.
    pub hosts: Vec<Host>,
    /// Pages elsewhere that may ask with a key. None may ask with a cookie.
    pub origins: Vec<Origin>,
    /// Proxies whose word about the client counts.
    pub proxies: Vec<Cidr>,
    /// Which header they write.
    pub hops: Hops,
    /// Whether TLS is spoken here.
    pub tls: Tls,
    /// How much and how long.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            base_path: BasePath::default(),
            hosts: Vec::new(),
            origins: Vec::new(),
            proxies: Vec::new(),
            hops: Hops::default(),
            tls: Tls::Off,
            limits: Limits::default(),
        }
    }
}

impl Settings {
    /// Reads a list of names, separated by commas.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the one that is none.
    pub fn parse_hosts(text: &str) -> Result<Vec<Host>, Error> {
        list(text, "allowed hosts", "names or addresses without a path", Host::parse)
    }

    /// Reads a list of origins, separated by commas. There is no wildcard.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the one that is none.
    pub fn parse_origins(text: &str) -> Result<Vec<Origin>, Error> {
        list(text, "allowed origins", "origins like https://example.org", Origin::parse)
    }

    /// Reads a list of addresses and blocks of them, separated by commas.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the one that is none.
    pub fn parse_proxies(text: &str) -> Result<Vec<Cidr>, Error> {
        list(text, "trusted proxies", "addresses or blocks like 10.0.0.0/8", Cidr::parse)
    }
}

fn list<T>(
    text: &str,
    name: &'static str,
    accepted: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Error> {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    items
        .map(|item| {
            let value = item.to_owned();
            parse(item).ok_or(Error::Setting { name, value, accepted })
        })
        .collect()
}

/// A path everything is under: empty, or `/music`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasePath(String);

impl BasePath {
    /// Reads it; a slash at the end does not count.
    ///
    /// # Errors
    /// [`Error::Setting`] for what is no plain path.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let path = text.strip_suffix('/').unwrap_or(text);
        let is_word = |word: &str| {
            let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            !word.is_empty() && word.bytes().all(is_plain)
        };
        let is_path = path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(is_word));
        if path.is_empty() || is_path {
            return Ok(Self(path.to_owned()));
        }
        let accepted = "a path of letters, digits, - and _ like /music";
        Err(Error::Setting { name: "base path", value: text.to_owned(), accepted })
    }

    /// As text, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether and how TLS is spoken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Tls {
    /// In the clear: on loopback, or behind a proxy that speaks TLS.
    #[default]
    Off,
    /// With a certificate of our own making, kept in a folder.
    SelfSigned {
        /// Where it is kept.
        folder: PathBuf,
    },
    /// With a certificate from elsewhere, as PEM files.
    Files {
        /// The certificate and those it rests on.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

/// How much and how long. Every figure may be set; these are the ones of a household.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Of a body, in bytes. JSON of ours is far below; uploads have a route of their own.
    pub body_bytes: u64,
    /// Of all headers of a request, in bytes.
    pub header_bytes: usize,
    /// Headers of a request.
    pub headers: usize,
    /// In which the headers must have come: who is slower holds connections for nothing.
    pub header_time: Duration,
    /// In which a handler must have begun to answer.
    pub request_time: Duration,
    /// In which a TLS handshake must be done.
    pub handshake_time: Duration,
    /// Connections at a time: each may cost a buffer and a descriptor.
    pub connections: usize,
    /// Connections at a time of one address that is no trusted proxy.
    pub connections_per_client: usize,
    /// Requests at a time.
    pub concurrent: usize,
    /// Requests at a time of one client.
    pub concurrent_per_client: usize,
    /// Requests a second of one client, in the long run.
    pub rate_per_second: u32,
    /// Requests of one client at once: a page with a wall of covers asks for hundreds.
    pub rate_burst: u32,
    /// Clients whose rate is remembered: 100 bytes each.
    pub clients: usize,
    /// What requests in flight get when the server is told to stop.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            header_bytes: 32 << 10,
            headers: 64,
            header_time: Duration::from_secs(10),
            request_time: Duration::from_secs(60),
            handshake_time: Duration::from_secs(10),
            connections: 1_024,
            connections_per_client: 256,
            concurrent: 512,
            concurrent_per_client: 64,
            rate_per_second: 100,
            rate_burst: 400,
            clients: 65_536,
            drain_time: Duration::from_secs(30),
        }
    }
}
