use std::fs;
use std::path::Path;

use crate::song;

const HOUSE: (&str, u64) = ("house in A minor", 3);
const JAZZ: (&str, u64) = ("slow jazz in F", 8);

fn heard(folder: &Path) -> [Vec<u8>; 2] {
    ["song.mid", "master.wav"].map(|name| fs::read(folder.join(name)).unwrap())
}

/// Nothing of a song is kept where another one finds it.
#[test]
fn two_bands_in_one_process_do_not_hear_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let make = |(words, seed): (&str, u64), name: &str| {
        heard(&song(words, seed, &dir.path().join(name)).folder)
    };
    let together = std::thread::scope(|scope| {
        let house = scope.spawn(|| make(HOUSE, "house"));
        [make(JAZZ, "jazz"), house.join().unwrap()]
    });
    assert!(together == [make(JAZZ, "jazz alone"), make(HOUSE, "house alone")]);
    assert!(together[0] != together[1]);
}
