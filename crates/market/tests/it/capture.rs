//! The real frames of 8 August 2024: `<receive ns> <frame>` a line.

use std::fs::File;
use std::io::{BufRead, BufReader};

use clock::Nanos;
use flate2::read::GzDecoder;
use market::{Contract, Contracts, Lots, Notional, QuantityLimits, Status, Step, Ticks};

/// BTCUSDT as it was listed then, between two others, so that a wrong number shows.
pub(crate) fn contracts() -> Contracts {
    Contracts::new(["ETHUSDT", "BTCUSDT", "BNBUSDT"].map(contract)).unwrap()
}

pub(crate) fn contract(name: &str) -> Contract {
    let limits = QuantityLimits { min: Lots(1), max: Lots(1_000_000), step: Lots(1) };
    Contract {
        name: name.to_string(),
        kind: "PERPETUAL".to_string(),
        quote: "USDT".to_string(),
        status: Status::Trading,
        tick: Step::parse(b"0.10").unwrap(),
        lot: Step::parse(b"0.001").unwrap(),
        min_price: Ticks(1),
        max_price: Ticks(100_000_000),
        limit: limits,
        market: limits,
        min_notional: Notional(5_000_000_000),
        band: None,
    }
}

/// When a frame was received, and the frame.
pub(crate) type Line = (Nanos, Vec<u8>);

/// The lines of the capture; none where the data folder is not.
pub(crate) fn lines(test: &str) -> Option<Vec<Line>> {
    let path = testkit::data("market/raw/usdm_btcusdt_20240808.gz", test)?;
    let reader = BufReader::new(GzDecoder::new(File::open(path).unwrap()));
    let line = |line: Vec<u8>| {
        let at = line.iter().position(|b| *b == b' ').unwrap();
        let receive = std::str::from_utf8(&line[..at]).unwrap().parse().unwrap();
        (Nanos(receive), line[at + 1..].to_vec())
    };
    Some(reader.split(b'\n').map(|bytes| line(bytes.unwrap())).collect())
}
