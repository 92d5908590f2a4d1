use std::net::{IpAddr, SocketAddr};

use super::Cidr;

/// Proxies in a row; nobody has more.
const MAX_HOPS: usize = 32;

/// Which header the proxies write. The other one is whatever the client made of it, so it is never
/// read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hops {
    /// `X-Forwarded-For`, as nginx and Caddy do.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl Hops {
    /// The name of the header.
    pub const fn header(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

/// Who asks: the peer of the connection, or, when that is one of the `proxies`, the last hop in the
/// header's values that is none of them. What stands before it was written by strangers.
pub fn client_of<'a>(
    peer: IpAddr,
    values: impl DoubleEndedIterator<Item = &'a str>,
    hops: Hops,
    proxies: &[Cidr],
) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let mut known = peer.to_canonical();
    let backwards = values.rev().flat_map(|value| value.rsplit(','));
    for hop in backwards.take(MAX_HOPS) {
        if !is_proxy(known) {
            break;
        }
        let address = match hops {
            Hops::XForwardedFor => node(hop.trim()),
            Hops::Forwarded => hop.split(';').find_map(for_parameter).and_then(node),
        };
        // A proxy that says nothing of use is as far as can be seen.
        let Some(address) = address else { break };
        known = address;
    }
    known
}

/// The value of `for=`.
fn for_parameter(pair: &str) -> Option<&str> {
    let (name, value) = pair.split_once('=')?;
    name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
}

/// An address with or without a port and brackets; none for `unknown` and hidden names.
fn node(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|s| s.ip()));
    address.ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::{Cidr, Hops, client_of};

    fn seen(peer: &str, values: &[&str], hops: Hops) -> String {
        let proxies = ["127.0.0.1", "10.0.0.0/8"].map(|text| Cidr::parse(text).unwrap());
        client_of(peer.parse().unwrap(), values.iter().copied(), hops, &proxies).to_string()
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_asks() {
        let x = Hops::XForwardedFor;
        assert_eq!(seen("8.8.8.8", &["1.1.1.1"], x), "8.8.8.8");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 1.1.1.1"], x), "1.1.1.1");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, 1.1.1.1, 10.0.0.7"], x), "1.1.1.1");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6", "1.1.1.1", "10.0.0.7"], x), "1.1.1.1");
        assert_eq!(seen("127.0.0.1", &["6.6.6.6, unknown"], x), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["[2001:db8::1]:4711"], x), "2001:db8::1");
        assert_eq!(seen("127.0.0.1", &[], x), "127.0.0.1");
        let f = Hops::Forwarded;
        assert_eq!(
            seen("127.0.0.1", &["for=6.6.6.6, For=\"[2001:db8::1]\";proto=https"], f),
            "2001:db8::1"
        );
        assert_eq!(seen("127.0.0.1", &["for=_hidden"], f), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["1.1.1.1"], f), "127.0.0.1");
    }
}
