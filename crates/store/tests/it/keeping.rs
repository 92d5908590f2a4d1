use std::path::Path;

use store::{Chapter, Error, Store};

const CHAPTER: Chapter =
    Chapter { name: "n", steps: &["CREATE TABLE n(id INTEGER PRIMARY KEY, v TEXT) STRICT"] };

fn open(path: &Path) -> Store {
    Store::open(path, &[CHAPTER], 4).unwrap()
}

fn insert(store: &Store, id: i64) -> Result<(), Error> {
    store.write(move |c| -> Result<(), Error> {
        c.execute("INSERT INTO n VALUES(?1, 'x')", [id])?;
        Ok(())
    })
}

fn count(store: &Store) -> i64 {
    store
        .read(|c| -> Result<_, Error> {
            Ok(c.query_row("SELECT count(*) FROM n", [], |r| r.get(0))?)
        })
        .unwrap()
}

#[test]
fn a_job_that_fails_or_panics_leaves_nothing_and_harms_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("a.db"));
    std::thread::scope(|scope| {
        for id in 0..200 {
            let store = &store;
            scope.spawn(move || match id % 4 {
                0 => {
                    let failed = store.write(move |c| -> Result<(), Error> {
                        c.execute("INSERT INTO n VALUES(?1, 'half')", [id])?;
                        c.execute("INSERT INTO n VALUES(?1, 'half')", [id])?;
                        Ok(())
                    });
                    assert!(failed.unwrap_err().is_conflict());
                }
                1 => {
                    let panicked = store.write(move |c| -> Result<(), Error> {
                        c.execute("INSERT INTO n VALUES(?1, 'half')", [id])?;
                        panic!("planned")
                    });
                    assert!(matches!(panicked, Err(Error::Panicked)));
                }
                _ => insert(store, id).unwrap(),
            });
        }
    });
    assert_eq!(count(&store), 100);
}

#[test]
fn fifty_readers_see_no_lock_while_ten_thousand_rows_come_in() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("a.db"));
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| {
                while count(&store) < 10_000 {
                    std::thread::yield_now();
                }
            });
        }
        for batch in 0..100 {
            store
                .write(move |c| -> Result<(), Error> {
                    for id in batch * 100..(batch + 1) * 100 {
                        c.execute("INSERT INTO n VALUES(?1, 'x')", [id])?;
                    }
                    Ok(())
                })
                .unwrap();
        }
    });
}

#[test]
fn a_reader_cannot_write() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir.path().join("a.db"));
    let refused = store.read(|c| -> Result<_, Error> { Ok(c.execute("DELETE FROM n", [])?) });
    assert!(matches!(refused, Err(Error::ReadOnly(_))));
}

#[test]
fn a_backup_is_a_database_and_restoring_keeps_what_was_there() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("a.db"), dir.path().join("copy.db"));
    let store = open(&path);
    insert(&store, 1).unwrap();
    store.backup(&copy).unwrap();
    insert(&store, 2).unwrap();
    drop(store);
    store::restore(&copy, &path).unwrap();
    assert_eq!(count(&open(&path)), 1);
    assert_eq!(count(&open(&dir.path().join("a.replaced.db"))), 2);
    std::fs::write(&copy, "no database".repeat(1_000)).unwrap();
    assert!(matches!(store::restore(&copy, &path), Err(Error::Damaged(_))));
    assert_eq!(count(&open(&path)), 1);
}

/// SQLite's own limit on the file plays the disk: the code it answers with is the same.
#[test]
fn a_full_disk_is_said_and_nothing_written_before_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let store = open(&path);
    insert(&store, 1).unwrap();
    let pages: i64 = store
        .read(|c| -> Result<_, Error> { Ok(c.query_row("PRAGMA page_count", [], |r| r.get(0))?) })
        .unwrap();
    store
        .write(move |c| -> Result<(), Error> {
            Ok(c.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        })
        .unwrap();
    let full = store.write(|c| -> Result<(), Error> {
        c.execute("INSERT INTO n VALUES(2, ?1)", ["y".repeat(1 << 20)])?;
        Ok(())
    });
    assert!(matches!(full, Err(Error::Full)), "{full:?}");
    insert(&store, 3).unwrap();
    store.check().unwrap();
    assert_eq!(count(&store), 2);
}

#[cfg(unix)]
#[test]
fn the_file_and_its_log_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let store = open(&path);
    insert(&store, 1).unwrap();
    for file in ["a.db", "a.db-wal", "a.db-shm"] {
        let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file}");
    }
}
