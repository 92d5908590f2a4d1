use std::fmt::{Display, Formatter, Result as Printed};

use super::Host;

/// How a page was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// The port that is meant when none is said.
    pub const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Where the page that asks was loaded from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    scheme: Scheme,
    host: Host,
}

impl Origin {
    /// Reads `https://example.org` or `http://localhost:5173`; none for `null`, for other schemes
    /// and for anything after the host.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, host) = match text.strip_prefix("https://") {
            Some(host) => (Scheme::Https, host),
            None => (Scheme::Http, text.strip_prefix("http://")?),
        };
        Some(Self { scheme, host: Host::parse(host)? })
    }

    /// Whether both are the same origin: scheme, name and port, said or meant.
    pub fn is(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.host.is_named_like(&other.host)
            && self.port() == other.port()
    }

    /// Whether it is the origin of a request that goes to `host`. A request known to have come over
    /// TLS is of an `https` origin alone; of one that came in the clear a proxy may have taken the
    /// TLS away without a word.
    pub fn is_of(&self, host: &Host, scheme: Scheme) -> bool {
        let may_be = self.scheme == Scheme::Https || scheme == Scheme::Http;
        let port = host.port().unwrap_or(self.scheme.port());
        may_be && self.host.is_named_like(host) && self.port() == port
    }

    fn port(&self) -> u16 {
        self.host.port().unwrap_or(self.scheme.port())
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        let scheme = if self.scheme == Scheme::Https { "https" } else { "http" };
        write!(f, "{scheme}://{}", self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::{Host, Origin, Scheme};

    #[test]
    fn an_origin_is_that_of_a_host_by_name_port_and_scheme() {
        let of = |origin: &str, host: &str, scheme| {
            Origin::parse(origin).is_some_and(|o| o.is_of(&Host::parse(host).unwrap(), scheme))
        };
        assert!(of("http://a:8765", "a:8765", Scheme::Http));
        assert!(of("https://a", "a", Scheme::Http));
        assert!(of("https://a", "a:443", Scheme::Https));
        assert!(!of("http://a", "a", Scheme::Https));
        assert!(!of("http://a:8765", "a:8766", Scheme::Http));
        assert!(!of("http://b:8765", "a:8765", Scheme::Http));
        for refused in ["null", "", "file://", "http://a/", "http://a@b", "HTTP://a", "ftp://a"] {
            assert_eq!(Origin::parse(refused), None, "{refused}");
        }
    }
}
