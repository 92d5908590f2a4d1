use std::net::{IpAddr, Ipv4Addr};

use gateway::wire::{Cidr, Hops, Host, Origin, Scheme, client_of, cookie};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, prop_oneof, proptest};

/// Texts made of what means something to the parsers, and of anything else.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        "[a-z0-9.:\\[\\]@/;=,\" _-]{0,12}",
        "(http|https|ws)://",
        "(localhost|evil\\.example|music\\.example|127\\.0\\.0\\.1|\\[::1\\])",
        "(for=|s=|null|unknown)",
        ".{0,6}",
    ];
    proptest::collection::vec(pieces, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_host_that_is_read_is_said_and_read_the_same(text in texts()) {
        if let Some(host) = Host::parse(&text) {
            let said = host.to_string();
            prop_assert_eq!(Host::parse(&said), Some(host.clone()));
            prop_assert!(said.bytes().all(|b| b.is_ascii_graphic() && !b"@/\\?#%".contains(&b)));
            let bare = text.to_ascii_lowercase();
            let is_named = bare.starts_with("localhost") || bare.contains("127.") || bare.contains("::");
            prop_assert!(!host.is_loopback() || is_named);
        }
    }

    #[test]
    fn only_a_listed_origin_is_one(text in texts()) {
        let listed = Origin::parse("https://music.example").unwrap();
        if let Some(origin) = Origin::parse(&text) {
            prop_assert_eq!(Origin::parse(&origin.to_string()), Some(origin.clone()));
            if origin.is(&listed) {
                let plain = text.to_ascii_lowercase();
                let is_it = ["https://music.example", "https://music.example:443",
                    "https://music.example.", "https://music.example.:443"].contains(&plain.as_str())
                    || plain.starts_with("https://music.example:0");
                prop_assert!(is_it, "{}", text);
            }
            let ours = Host::parse("music.example:8080").unwrap();
            if origin.is_of(&ours, Scheme::Http) {
                prop_assert!(text.to_ascii_lowercase().contains("://music.example"));
            }
        }
    }

    #[test]
    fn a_stranger_never_becomes_somebody_else(
        peer in any::<u32>(), values in proptest::collection::vec(texts(), 0..4), x in any::<bool>()
    ) {
        let peer = IpAddr::V4(Ipv4Addr::from_bits(peer));
        let hops = if x { Hops::XForwardedFor } else { Hops::Forwarded };
        let proxies = [Cidr::parse("10.0.0.0/8").unwrap()];
        let client = client_of(peer, values.iter().map(String::as_str), hops, &proxies);
        prop_assert!(proxies[0].contains(peer) || client == peer);
    }

    #[test]
    fn what_a_client_wrote_before_the_proxys_word_does_not_count(
        written in texts(), real in any::<u32>()
    ) {
        let real = IpAddr::V4(Ipv4Addr::from_bits(real));
        let proxies = [Cidr::parse("10.0.0.0/8").unwrap()];
        if !proxies[0].contains(real) {
            let proxy = "10.0.0.1".parse().unwrap();
            for (hops, value) in [
                (Hops::XForwardedFor, format!("{written}, {real}")),
                (Hops::Forwarded, format!("{written}, for={real}")),
            ] {
                let client = client_of(proxy, [value.as_str()].into_iter(), hops, &proxies);
                prop_assert_eq!(client, real);
            }
        }
    }

    #[test]
    fn a_cookie_is_letters_and_digits_under_its_exact_name(header in texts()) {
        if let Some(value) = cookie([header.as_str()].into_iter(), "s") {
            prop_assert!(value.bytes().all(|b| b.is_ascii_alphanumeric()) && !value.is_empty());
            let pair = format!("s={value}");
            prop_assert!(header.split(';').any(|part| part.trim() == pair));
        }
    }

    #[test]
    fn a_block_holds_its_first_address_and_reads_or_refuses(text in texts()) {
        if let Some(block) = Cidr::parse(&text) {
            let first = text.split('/').next().unwrap().parse().unwrap();
            prop_assert!(block.contains(first) || text.contains("::ffff"));
        }
    }

    #[test]
    fn a_name_that_is_accepted_reads_the_same_when_it_is_folded(text in ".{0,20}") {
        if let Ok(name) = gateway::Name::parse(&text) {
            prop_assert!(!name.as_str().chars().any(|c| c.is_control() || c.is_whitespace()));
            if let Ok(again) = gateway::Name::parse(name.folded()) {
                prop_assert_eq!(again.folded(), name.folded());
            }
        }
    }
}
