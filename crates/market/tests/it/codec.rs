use clock::Nanos;
use market::{
    Body, DecodeError, Event, Flags, HOT_BYTES, Level, Lots, Sequence, SymbolId, Ticks, WIDE_BYTES,
    decode, encode,
};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::any::event;

proptest! {
    #[test]
    fn an_event_is_what_was_written(event in event(u32::MAX), dirt: u8) {
        let mut bytes = [dirt; WIDE_BYTES];
        let length = encode(&event, &mut bytes);
        prop_assert_eq!(decode(event.sequence, &bytes[..length]), Ok(event));
        for wrong in [length - 1, 0, if length == HOT_BYTES { WIDE_BYTES } else { HOT_BYTES }] {
            prop_assert!(decode(event.sequence, &bytes[..wrong]).is_err());
        }
    }

    #[test]
    fn bytes_that_decode_are_the_bytes_of_their_event(event in event(4), at in 0..WIDE_BYTES, bit in 0..8_u32) {
        // One bit of a real event is turned: what is still accepted must have been written so.
        let mut bytes = [0; WIDE_BYTES];
        let length = encode(&event, &mut bytes);
        bytes[at % length] ^= 1 << bit;
        if let Ok(read) = decode(Sequence(0), &bytes[..length]) {
            let mut again = [0; WIDE_BYTES];
            prop_assert_eq!(encode(&read, &mut again), length);
            prop_assert_eq!(&again[..length], &bytes[..length]);
        }
    }

    #[test]
    fn no_bytes_panic(kind in 0..12_u8, tail in proptest::collection::vec(any::<u8>(), 0..120)) {
        let mut bytes = vec![kind];
        bytes.extend(tail);
        let _ = decode(Sequence(0), &bytes);
        bytes.resize(HOT_BYTES, 0);
        let _ = decode(Sequence(0), &bytes);
        bytes.resize(WIDE_BYTES, 0);
        let _ = decode(Sequence(0), &bytes);
    }
}

fn ticker() -> Event {
    let level = |price, quantity| Level { price: Ticks(price), quantity: Lots(quantity) };
    Event {
        sequence: Sequence(9),
        exchange: Nanos(0x0102_0304_0506_0708),
        receive: Nanos(2),
        symbol: SymbolId(3),
        flags: Flags::LAST,
        body: Body::BookTicker { bid: level(618_002, 2_507), ask: level(618_003, 2_510) },
    }
}

#[test]
fn the_layout_is_the_one_stored_journals_have() {
    let mut bytes = [0; WIDE_BYTES];
    assert_eq!(encode(&ticker(), &mut bytes), HOT_BYTES);
    assert_eq!(bytes[..8], [1, 1, 0, 0, 3, 0, 0, 0]);
    assert_eq!(bytes[8..16], [8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(bytes[24..32], 618_002_i64.to_le_bytes());
}

#[test]
fn each_kind_of_damage_has_its_name() {
    let mut bytes = [0; WIDE_BYTES];
    encode(&ticker(), &mut bytes);
    let refused = |at: usize, value: u8| {
        let mut bytes = bytes;
        bytes[at] = value;
        decode(Sequence(0), &bytes[..HOT_BYTES]).unwrap_err()
    };
    assert_eq!(decode(Sequence(0), &[]), Err(DecodeError::Empty));
    assert_eq!(refused(0, 0), DecodeError::Kind(0));
    assert_eq!(refused(0, 11), DecodeError::Kind(11));
    assert_eq!(refused(0, 7), DecodeError::Length { kind: 7, expected: 112, found: 56 });
    assert_eq!(refused(1, 0x80), DecodeError::Value { field: "flags", value: 0x80 });
    assert_eq!(refused(2, 1), DecodeError::Padding);
    assert_eq!(refused(3, 1), DecodeError::Padding);
}

#[test]
fn an_event_stays_small() {
    assert!(size_of::<Event>() <= 160, "{}", size_of::<Event>());
}
