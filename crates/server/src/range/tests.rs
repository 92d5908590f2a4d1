use super::{Selection, Validators};

const DATE: &str = "Sun, 29 Nov 2026 20:01:51 GMT";

fn select(range: &str, length: u64) -> Selection {
    Selection::of(Some(range.as_bytes()), None, length, Validators::default())
}

fn part(start: u64, count: u64, length: u64) -> Selection {
    Selection::Part { start, count, length }
}

#[test]
fn one_range_is_a_part() {
    for (range, start, count) in [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1_000),
        ("bytes=999-", 999, 1),
        ("bytes=10-19", 10, 10),
        ("bytes=10-5000", 10, 990),
        ("bytes=-1", 999, 1),
        ("bytes=-5000", 0, 1_000),
        ("BYTES = 0-9", 0, 10),
        ("bytes=,0-9 ,", 0, 10),
        ("bytes=5-99999999999999999999999", 5, 995),
    ] {
        assert_eq!(select(range, 1_000), part(start, count, 1_000), "{range}");
    }
    let selection = select("bytes=10-19", 1_000);
    assert_eq!(selection.status(), 206);
    assert_eq!(selection.content_range().as_deref(), Some("bytes 10-19/1000"));
    assert_eq!((selection.start(), selection.count()), (10, 10));
}

#[test]
fn what_cannot_be_read_or_is_several_gets_the_whole() {
    for range in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=0x1-2",
        "items=0-1",
        "bytes=0-1,5-9",
        "bytes=--1",
        "bytes=1 -2",
    ] {
        let selection = select(range, 1_000);
        assert_eq!(selection, Selection::Whole { length: 1_000 }, "{range}");
        assert_eq!((selection.status(), selection.content_range()), (200, None));
        assert_eq!(selection.count(), 1_000);
    }
}

#[test]
fn what_lies_beyond_the_end_is_refused_with_the_length() {
    for (range, length) in [
        ("bytes=1000-", 1_000),
        ("bytes=1000-2000", 1_000),
        ("bytes=-0", 1_000),
        ("bytes=99999999999999999999999-", u64::MAX),
        ("bytes=0-", 0),
    ] {
        let selection = select(range, length);
        assert_eq!(selection, Selection::Unsatisfiable { length }, "{range}");
        assert_eq!((selection.status(), selection.count()), (416, 0));
        assert_eq!(selection.content_range(), Some(format!("bytes */{length}")));
    }
    assert_eq!(select("bytes=-5", 0), Selection::Whole { length: 0 });
}

#[test]
fn a_part_is_sent_only_of_the_bytes_the_client_knows() {
    let validators = Validators { etag: Some("\"a1\""), last_modified: Some(DATE) };
    let select = |condition: &str, validators| {
        Selection::of(Some(b"bytes=5-"), Some(condition.as_bytes()), 10, validators)
    };
    for known in ["\"a1\"", " \"a1\" ", DATE] {
        assert_eq!(select(known, validators), part(5, 5, 10), "{known}");
    }
    for unknown in ["\"a2\"", "W/\"a1\"", "a1", "", "Sun, 29 Nov 2026 20:01:52 GMT"] {
        assert_eq!(select(unknown, validators), Selection::Whole { length: 10 }, "{unknown}");
    }
    let weak = Validators { etag: Some("W/\"a1\""), last_modified: None };
    assert_eq!(select("W/\"a1\"", weak), Selection::Whole { length: 10 });
    assert_eq!(select(DATE, Validators::default()), Selection::Whole { length: 10 });
}
