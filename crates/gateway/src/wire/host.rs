use std::fmt::{Display, Formatter, Result as Printed};
use std::net::{IpAddr, Ipv6Addr};

/// The longest name DNS has.
const MAX_NAME: usize = 253;

/// Where a request wants to go: a name or an address, and perhaps a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Host {
    name: Name,
    port: Option<u16>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Address(IpAddr),
    /// In lower case, without the dot at the end.
    Text(String),
}

impl Host {
    /// Reads `example.org`, `example.org:8080`, `192.168.1.2`, `[::1]:80`; none for anything else:
    /// user parts, addresses in other bases, names that no DNS has.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, port) = split_port(text)?;
        let name = if let Some(inner) = name.strip_prefix('[') {
            let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
            Name::Address(IpAddr::V6(address).to_canonical())
        } else if let Ok(address) = name.parse::<std::net::Ipv4Addr>() {
            Name::Address(IpAddr::V4(address))
        } else {
            Name::Text(dns_name(name)?)
        };
        Some(Self { name, port })
    }

    /// An address without a port.
    pub fn of(address: IpAddr) -> Self {
        Self { name: Name::Address(address.to_canonical()), port: None }
    }

    /// The name or the address alone, as certificates have it.
    pub fn name(&self) -> String {
        match &self.name {
            Name::Address(address) => address.to_string(),
            Name::Text(name) => name.clone(),
        }
    }

    /// The port, where one was said.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Whether the names are the same, whatever the ports.
    pub fn is_named_like(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// Whether it means this machine wherever it is said.
    pub fn is_loopback(&self) -> bool {
        match &self.name {
            Name::Address(address) => address.is_loopback(),
            Name::Text(name) => name == "localhost",
        }
    }
}

impl Display for Host {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        match &self.name {
            Name::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            Name::Address(address) => write!(f, "{address}")?,
            Name::Text(name) => f.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    // The colons of an address in brackets are its own.
    let after = text.rfind(']').unwrap_or(0);
    let Some(colon) = text[after..].find(':') else { return Some((text, None)) };
    let (name, port) = (&text[..after + colon], &text[after + colon + 1..]);
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let port = if is_number { port.parse().ok()? } else { return None };
    Some((name, Some(port)))
}

fn dns_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    // A last label of digits alone would be read as an address by others ("127.1").
    let last = name.rsplit('.').next()?;
    let is_address_like = last.bytes().all(|b| b.is_ascii_digit()) || last.starts_with("0x");
    let is_name = name.len() <= MAX_NAME && name.split('.').all(is_label) && !is_address_like;
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn hosts_as_requests_say_them() {
        for (text, said) in [
            ("Example.ORG", "example.org"),
            ("example.org.:8080", "example.org:8080"),
            ("192.168.1.2:80", "192.168.1.2:80"),
            ("[::1]:80", "[::1]:80"),
            ("[::ffff:127.0.0.1]", "127.0.0.1"),
        ] {
            assert_eq!(Host::parse(text).unwrap().to_string(), said);
        }
        for text in [
            "",
            ":",
            ":80",
            "a:",
            "a:99999",
            "a:+1",
            "a b",
            "user@a",
            "a/b",
            "127.1",
            "0x7f.1",
            "::1",
            "[::1",
            "[a]",
            "a..b",
            "é",
            "a:1:2",
            "127.0.0.01",
            "2130706433",
            "[::1]x",
        ] {
            assert_eq!(Host::parse(text), None, "{text}");
        }
    }
}
