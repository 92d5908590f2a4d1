//! Bytes as the headers a stranger sends: hosts, origins, proxies' words, cookies.

#![no_main]

use gateway::wire::{Cidr, Host, Origin, cookie};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Some(host) = Host::parse(&text) {
        assert_eq!(Host::parse(&host.to_string()), Some(host));
    }
    drop(Origin::parse(&text));
    drop(Cidr::parse(&text));
    drop(cookie([&*text].into_iter(), "auralis_session"));
});
