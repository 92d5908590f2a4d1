//! Nothing is allocated for a record once buffers have their size.

use journal::ring;
use journal::{Reader, ReaderOptions, Start, SyncPolicy, Writer, WriterOptions, events};
use testkit::{ALLOCATIONS, Counting};

use crate::any::event;
use crate::folder::{folder, options};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn nothing_is_allocated_for_a_record_after_warming_up() {
    const COUNT: u64 = 50_000;
    let folder = folder();
    for sync in [SyncPolicy::OnDemand, SyncPolicy::EveryBytes(1 << 16)] {
        let folder = folder.path().join(format!("{sync:?}"));
        let options = WriterOptions { sync, ..options(1 << 30) };
        let mut writer = Writer::open(&folder, options).unwrap();
        ALLOCATIONS.set(0);
        for number in 0..COUNT {
            events::append(&mut writer, &event(number)).unwrap();
        }
        assert_eq!(ALLOCATIONS.get(), 0);
        writer.close().unwrap();
        let mut reader = Reader::open(&folder, ReaderOptions::default()).unwrap();
        ALLOCATIONS.set(0);
        for number in 0..COUNT {
            assert_eq!(events::poll(&mut reader).unwrap(), Some(event(number)));
        }
        assert_eq!(ALLOCATIONS.get(), 0);
    }
}

#[test]
fn nothing_is_allocated_for_a_record_of_the_ring() {
    let folder = folder();
    let path = folder.path().join("ring");
    let mut writer = ring::Writer::create(&path, crate::ring_steps::options(0, 64)).unwrap();
    let mut reader = ring::Reader::open(&path, None, Start::Oldest).unwrap();
    ALLOCATIONS.set(0);
    for number in 0..50_000 {
        writer.publish_event(&event(number));
        // Now and then it is lapped.
        if number % 1_000 < 900 {
            let _ = reader.poll_event().unwrap();
        }
    }
    assert!(reader.lost() > 0);
    assert_eq!(ALLOCATIONS.get(), 0);
}
