//! Batches of edits: a preview changes nothing, a batch is written as a whole or not at all, whatever
//! stops it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use audio_file::edit::{self, Change, Changes, EditField, TagChange};
use audio_file::{Description, decode};
use fault::{Progress, Silent};
use library::tagging::{BatchId, Edit, Recovered, Tagger, Why};
use library::{Error, Library, SCHEMA, TrackId};
use store::Store;

use crate::house::{House, LISTENERS, now, song};

fn title(to: &str) -> Changes {
    let value = Change::Set(vec![to.to_owned()]);
    Changes::new([TagChange { field: EditField::Title, value }]).unwrap()
}

/// A house with three songs in two folders.
fn house() -> House {
    let house = House::new();
    song(&house.music().join("a/1.flac"), 440, "One", "Somebody", "First");
    song(&house.music().join("a/2.flac"), 550, "Two", "Somebody", "First");
    song(&house.music().join("b/3.flac"), 660, "Three", "Somebody", "Second");
    house.scan();
    house
}

fn tagger(house: &House) -> Tagger {
    Tagger::new(house.library.clone(), &house.dir.path().join("originals")).unwrap()
}

fn ids(library: &Library) -> Vec<TrackId> {
    let ids = library.store().read(|connection| -> Result<Vec<TrackId>, store::Error> {
        let mut statement = connection.prepare("SELECT id FROM track ORDER BY path")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    });
    ids.unwrap()
}

/// Edits of all three songs, as previewed.
fn edits(library: &Library, tagger: &Tagger, to: &str) -> Vec<Edit> {
    let asked: Vec<_> = ids(library).into_iter().map(|id| (id, title(to))).collect();
    let previews = tagger.preview(&asked).unwrap();
    let edits = previews.into_iter().zip(asked);
    edits.map(|(p, (track, changes))| Edit { track, seen: p.seen, changes }).collect()
}

/// Every file below a folder, hidden ones too.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.display().to_string(), fs::read(&path).unwrap());
        }
    }
    found
}

fn titles(music: &Path) -> Vec<String> {
    let title = |bytes: &Vec<u8>| {
        Description::read(&mut std::io::Cursor::new(bytes)).unwrap().title.unwrap()
    };
    files(music).values().map(title).collect()
}

#[test]
fn a_preview_says_what_would_change_and_changes_nothing() {
    let house = house();
    let (tagger, before) = (tagger(&house), files(&house.music()));
    let asked: Vec<_> = ids(&house.library).into_iter().map(|id| (id, title("Two"))).collect();
    let previews = tagger.preview(&asked).unwrap();
    assert_eq!(previews[0].fields[0].before, ["One"]);
    assert_eq!(previews[0].fields[0].after, ["Two"]);
    assert!(previews[1].fields.is_empty(), "it says so already");
    assert_eq!(files(&house.music()), before);
}

