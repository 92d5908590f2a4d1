//! Each way in which a ring can be missing, wrong, stale or forbidden has its own error: D12.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use fault::{Class, Fault};
use journal::ring::{Reader, Writer};
use journal::{Epoch, Error, Start};

use crate::folder::{EPOCH, folder};
use crate::ring_steps::{options, publish};

const FORBIDDEN: &str = "JOURNAL_TEST_FORBIDDEN_RING";
const DYING: &str = "JOURNAL_TEST_DYING_WRITER";

fn refused(path: &Path) -> Error {
    Reader::open(path, Some(EPOCH), Start::Oldest).unwrap_err()
}

/// A ring whose file somebody altered while its writer lives.
fn altered(alter: impl FnOnce(&mut Vec<u8>)) -> Error {
    let folder = folder();
    let path = folder.path().join("ring");
    let _writer = Writer::create(&path, options(0, 16)).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    alter(&mut bytes);
    // A file of its own: nobody shortens one that is mapped.
    let copy = folder.path().join("altered");
    fs::write(&copy, bytes).unwrap();
    refused(&copy)
}

#[test]
fn a_missing_ring_is_missing() {
    let folder = folder();
    let path = folder.path().join("ring");
    assert!(matches!(refused(&path), Error::Missing { path: named, .. } if named == path));
    let nowhere = folder.path().join("nowhere/ring");
    assert!(matches!(Writer::create(&nowhere, options(0, 16)), Err(Error::Missing { .. })));
}

#[test]
fn a_ring_of_the_wrong_size_version_or_content_is_named() {
    let size = altered(|bytes| bytes.truncate(bytes.len() - 64));
    assert!(matches!(size, Error::WrongSize { found: 5_056, expected: 5_120, .. }), "{size}");
    let longer = altered(|bytes| bytes.push(0));
    assert!(matches!(longer, Error::WrongSize { found: 5_121, expected: 5_120, .. }), "{longer}");
    let empty = altered(Vec::clear);
    assert!(matches!(empty, Error::WrongSize { found: 0, expected: 4_096, .. }), "{empty}");
    let version = altered(|bytes| bytes[8] = 9);
    assert!(matches!(version, Error::OtherVersion { found: 9, known: 1, .. }), "{version}");
    let foreign = altered(|bytes| bytes[..4].copy_from_slice(b"RIFF"));
    assert!(matches!(foreign, Error::Foreign { .. }), "{foreign}");
    for at in 12..64 {
        let damaged = altered(|bytes| bytes[at] ^= 4);
        assert!(matches!(damaged, Error::Corrupt { .. }), "byte {at}: {damaged}");
    }
}

#[test]
fn what_is_shorter_than_a_ring_and_none_is_for_its_user_to_name_better() {
    let folder = folder();
    let short = folder.path().join("short");
    fs::write(&short, "root:x:0:0\n").unwrap();
    for path in [&short, Path::new("/dev/zero"), folder.path()] {
        let error = refused(path);
        assert!(matches!(error, Error::Foreign { what: "ring", .. }), "{error}");
        assert_eq!(error.class(), Class::User);
    }
    fs::write(&short, "").unwrap();
    for path in [&short, Path::new("/dev/null")] {
        let error = refused(path);
        assert!(matches!(error, Error::WrongSize { found: 0, .. }), "{error}");
        assert_eq!(error.class(), Class::User);
    }
    // One that was cut is damaged.
    let cut = altered(|bytes| bytes.truncate(100));
    assert!(matches!(cut, Error::WrongSize { found: 100, expected: 4_096, .. }), "{cut}");
    assert_eq!(cut.class(), Class::Permanent);
}

#[test]
fn a_ring_of_another_epoch_is_stale() {
    let folder = folder();
    let path = folder.path().join("ring");
    let _writer = Writer::create(&path, options(0, 16)).unwrap();
    let error = Reader::open(&path, Some(Epoch(1)), Start::Oldest).unwrap_err();
    assert!(matches!(error, Error::OtherEpoch { found: EPOCH, expected: Epoch(1), .. }), "{error}");
}

