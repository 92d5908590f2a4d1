//! Events in are events out, at the speed a replay needs.

use clock::Nanos;
use journal::{Checksums, Error, Kind, Reader, ReaderOptions, Writer, events};
use market::Sequence;

use crate::any::event;
use crate::folder::{folder, options};

fn write(folder: &std::path::Path, count: u64) {
    let mut writer = Writer::open(folder, options(64 << 20)).unwrap();
    for number in 0..count {
        assert_eq!(events::append(&mut writer, &event(number)).unwrap(), event(number));
    }
    writer.close().unwrap();
}

#[test]
fn events_are_read_as_they_were_appended() {
    let folder = folder();
    write(folder.path(), 10_000);
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    for number in 0..10_000 {
        assert_eq!(events::poll(&mut reader).unwrap(), Some(event(number)));
    }
    assert_eq!(events::poll(&mut reader).unwrap(), None);
}

#[test]
fn records_that_are_no_events_are_passed_over_or_named() {
    let folder = folder();
    let mut writer = Writer::open(folder.path(), options(1 << 20)).unwrap();
    writer.append(Nanos(0), Kind(2), b"a command").unwrap();
    events::append(&mut writer, &event(1)).unwrap();
    writer.append(Nanos(0), events::EVENT, b"no event").unwrap();
    writer.close().unwrap();
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    let error = events::read(reader.poll().unwrap().unwrap()).unwrap_err();
    assert!(matches!(error, Error::OtherKind { found: Kind(2), .. }), "{error}");
    let mut reader = Reader::open(folder.path(), ReaderOptions::default()).unwrap();
    assert_eq!(events::poll(&mut reader).unwrap(), Some(event(1)));
    let error = events::poll(&mut reader).unwrap_err();
    assert!(matches!(error, Error::NotAnEvent { sequence: Sequence(2), .. }), "{error}");
}

/// A bound a tenth of what is promised, so that a busy machine does not fail it. The figure itself,
/// on recorded events: `cargo xtask bench --only replay`.
#[expect(clippy::disallowed_methods, reason = "a speed is measured by the clock")]
#[test]
fn figures_of_a_replay() {
    let count: u64 = 500_000;
    let folder = folder();
    let begin = std::time::Instant::now();
    write(folder.path(), count);
    let rate = |begin: std::time::Instant| count as f64 / begin.elapsed().as_secs_f64() / 1e6;
    eprintln!("journal: appended at {:.1} M events/s", rate(begin));
    for checksums in [Checksums::Verified, Checksums::Trusted] {
        let options = ReaderOptions { checksums, ..ReaderOptions::default() };
        let mut reader = Reader::open(folder.path(), options).unwrap();
        let (mut read, mut sum) = (0, 0_i64);
        let begin = std::time::Instant::now();
        while let Some(event) = events::poll(&mut reader).unwrap() {
            sum = sum.wrapping_add(event.receive.0) ^ i64::from(event.symbol.0);
            read += 1;
        }
        let rate = rate(begin);
        eprintln!("journal: replayed at {rate:.1} M events/s, checksums {checksums:?} ({sum:x})");
        assert_eq!(read, count);
        assert!(rate > 1.0, "{rate} M events/s");
    }
}
