use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;

use library::{Error, TrackId};

use crate::house::{House, song};

#[test]
fn a_track_is_opened_by_its_id_and_its_tag_changes_with_its_bytes() {
    let house = House::new();
    let path = house.music().join("a/1.FLAC");
    song(&path, 440, "One", "Somebody", "First");
    house.scan();
    let mut opened = house.library.open_track(TrackId(1)).unwrap();
    let mut bytes = Vec::new();
    opened.file.read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes, fs::read(&path).unwrap());
    assert_eq!((opened.len, opened.suffix.as_str()), (bytes.len() as u64, "flac"));
    let again = house.library.open_track(TrackId(1)).unwrap();
    assert_eq!((&again.etag, again.modified), (&opened.etag, opened.modified));
    fs::write(&path, b"another").unwrap();
    assert_ne!(house.library.open_track(TrackId(1)).unwrap().etag, opened.etag);
    fs::remove_file(&path).unwrap();
    assert!(matches!(house.library.open_track(TrackId(1)), Err(Error::Absent(_))));
    assert!(matches!(house.library.open_track(TrackId(2)), Err(Error::Absent(_))));
}

#[test]
fn nothing_outside_a_root_is_opened_whatever_was_put_in_its_way() {
    let house = House::new();
    let (path, outside) = (house.music().join("a/b/1.flac"), house.dir.path().join("outside"));
    song(&path, 440, "One", "Somebody", "First");
    song(&outside.join("1.flac"), 550, "Secret", "Nobody", "None");
    house.scan();
    let is_refused = || matches!(house.library.open_track(TrackId(1)), Err(Error::Absent(_)));
    fs::rename(&path, house.music().join("a/kept.flac")).unwrap();

    symlink(outside.join("1.flac"), &path).unwrap();
    assert!(is_refused(), "a link to a file");
    fs::remove_file(&path).unwrap();

    fs::create_dir(&path).unwrap();
    assert!(is_refused(), "a folder");
    fs::remove_dir(&path).unwrap();

    if let Some(mkfifo) = testkit::program("mkfifo", "a pipe is refused") {
        testkit::run(std::process::Command::new(mkfifo).arg(&path));
        assert!(is_refused(), "a pipe");
        fs::remove_file(&path).unwrap();
    }

    fs::remove_dir(house.music().join("a/b")).unwrap();
    symlink(&outside, house.music().join("a/b")).unwrap();
    assert!(is_refused(), "a link to a folder");

    for path in ["../outside/1.flac", "/etc/passwd", "a/../../outside/1.flac", ""] {
        let path = path.to_owned();
        house
            .library
            .store()
            .write(move |connection| -> Result<(), store::Error> {
                connection.execute("UPDATE track SET path = ?1", [&path])?;
                Ok(())
            })
            .unwrap();
        assert!(is_refused());
    }
    house.write("UPDATE track SET path = 'a/kept.flac'");
    assert!(!is_refused());
    symlink("kept.flac", house.music().join("a/link.flac")).unwrap();
    house.write("UPDATE track SET path = 'a/link.flac'");
    assert!(!is_refused(), "a link that stays inside");
}
