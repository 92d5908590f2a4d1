use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use library::watch::{Options, Watching};

use crate::house::{House, song};

const QUICK: Options = Options {
    quiet: Duration::from_millis(150),
    interval: Duration::from_secs(3_600),
    at_start: false,
    threads: 1,
};

/// Waits up to 20 s: a machine that builds something else is slow.
fn soon(is_so: impl Fn() -> bool) -> bool {
    (0..400).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        is_so()
    })
}

#[test]
fn a_file_that_appears_is_found_in_a_root_and_in_one_added_later() {
    let house = House::new();
    let watcher = house.library.watch(QUICK, |_| ()).unwrap();
    assert!(soon(|| watcher.roots().len() == 1));
    if watcher.roots()[0].1 != Watching::Told {
        // No watch can be had here, and it is said; the regular scan is tested below.
        return;
    }
    song(&house.music().join("new folder/1.flac"), 440, "One", "Somebody", "First");
    assert!(soon(|| house.tracks().len() == 1));

    let other = house.dir.path().join("other");
    song(&other.join("2.flac"), 550, "Two", "Somebody", "First");
    house.library.add_root(&other).unwrap();
    assert!(soon(|| house.tracks().len() == 2));
    song(&other.join("b/3.flac"), 660, "Three", "Somebody", "First");
    assert!(soon(|| house.tracks().len() == 3));
    std::fs::remove_file(other.join("2.flac")).unwrap();
    assert!(soon(|| house.tracks().len() == 2));
    drop(watcher);
    song(&other.join("4.flac"), 770, "Four", "Somebody", "First");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(house.tracks().len(), 2);
}

#[test]
fn it_scans_at_the_start_and_again_though_nothing_was_told() {
    let house = House::new();
    song(&house.music().join("1.flac"), 440, "One", "Somebody", "First");
    let scans = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&scans);
    let options = Options { at_start: true, interval: Duration::from_millis(100), ..QUICK };
    let watcher = house
        .library
        .watch(options, move |done| {
            assert!(done.as_ref().unwrap()[0].found.is_ok());
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .unwrap();
    assert!(soon(|| scans.load(Ordering::Relaxed) >= 3));
    drop(watcher);
    assert_eq!(house.tracks().len(), 1);
}
