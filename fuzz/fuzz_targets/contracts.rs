//! Bytes as the contracts of a journal: names that differ, each with its steps, or an error.

#![no_main]

use std::collections::BTreeSet;

use journal::Record;
use journal::contracts::{CONTRACTS, read};
use libfuzzer_sys::fuzz_target;
use market::Sequence;

fuzz_target!(|payload: &[u8]| {
    let Ok(listed) = read(Record { sequence: Sequence(0), kind: CONTRACTS, payload }) else {
        return;
    };
    let names: BTreeSet<&str> = listed.iter().map(|listed| listed.name.as_str()).collect();
    assert_eq!(names.len(), listed.len());
    let length = |text: &str| 1 + text.len();
    let of = |listed: &journal::contracts::Listed| {
        let (tick, lot) = (listed.tick.to_string(), listed.lot.to_string());
        length(&listed.name) + length(&tick) + length(&lot)
    };
    assert_eq!(6 + listed.iter().map(of).sum::<usize>(), payload.len());
});
