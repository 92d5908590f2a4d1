//! A limit of the system on the size of files, met for real by a process of its own.

use std::process::Command;

use clock::Nanos;
use fault::{Class, Fault};
use journal::{Error, Start, Writer};

use crate::folder::{KIND, folder, open, options, payload, read_on};

const FOLDER: &str = "JOURNAL_TEST_FULL_DISK";

/// Runs as the child of the test below, which allows it small files only.
#[test]
fn child_that_meets_the_limit() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let mut writer = Writer::open(folder.as_ref(), options(1 << 30)).unwrap();
    let error = loop {
        let payload = payload(writer.next().0);
        match writer.append(Nanos(0), KIND, &payload).and_then(|_| writer.flush()) {
            Ok(()) => {}
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::Full { next, .. } if next == writer.next()), "{error}");
    assert_eq!(error.class(), Class::Permanent);
    let written = read_on(&mut open(folder.as_ref(), Start::Oldest)).end;
    // The last was taken and is held; it is not written while there is no room.
    assert_eq!(written + 1, writer.next().0);
    assert!(matches!(writer.flush(), Err(Error::Full { .. })));
    assert_eq!(read_on(&mut open(folder.as_ref(), Start::Oldest)).end, written);
    drop(writer);
    let writer = Writer::open(folder.as_ref(), options(1 << 30)).unwrap();
    assert_eq!((writer.next().0, writer.recovered().cut_bytes), (written, 0));
    println!("met the limit after {written}");
}

#[test]
fn a_disk_that_is_full_is_an_error_and_leaves_whole_records() {
    let folder = folder();
    // Blocks of 512 or 1,024 bytes: either way small. The signal is left out, so that the write
    // fails as it does on a full disk.
    let script = "trap '' XFSZ; ulimit -f 24 && exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full_disk::child_that_meets_the_limit", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    assert!(said.contains("met the limit after"), "{said}");
    let mut reader = open(folder.path(), Start::Oldest);
    assert!(read_on(&mut reader).end > 100);
}
