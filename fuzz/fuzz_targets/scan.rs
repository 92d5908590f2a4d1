//! Bytes as a frame of the venue: what the fast reader accepts, the general one must read alike.

#![no_main]

use std::sync::LazyLock;

use clock::Nanos;
use libfuzzer_sys::fuzz_target;
use market::{Contracts, Scanner, SymbolId};

static CONTRACTS: LazyLock<Contracts> = LazyLock::new(|| {
    let listing = br#"{"symbols":[{"symbol":"BTCUSDT","filters":[
        {"filterType":"PRICE_FILTER","minPrice":"0.10","maxPrice":"1000000","tickSize":"0.10"},
        {"filterType":"LOT_SIZE","minQty":"0.001","maxQty":"1000","stepSize":"0.001"},
        {"filterType":"MARKET_LOT_SIZE","minQty":"0.001","maxQty":"120","stepSize":"0.001"},
        {"filterType":"MIN_NOTIONAL","notional":"50"}]}]}"#;
    Contracts::new(market::read_listing(listing).expect("a list").contracts).expect("a table")
});

fuzz_target!(|bytes: &[u8]| {
    let mut scanner = Scanner::new(CONTRACTS.clone());
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    let accepted = scanner.scan(bytes, Nanos(0), &mut found);
    let judged = scanner.scan_generally(bytes, Nanos(0), &mut expected);
    assert_eq!(accepted.map(|s| s.kind), judged.map(|s| s.kind));
    assert_eq!(found, expected);
    // A leading blank is a surprise to the fast reader and nothing to the general one.
    let blank = [b" ", bytes].concat();
    found.clear();
    expected.clear();
    let accepted = scanner.snapshot(SymbolId(0), bytes, Nanos(0), &mut found);
    let judged = scanner.snapshot(SymbolId(0), &blank, Nanos(0), &mut expected);
    // The blank may make a frame of the greatest length too long.
    if bytes.len() < market::MAX_FRAME_BYTES {
        assert_eq!(accepted.map(|s| s.kind), judged.map(|s| s.kind));
        assert_eq!(found, expected);
    }
});