#[test]
fn a_batch_is_written_known_after_a_scan_and_undone_and_redone() {
    let house = house();
    let tagger = tagger(&house);
    let before = files(&house.music());
    fs::set_permissions(house.music().join("a/1.flac"), fs::Permissions::from_mode(0o640)).unwrap();
    let edits = edits(&house.library, &tagger, "Two");
    let applied = tagger.apply(&edits, &Silent).unwrap();
    // The second song says so already: it stays the file it is.
    assert_eq!(applied.tracks, [edits[0].track, edits[2].track]);
    assert_eq!(applied.rescan.iter().map(|(_, f)| &f[..]).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(titles(&house.music()), ["Two", "Two", "Two"]);
    let data = fs::metadata(house.music().join("a/1.flac")).unwrap();
    assert_eq!(data.permissions().mode() & 0o777, 0o640);
    assert_eq!(house.scan().changed, 2);
    assert_eq!(house.rows("SELECT DISTINCT title FROM track"), ["Two"]);
    let heard = |path: &str| decode(fs::File::open(house.music().join(path)).unwrap()).unwrap().0;
    let original = std::io::Cursor::new(before.values().next().unwrap().clone());
    assert_eq!(heard("a/1.flac").planes(), decode(original).unwrap().0.planes());

    assert_eq!(tagger.batches().unwrap(), [(applied.batch, applied.tracks.clone())]);
    let undone = tagger.undo(applied.batch, &Silent).unwrap();
    assert_eq!(files(&house.music()), before);
    house.scan();
    assert_eq!(house.rows("SELECT title FROM track ORDER BY path"), ["One", "Two", "Three"]);
    tagger.undo(undone.batch, &Silent).unwrap();
    assert_eq!(titles(&house.music()), ["Two", "Two", "Two"]);
    assert_eq!(tagger.recover().unwrap(), Recovered::default());
}

#[test]
fn one_file_that_refuses_leaves_all_as_they_were_and_is_named_without_a_path() {
    let house = house();
    let tagger = tagger(&house);
    let edits = edits(&house.library, &tagger, "New");
    let third = house.music().join("b/3.flac");
    let whole = fs::read(&third).unwrap();
    let refused = |why: &Why| {
        let before = files(&house.music());
        let error = tagger.apply(&edits, &Silent).unwrap_err();
        let Error::NotEdited { track, title, why: found, .. } = &error else { panic!("{error}") };
        assert_eq!((*track, &title[..], found), (edits[2].track, "Three", why), "{error}");
        assert!(!error.to_string().contains('/'), "{error}");
        assert_eq!(files(&house.music()), before);
        assert!(tagger.batches().unwrap().is_empty());
    };
    fs::write(&third, [&whole[..], b"more"].concat()).unwrap();
    refused(&Why::Changed);
    fs::remove_file(&third).unwrap();
    refused(&Why::Missing);
    let outside = house.dir.path().join("outside.flac");
    fs::write(&outside, &whole).unwrap();
    symlink(&outside, &third).unwrap();
    refused(&Why::Elsewhere);
    assert_eq!(fs::read(&outside).unwrap(), whole);
    fs::remove_file(&third).unwrap();
    symlink(house.music().join("a/1.flac"), &third).unwrap();
    refused(&Why::Twice);
}

#[test]
fn a_file_that_cannot_be_edited_is_refused_in_its_own_words() {
    let house = house();
    let tagger = tagger(&house);
    let edits = edits(&house.library, &tagger, "New");
    let path = house.music().join("a/1.flac");
    // A title the format holds, a sound that ends in the middle of a frame.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let data = fs::metadata(&path).unwrap();
    let modified = data.mtime() * 1_000_000_000 + data.mtime_nsec();
    let seen = library::tagging::Seen { size: data.len(), modified };
    let edit = Edit { seen, ..edits[0].clone() };
    let before = files(&house.music());
    let error = tagger.apply(&[edit], &Silent).unwrap_err();
    assert!(matches!(&error, Error::NotEdited { why: Why::Refused(_), .. }), "{error}");
    assert_eq!(files(&house.music()), before);
}

#[test]
fn batches_are_bounded_in_tracks_and_bytes_and_old_originals_go_first() {
    let house = house();
    let size: u64 = files(&house.music()).values().map(|bytes| bytes.len() as u64).sum();
    let tagger = tagger(&house).keeping(size * 5 / 2);
    assert!(matches!(tagger.apply(&[], &Silent), Err(Error::Asked { .. })));
    let one = edits(&house.library, &tagger, "0")[0].clone();
    assert!(matches!(tagger.apply(&vec![one; 1_001], &Silent), Err(Error::Asked { .. })));
    let mut made = Vec::new();
    for n in 1..=4 {
        let edits = edits(&house.library, &tagger, &n.to_string());
        made.push(tagger.apply(&edits, &Silent).unwrap().batch);
    }
    let kept: Vec<BatchId> = tagger.batches().unwrap().into_iter().map(|(id, _)| id).collect();
    assert_eq!(kept, [made[3], made[2]]);
    assert!(matches!(tagger.undo(made[0], &Silent), Err(Error::Absent(_))));
    let small = Tagger::new(house.library.clone(), &house.dir.path().join("small")).unwrap();
    let edits = edits(&house.library, &small, "5");
    assert!(matches!(small.keeping(size / 2).apply(&edits, &Silent), Err(Error::Asked { .. })));
}

#[test]
fn an_undo_never_overwrites_what_was_changed_since() {
    let house = house();
    let tagger = tagger(&house);
    let first = tagger.apply(&edits(&house.library, &tagger, "New"), &Silent).unwrap();
    song(&house.music().join("b/3.flac"), 660, "By hand", "Somebody", "Second");
    let before = files(&house.music());
    let error = tagger.undo(first.batch, &Silent).unwrap_err();
    assert!(matches!(error, Error::NotEdited { why: Why::Changed, .. }), "{error}");
    assert_eq!(files(&house.music()), before);
}

/// Ends the process, as a kill does, at the step of this number.
struct Deadly {
    steps: AtomicUsize,
    last: usize,
}

impl Progress for Deadly {
    fn stage(&self, _name: &str) {}

    fn advance(&self, _share: f64) {
        if self.steps.fetch_add(1, Ordering::Relaxed) == self.last {
            std::process::abort();
        }
    }
}

const CHILD: &str = "TRIAD_TEST_DIES_IN";

/// Not a test of its own: the process that dies in the next one.
#[test]
fn the_one_that_dies() {
    let (Some(dir), Ok(step)) = (std::env::var_os(CHILD), std::env::var("TRIAD_TEST_DIES_AT"))
    else {
        return;
    };
    let dir = Path::new(&dir);
    let store = Store::open(&dir.join("a.db"), &[LISTENERS, SCHEMA], 2).unwrap();
    let library = Library::new(store, now);
    let tagger = Tagger::new(library.clone(), &dir.join("originals")).unwrap();
    let edits = edits(&library, &tagger, "New");
    let progress = Deadly { steps: AtomicUsize::new(0), last: step.parse().unwrap() };
    tagger.apply(&edits, &progress).unwrap();
}

#[test]
fn a_process_killed_at_any_step_leaves_a_batch_all_old_or_all_new() {
    let (mut undone, mut finished) = (0, 0);
    for step in 0.. {
        let house = house();
        let before = files(&house.music());
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["edited::the_one_that_dies", "--exact"]);
        child.env(CHILD, house.dir.path()).env("TRIAD_TEST_DIES_AT", step.to_string());
        let has_lived = child.output().unwrap().status.success();
        // Each file is whole, whatever is recovered.
        for (path, bytes) in files(&house.music()) {
            let is_staged = path.contains("/.triad-");
            let is_old = before.get(&path) == Some(&bytes);
            let is_new = || {
                titles_of(&bytes) == "New" && decode(std::io::Cursor::new(bytes.clone())).is_ok()
            };
            assert!(is_staged || is_old || is_new(), "{path} at step {step}");
        }
        let tagger = tagger(&house);
        let recovered = tagger.recover().unwrap();
        undone += recovered.undone.len();
        finished += recovered.finished.len();
        let after = titles(&house.music());
        assert!(after == ["New"; 3] || files(&house.music()) == before, "{after:?} at {step}");
        assert_eq!(tagger.recover().unwrap(), Recovered::default());
        // What is whole can be edited again, and undone.
        let applied = tagger.apply(&edits(&house.library, &tagger, "Newer"), &Silent).unwrap();
        tagger.undo(applied.batch, &Silent).unwrap();
        assert_eq!(titles(&house.music()), after);
        if has_lived {
            break;
        }
    }
    assert!(undone >= 6 && finished >= 3, "{undone} undone, {finished} finished");
}

