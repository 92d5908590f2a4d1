//! Bytes as the parameters of a Subsonic request, its JSON body and its `Range`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::range::{Selection, Validators};
use server::subsonic::{Credentials, Format, Parameters, client_info, listing, query};

fuzz_target!(|bytes: &[u8]| {
    let (query_bytes, form) = bytes.split_at(bytes.len() / 2);
    if let Ok(parameters) = Parameters::parse(query_bytes, form) {
        drop(Format::of(&parameters));
        drop(Credentials::of(&parameters));
        drop(query::query(&parameters));
        drop(listing::AlbumOrder::of(&parameters));
    }
    drop(client_info::parse(bytes));
    let length = u64::from(bytes.first().copied().unwrap_or(0));
    let part = Selection::of(Some(bytes), None, length, Validators::default());
    assert!(part.start() + part.count() <= length);
});
