//! Bytes as the venue's list of contracts: a table that finds each of them, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use market::Contracts;

fuzz_target!(|bytes: &[u8]| {
    let Ok(listing) = market::read_listing(bytes) else { return };
    let Ok(contracts) = Contracts::new(listing.contracts) else { return };
    for (id, contract) in contracts.iter() {
        assert_eq!(contracts.find(contract.name.as_bytes()), Some(id));
    }
});