fn titles_of(bytes: &[u8]) -> String {
    let said = edit::read(&mut std::io::Cursor::new(bytes)).unwrap();
    said.get(&EditField::Title).map(|title| title.concat()).unwrap_or_default()
}

/// Does something to the folder at a step.
struct Meddling<F>(AtomicUsize, usize, F);

impl<F: Fn() + Send + Sync> Progress for Meddling<F> {
    fn stage(&self, name: &str) {
        if name == "Replace" {
            self.0.store(1_000, Ordering::Relaxed);
        }
    }

    fn advance(&self, _share: f64) {
        if self.0.fetch_add(1, Ordering::Relaxed) == 1_000 + self.1 {
            self.2();
        }
    }
}

#[test]
fn a_file_swapped_between_check_and_rename_rolls_the_batch_back_and_stays() {
    for step in 0..3 {
        let house = house();
        let tagger = tagger(&house);
        let mut before = files(&house.music());
        let edits = edits(&house.library, &tagger, "New");
        let third = house.music().join("b/3.flac");
        let meddle = Meddling(AtomicUsize::new(0), step, || {
            song(&third, 770, "By hand", "Somebody", "Second");
        });
        let error = tagger.apply(&edits, &meddle).unwrap_err();
        assert!(matches!(error, Error::NotEdited { why: Why::Changed, .. }), "{error}");
        before.insert(third.display().to_string(), fs::read(&third).unwrap());
        assert!(files(&house.music()) == before, "step {step}");
        assert_eq!(titles_of(&fs::read(&third).unwrap()), "By hand");
        assert!(tagger.batches().unwrap().is_empty());
    }
}

#[test]
fn a_batch_whose_disk_is_away_waits_for_it() {
    let house = house();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["edited::the_one_that_dies", "--exact"]);
    // After the first of three renames.
    child.env(CHILD, house.dir.path()).env("TRIAD_TEST_DIES_AT", "8");
    assert!(!child.output().unwrap().status.success());
    let away = house.dir.path().join("away");
    fs::rename(house.music(), &away).unwrap();
    let tagger = tagger(&house);
    assert_eq!(tagger.recover().unwrap().waiting.len(), 1);
    fs::rename(&away, house.music()).unwrap();
    assert_eq!(tagger.recover().unwrap().finished.len(), 1);
    assert_eq!(titles(&house.music()), ["New"; 3]);
}

#[test]
fn one_batch_is_written_at_a_time() {
    let house = house();
    let first = tagger(&house);
    let second = tagger(&house);
    let edits = edits(&house.library, &first, "New");
    let busy = std::sync::Mutex::new(Vec::new());
    let meddle = Meddling(AtomicUsize::new(0), 0, || {
        busy.lock().unwrap().push(second.apply(&edits, &Silent).unwrap_err());
        busy.lock().unwrap().push(first.recover().unwrap_err());
    });
    first.apply(&edits, &meddle).unwrap();
    let busy = busy.into_inner().unwrap();
    assert!(busy.len() == 2 && busy.iter().all(|e| matches!(e, Error::Editing)), "{busy:?}");
}