#[test]
fn a_writer_that_is_done_says_so_and_takes_its_file_along() {
    let folder = folder();
    let path = folder.path().join("ring");
    let mut writer = Writer::create(&path, options(0, 16)).unwrap();
    let mut reader = Reader::open(&path, Some(EPOCH), Start::Oldest).unwrap();
    publish(&mut writer, false);
    reader.check_writer().unwrap();
    drop(writer);
    assert!(matches!(reader.check_writer(), Err(Error::Closed(_))));
    assert!(reader.poll().is_some() && reader.poll().is_none());
    assert!(matches!(refused(&path), Error::Missing { .. }));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// Runs as the child of the tests below: makes a ring and dies without a word.
#[test]
fn child_that_dies() {
    let Some(path) = std::env::var_os(DYING) else { return };
    let mut writer = Writer::create(path.as_ref(), options(0, 16)).unwrap();
    publish(&mut writer, true);
    std::process::abort();
}

fn leave_a_dead_ring(path: &Path) -> u32 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "ring_errors::child_that_dies"])
        .env(DYING, path)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(!child.wait().unwrap().success());
    child.id()
}

#[test]
fn a_ring_whose_writer_died_is_abandoned_and_replaced_by_the_next() {
    let folder = folder();
    let path = folder.path().join("ring");
    let died = leave_a_dead_ring(&path);
    let error = refused(&path);
    assert!(matches!(error, Error::Abandoned { pid, .. } if pid == died), "{error}");
    let mut writer = Writer::create(&path, options(7, 32)).unwrap();
    publish(&mut writer, false);
    let mut reader = Reader::open(&path, Some(EPOCH), Start::Oldest).unwrap();
    assert_eq!(reader.poll().unwrap().sequence.0, 7);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_living_writer_is_not_replaced() {
    let folder = folder();
    let path = folder.path().join("ring");
    let _writer = Writer::create(&path, options(0, 16)).unwrap();
    let error = Writer::create(&path, options(0, 16)).unwrap_err();
    assert!(
        matches!(&error, Error::Busy { holder, .. }
        if *holder == std::process::id().to_string()),
        "{error}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn what_is_no_ring_is_neither_replaced_nor_removed() {
    let folder = folder();
    let path = folder.path().join("ring");
    fs::write(&path, [b'x'; 8_000]).unwrap();
    assert!(matches!(Writer::create(&path, options(0, 16)), Err(Error::Foreign { .. })));
    assert_eq!(fs::read(&path).unwrap(), [b'x'; 8_000]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    fs::remove_file(&path).unwrap();
    let writer = Writer::create(&path, options(0, 16)).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, b"theirs").unwrap();
    drop(writer);
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
}

#[test]
fn slots_that_are_no_power_of_two_or_out_of_range_are_refused() {
    let folder = folder();
    for slots in [0, 8, 17, 1 << 25, u64::MAX] {
        let error = Writer::create(&folder.path().join("ring"), options(0, slots)).unwrap_err();
        assert!(matches!(error, Error::Limit { given, .. } if given == slots), "{error}");
    }
    let beyond = options(1 << 62, 16);
    assert!(Writer::create(&folder.path().join("ring"), beyond).is_err());
}

/// Runs as the child of the test below: as somebody whom the ring's file does not let in.
#[test]
fn child_that_is_not_let_in() {
    let Some(path) = std::env::var_os(FORBIDDEN) else { return };
    let path = Path::new(&path);
    let error = refused(path);
    assert!(matches!(&error, Error::Forbidden { path: named, .. } if named == path), "{error}");
    let error = Writer::create(path, options(0, 16)).unwrap_err();
    assert!(matches!(error, Error::Forbidden { .. }), "{error}");
    println!("not let in");
}

#[test]
fn a_ring_one_may_not_read_is_forbidden() {
    const NOBODY: u32 = 65_534;
    let folder = folder();
    let path = folder.path().join("ring");
    let _writer = Writer::create(&path, options(0, 16)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    // Root is let in everywhere, so the child is somebody else; it is started by a name that needs
    // no way to the file.
    let mut child = Command::new("/proc/self/exe");
    if is_root() {
        child.uid(NOBODY).gid(NOBODY);
    } else {
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    }
    let output = child
        .args(["--exact", "ring_errors::child_that_is_not_let_in", "--nocapture"])
        .env(FORBIDDEN, &path)
        .output()
        .unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("not let in"), "{said}\n{complained}");
}

/// Whether this process is let in everywhere.
fn is_root() -> bool {
    let folder = folder();
    let path = folder.path().join("closed");
    fs::write(&path, b"").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    fs::File::open(path).is_ok()
}
