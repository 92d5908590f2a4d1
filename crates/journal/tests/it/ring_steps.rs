//! The ring step by step, in one thread: what goes in comes out, and what is lost is counted.

use journal::ring::{Reader, RingOptions, Writer};
use journal::{Epoch, Error, Start};
use market::{HOT_BYTES, Sequence, WIDE_BYTES};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

use crate::any::event;
use crate::folder::{EPOCH, folder};

pub(crate) fn options(first: u64, slots: u64) -> RingOptions {
    RingOptions { epoch: EPOCH, first: Sequence(first), slots }
}

/// A payload whose every byte depends on its sequence.
pub(crate) fn payload(sequence: u64) -> [u8; WIDE_BYTES] {
    let mut seed = sequence.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::array::from_fn(|_| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as u8
    })
}

pub(crate) fn publish(writer: &mut Writer, wide: bool) {
    let sequence = writer.next();
    let bytes = payload(sequence.0);
    let given = if wide {
        writer.publish_wide(&bytes)
    } else {
        writer.publish(bytes.first_chunk().unwrap())
    };
    assert_eq!(given, sequence);
}

pub(crate) fn check(message: journal::ring::Message<'_>) {
    let length = message.payload.len();
    assert!(length == HOT_BYTES || length == WIDE_BYTES);
    assert_eq!(message.payload, &payload(message.sequence.0)[..length]);
}

proptest! {
    #[test]
    fn a_reader_gets_all_or_counts_what_it_lost(
        steps in proptest::collection::vec((0..60_usize, 0..40_usize), 1..30),
        widths in proptest::collection::vec(proptest::bool::ANY, 7),
        first in 0..1_000_u64,
        slots in 4..7_u32,
    ) {
        let folder = folder();
        let path = folder.path().join("ring");
        let mut writer = Writer::create(&path, options(first, 1 << slots)).unwrap();
        let mut reader = Reader::open(&path, Some(EPOCH), Start::Oldest).unwrap();
        for (publishes, polls) in steps {
            for _ in 0..publishes {
                let wide = widths[writer.next().0 as usize % widths.len()];
                publish(&mut writer, wide);
            }
            for _ in 0..polls {
                let expected = reader.next();
                let lost = reader.lost();
                let Some(message) = reader.poll() else {
                    prop_assert_eq!(reader.next(), writer.next());
                    break;
                };
                check(message);
                let sequence = message.sequence;
                prop_assert_eq!(sequence.0, expected.0 + reader.lost() - lost);
                prop_assert_eq!(first + reader.read() + reader.lost(), sequence.0 + 1);
            }
        }
        while let Some(message) = reader.poll() {
            check(message);
        }
        prop_assert_eq!(first + reader.read() + reader.lost(), writer.next().0);
    }

    #[test]
    fn a_reader_begins_where_it_is_told_to(
        publishes in 0..200_u64,
        widths in proptest::collection::vec(proptest::bool::ANY, 7),
        wanted in 0..220_u64,
    ) {
        const FIRST: u64 = 10;
        let folder = folder();
        let path = folder.path().join("ring");
        let mut writer = Writer::create(&path, options(FIRST, 32)).unwrap();
        for number in 0..publishes {
            publish(&mut writer, widths[number as usize % widths.len()]);
        }
        let latest = Reader::open(&path, None, Start::Latest).unwrap();
        prop_assert_eq!(latest.next(), writer.next());
        let oldest = Reader::open(&path, None, Start::Oldest).unwrap().next().0;
        // At least 28 slots of 32 can be read, so at least 14 records.
        prop_assert!(oldest <= FIRST + publishes.saturating_sub(14));
        match Reader::open(&path, None, Start::At(Sequence(wanted))) {
            Ok(mut reader) => {
                let begins = wanted.max(oldest);
                prop_assert_eq!((reader.next().0, reader.lost()), (begins, begins - wanted));
                while let Some(message) = reader.poll() {
                    check(message);
                }
                prop_assert_eq!(wanted + reader.read() + reader.lost(), writer.next().0);
            }
            Err(Error::OutOfRange { .. }) => {
                prop_assert!(wanted < FIRST || wanted > writer.next().0);
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[test]
fn events_keep_the_sequences_of_the_journal() {
    let folder = folder();
    let path = folder.path().join("ring");
    let mut writer = Writer::create(&path, options(1_000, 64)).unwrap();
    let mut reader = Reader::open(&path, Some(EPOCH), Start::Oldest).unwrap();
    for number in 1_000..3_000 {
        assert_eq!(writer.publish_event(&event(number)), Sequence(number));
        assert_eq!(reader.poll_event().unwrap(), Some(event(number)));
    }
    assert_eq!(reader.poll_event().unwrap(), None);
    writer.publish(&[0xEE; HOT_BYTES]);
    writer.publish_event(&event(3_001));
    assert!(matches!(
        reader.poll_event(),
        Err(Error::NotAnEvent { sequence: Sequence(3_000), .. })
    ));
    assert_eq!(reader.poll_event().unwrap(), Some(event(3_001)));
    assert_eq!((reader.read(), reader.lost(), reader.epoch()), (2_002, 0, EPOCH));
    assert_ne!(EPOCH, Epoch(0));
}
