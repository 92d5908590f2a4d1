//! Bytes as a recording in any wrapping: events that lie in order and inside their contract, or an
//! error; every line is an event, is counted, or is the header.

#![no_main]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use backtest::{Import, Quarantine};
use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use market::{Contracts, Event, SymbolId, Timeframe};

static CONTRACTS: LazyLock<Contracts> = LazyLock::new(|| {
    let assumptions = backtest::assumptions().expect("what comes with the program");
    assumptions.contracts(["BTCUSDT"]).expect("its first contract")
});

static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    root.join(format!("triad-fuzz-import-{}", std::process::id()))
});

/// The bytes as they are, or as gzip: a zip is found by its own bytes.
fn wrapped(bytes: &[u8], as_gzip: bool) -> Vec<u8> {
    if !as_gzip {
        return bytes.to_vec();
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn check(events: &[Event], quarantine: &Quarantine, lines: Option<u64>) {
    assert!(events.iter().all(|event| event.symbol == SymbolId(0)));
    assert_eq!(quarantine.held.len() as u64, quarantine.total().min(100_000));
    if let Some(lines) = lines {
        assert!(events.is_sorted_by_key(|event| event.receive));
        assert!(events.len() as u64 + quarantine.total() <= lines);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((how, bytes)) = bytes.split_first() else { return };
    let is_zip = bytes.starts_with(b"PK");
    fs::write(&*FILE, wrapped(bytes, how & 8 != 0)).expect("room");
    let (symbol, contract) = CONTRACTS.iter().next().expect("one contract");
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let lines = if is_zip { u64::MAX } else { lines };
    let import = match how & 7 {
        0 | 1 => Import::bars(&FILE, symbol, contract, Timeframe::M1),
        2 | 3 => Import::trades(&FILE, symbol, contract),
        4 => Import::tickers(&FILE, symbol, contract),
        5 => Import::funding(&FILE, symbol),
        _ => {
            if let Ok(capture) = Import::frames(&FILE, symbol, &CONTRACTS) {
                check(&capture.events, &capture.quarantine, None);
            }
            return;
        }
    };
    if let Ok(import) = import {
        check(&import.events, &import.quarantine, Some(lines));
    }
});
