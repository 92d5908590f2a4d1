//! A journal says whose events it holds, and says it in one way.

use clock::Nanos;
use journal::contracts::{CONTRACTS, Listed, append, read};
use journal::{Error, Kind, Reader, ReaderOptions, Record, Writer, events};
use market::{Contract, Contracts, Lots, Notional, QuantityLimits, Sequence, Status, Step, Ticks};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::any::event;
use crate::folder::{folder, options};

fn step(text: &str) -> Step {
    Step::parse(text.as_bytes()).unwrap()
}

fn contract(name: &str, tick: &str, lot: &str) -> Contract {
    let limits = QuantityLimits { min: Lots(1), max: Lots(1_000), step: Lots(1) };
    Contract {
        name: name.to_owned(),
        kind: "PERPETUAL".to_owned(),
        quote: "USDT".to_owned(),
        status: Status::Trading,
        tick: step(tick),
        lot: step(lot),
        min_price: Ticks(1),
        max_price: Ticks(i64::MAX),
        limit: limits,
        market: limits,
        min_notional: Notional::whole(5),
        band: None,
    }
}

fn read_bytes(payload: &[u8]) -> Result<Vec<Listed>, Error> {
    read(Record { sequence: Sequence(0), kind: CONTRACTS, payload })
}

/// One contract as a journal stores it.
const ONE: &[u8] = b"\x01\0\x01\0\0\0\x07BTCUSDT\x030.1\x050.001";

#[test]
fn contracts_are_read_in_the_order_of_their_numbers_and_events_follow() {
    let folder = folder();
    let names = [("BTCUSDT", "0.1", "0.001"), ("币安人生USDT", "0.05", "5")];
    let table = names.map(|(name, tick, lot)| contract(name, tick, lot));
    let contracts = Contracts::new(table).unwrap();
    let mut writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    assert_eq!(append(&mut writer, Nanos(0), &contracts).unwrap(), Sequence(0));
    events::append(&mut writer, &event(1)).unwrap();
    writer.close().unwrap();
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    let listed = read(reader.poll().unwrap().unwrap()).unwrap();
    let expected = names.map(|(name, tick, lot)| Listed {
        name: name.to_owned(),
        tick: step(tick),
        lot: step(lot),
    });
    assert_eq!(listed, expected);
    let error = read(reader.poll().unwrap().unwrap()).unwrap_err();
    assert!(matches!(error, Error::OtherKind { found: events::EVENT, .. }), "{error}");
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    assert_eq!(events::poll(&mut reader).unwrap(), Some(event(1)));
}

#[test]
fn the_layout_is_the_one_stored_journals_have() {
    let folder = folder();
    let mut writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    let contracts = Contracts::new([contract("BTCUSDT", "0.10", "0.001")]).unwrap();
    append(&mut writer, Nanos(0), &contracts).unwrap();
    writer.close().unwrap();
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    assert_eq!(reader.poll().unwrap().unwrap().payload, ONE);
    let long = Contracts::new([contract(&"A".repeat(256), "1", "1")]).unwrap();
    let mut writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    let error = append(&mut writer, Nanos(0), &long).unwrap_err();
    assert!(matches!(error, Error::Limit { given: 256, .. }), "{error}");
}

#[test]
fn each_other_form_is_refused_by_what_is_wrong_with_it() {
    let replaced = |at: usize, byte: u8| {
        let mut bytes = ONE.to_vec();
        bytes[at] = byte;
        bytes
    };
    let twice = [b"\x01\0\x02\0\0\0", &ONE[6..], &ONE[6..]].concat();
    for (bytes, said) in [
        (b"".to_vec(), "cut off"),
        (ONE[..4].to_vec(), "cut off"),
        (ONE[..ONE.len() - 1].to_vec(), "cut off"),
        (replaced(0, 2), "its version is not 1"),
        (replaced(5, 255), "more contracts than it has room for"),
        (replaced(2, 0), "something follows its contracts"),
        (twice, "no name, or another's"),
        (b"\x01\0\x01\0\0\0\0\x030.1\x0200".to_vec(), "no name, or another's"),
        (replaced(7, 0xff), "no text"),
        (replaced(15, b'x'), "no decimal"),
        (b"\x01\0\x01\0\0\0\x01A\x040.10\x011".to_vec(), "has another form"),
    ] {
        let error = read_bytes(&bytes).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
    }
    let other = read(Record { sequence: Sequence(3), kind: Kind(9), payload: ONE }).unwrap_err();
    assert_eq!(other.to_string(), "record 3 is of kind 9; kind 2 was expected");
}

proptest! {
    #[test]
    fn no_bytes_are_contracts_in_two_ways(at in 0..ONE.len(), bits in any::<u8>()) {
        let mut bytes = ONE.to_vec();
        bytes[at] ^= bits;
        let same = bits == 0;
        if let Ok(listed) = read_bytes(&bytes) {
            prop_assert_eq!(same, listed == read_bytes(ONE).unwrap());
        } else {
            prop_assert!(!same);
        }
    }
}
