//! Files stored once, owned, deleted, taken back, collected.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

use clock::Nanos;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use store::UserId;
use studio::artifact::{Artifact, Artifacts, Collected, Limits, SealKey, Sum};
use studio::{ArtifactId, Error};

use crate::house::{House, ONE, TWO, database, is_absent, key, new, now};

const DAY: i64 = 86_400_000_000_000;

fn put(artifacts: &Artifacts, owner: UserId, bytes: &[u8]) -> Artifact {
    artifacts.put(&new(owner, "a.txt"), &mut { bytes }).unwrap()
}

fn read(artifacts: &Artifacts, owner: UserId, id: ArtifactId) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    artifacts.open_file(owner, id)?.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

#[test]
fn the_same_bytes_are_stored_once_and_for_their_owner_alone() {
    let house = House::new();
    let first = put(&house.artifacts, ONE, b"abc");
    let second = put(&house.artifacts, TWO, b"abc");
    assert_eq!((first.sum, second.sum), (Sum::of(b"abc"), Sum::of(b"abc")));
    let objects = house.objects();
    assert_eq!(objects.len(), 1);
    assert!(
        objects[0].ends_with("ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&objects[0]), mode(objects[0].parent().unwrap())), (0o600, 0o700));
    }
    assert_eq!(read(&house.artifacts, ONE, first.id).unwrap(), b"abc");
    assert_eq!(read(&house.artifacts, TWO, second.id).unwrap(), b"abc");
}

#[test]
fn what_is_anothers_is_not_there() {
    let house = House::new();
    let id = put(&house.artifacts, ONE, b"abc").id;
    assert!(is_absent(&house.artifacts.open_file(TWO, id)));
    assert!(is_absent(&house.artifacts.record(TWO, id)));
    assert!(is_absent(&house.artifacts.delete(TWO, id)));
    assert!(is_absent(&house.artifacts.undelete(TWO, id)));
    assert!(is_absent(&house.artifacts.forget(TWO, id)));
    assert!(is_absent(&house.artifacts.record(ONE, ArtifactId(id.0 + 1))));
    assert_eq!(house.artifacts.used(TWO).unwrap(), 0);
    assert_eq!(read(&house.artifacts, ONE, id).unwrap(), b"abc");
}

#[test]
fn a_deletion_can_be_taken_back_until_it_is_collected() {
    static TIME: AtomicI64 = AtomicI64::new(1_700_000_000_000_000_000);
    let house = House::with(|| Nanos(TIME.load(Ordering::Relaxed)), Limits::default());
    let (kept, gone) = (put(&house.artifacts, ONE, b"kept"), put(&house.artifacts, ONE, b"gone"));
    let shared = put(&house.artifacts, TWO, b"kept");
    for id in [kept.id, gone.id] {
        house.artifacts.delete(ONE, id).unwrap();
        assert!(is_absent(&house.artifacts.open_file(ONE, id)));
    }
    TIME.fetch_add(29 * DAY, Ordering::Relaxed);
    assert_eq!(house.artifacts.collect().unwrap(), Collected::default());
    // Deleted again is deleted from the first time.
    house.artifacts.delete(ONE, gone.id).unwrap();
    house.artifacts.undelete(ONE, kept.id).unwrap();
    assert_eq!(read(&house.artifacts, ONE, kept.id).unwrap(), b"kept");
    TIME.fetch_add(2 * DAY, Ordering::Relaxed);
    let collected = house.artifacts.collect().unwrap();
    assert_eq!(collected, Collected { records: 1, objects: 1, bytes: 4, altered: 0 });
    assert!(is_absent(&house.artifacts.undelete(ONE, gone.id)));
    house.artifacts.forget(ONE, kept.id).unwrap();
    assert_eq!(house.artifacts.collect().unwrap(), Collected::default());
    assert_eq!(read(&house.artifacts, TWO, shared.id).unwrap(), b"kept");
    assert_eq!((house.artifacts.used(ONE).unwrap(), house.objects().len()), (0, 1));
}

#[test]
fn nothing_that_is_being_written_is_collected() {
    let house = House::new();
    std::thread::scope(|scope| {
        let writers: Vec<_> = [ONE, TWO]
            .map(|owner| {
                let artifacts = &house.artifacts;
                scope.spawn(move || {
                    for round in 0..60_u8 {
                        // Both write the same, and forget it at once: it comes and goes.
                        let stored = put(artifacts, owner, &[round / 3]);
                        assert_eq!(read(artifacts, owner, stored.id).unwrap(), [round / 3]);
                        artifacts.forget(owner, stored.id).unwrap();
                    }
                })
            })
            .into_iter()
            .collect();
        while writers.iter().any(|writer| !writer.is_finished()) {
            house.artifacts.collect().unwrap();
        }
    });
    house.artifacts.collect().unwrap();
    assert!(house.objects().is_empty());
}

#[test]
fn nothing_is_kept_of_a_file_that_is_too_long_or_has_no_room() {
    let limits = Limits { file_bytes: 10, user_bytes: 15, ..Limits::default() };
    let house = House::with(now, limits);
    let outcome = house.artifacts.put(&new(ONE, "a"), &mut [0; 11].as_slice());
    assert!(matches!(outcome, Err(Error::TooLong { most: 10 })));
    put(&house.artifacts, ONE, &[0; 10]);
    let outcome = house.artifacts.put(&new(ONE, "a"), &mut [1; 6].as_slice());
    assert!(matches!(outcome, Err(Error::NoRoom { used: 10, more: 6, most: 15 })));
    put(&house.artifacts, TWO, &[0; 10]);
    for name in ["", "/a", "a/../b", "a//b", "a\\b", "a\nb", ".", &"a".repeat(201)] {
        let outcome = house.artifacts.put(&new(ONE, name), &mut [0].as_slice());
        assert!(matches!(outcome, Err(Error::OutOfRange { .. })), "{name}");
    }
    house.artifacts.collect().unwrap();
    assert_eq!(house.objects().len(), 1);
    assert!(fs::read_dir(house.dir.path().join("files/staging")).unwrap().next().is_none());
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_database_stays_sound() {
    let house = House::new();
    let staging = house.dir.path().join("files/staging");
    fs::remove_dir(&staging).unwrap();
    fs::write(&staging, "no folder").unwrap();
    let outcome = house.artifacts.put(&new(ONE, "a"), &mut b"abc".as_slice());
    assert!(matches!(outcome, Err(Error::Surroundings(_))));
    // Written, but the place of the object cannot be made.
    fs::remove_file(&staging).unwrap();
    fs::create_dir(&staging).unwrap();
    fs::write(house.dir.path().join("files/objects/ba"), "no folder").unwrap();
    let outcome = house.artifacts.put(&new(ONE, "a"), &mut b"abc".as_slice());
    assert!(matches!(outcome, Err(Error::Surroundings(_))));
    assert!(fs::read_dir(&staging).unwrap().next().is_none());
    house.store.check().unwrap();
    assert_eq!(house.artifacts.used(ONE).unwrap(), 0);
    put(&house.artifacts, ONE, b"something else");
}

#[test]
fn one_process_has_the_folder_and_what_it_left_half_written_goes() {
    let house = House::new();
    let folder = house.dir.path().join("files");
    let again = || Artifacts::open(house.store.clone(), &folder, key(), now, Limits::default());
    assert!(matches!(again(), Err(Error::Held(_))));
    fs::write(folder.join("staging/17"), "half").unwrap();
    let House { dir, store, artifacts } = house;
    drop(artifacts);
    let opened = Artifacts::open(store, &folder, key(), now, Limits::default()).unwrap();
    assert!(!folder.join("staging/17").exists());
    drop((opened, dir));
}

#[test]
fn a_key_is_made_once_and_nothing_else_is_taken_for_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("seal.key");
    SealKey::keep(&path, || [3; 32]).unwrap();
    SealKey::keep(&path, || panic!("there is one")).unwrap();
    assert_eq!(fs::read(&path).unwrap(), [3; 32]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    fs::write(&path, [3; 31]).unwrap();
    assert!(matches!(SealKey::keep(&path, || [3; 32]), Err(Error::KeyFile(_))));
    let (files, database) = (dir.path().join("files"), database(&dir.path().join("a.db")));
    let open =
        |key| Artifacts::open(database.clone(), &files, SealKey::new(key), now, Limits::default());
    let id = put(&open([1; 32]).unwrap(), ONE, b"abc").id;
    let other = open([2; 32]).unwrap();
    assert!(matches!(other.open_file(ONE, id), Err(Error::Altered { .. })));
}

#[derive(Debug, Clone)]
enum Act {
    Put(UserId, Vec<u8>),
    Delete(UserId, usize),
    Undelete(UserId, usize),
    Forget(UserId, usize),
    Wait(i64),
    Collect,
}

fn act() -> impl Strategy<Value = Act> {
    let user = || (1_i64..3).prop_map(UserId);
    prop_oneof![
        4 => (user(), vec(0_u8..3, 0..3)).prop_map(|(user, bytes)| Act::Put(user, bytes)),
        2 => (user(), any::<usize>()).prop_map(|(user, which)| Act::Delete(user, which)),
        1 => (user(), any::<usize>()).prop_map(|(user, which)| Act::Undelete(user, which)),
        1 => (user(), any::<usize>()).prop_map(|(user, which)| Act::Forget(user, which)),
        1 => (0_i64..40).prop_map(Act::Wait),
        1 => Just(Act::Collect),
    ]
}

/// What the store should hold: owner, bytes, the day of deletion.
type Model = BTreeMap<ArtifactId, (UserId, Vec<u8>, Option<i64>)>;

static DAYS: AtomicI64 = AtomicI64::new(0);

fn check(house: &House, model: &Model, made: &[ArtifactId]) {
    for id in made {
        for user in [ONE, TWO] {
            let wanted =
                model.get(id).filter(|(owner, _, deleted)| *owner == user && deleted.is_none());
            let found = read(&house.artifacts, user, *id);
            match wanted {
                Some((_, bytes, _)) => assert_eq!(&found.unwrap(), bytes),
                None => assert!(is_absent(&found)),
            }
        }
    }
    for user in [ONE, TWO] {
        let own = model.values().filter(|(owner, ..)| *owner == user);
        let wanted: u64 = own.map(|(_, bytes, _)| bytes.len() as u64).sum();
        assert_eq!(house.artifacts.used(user).unwrap(), wanted);
    }
}

fn take(house: &House, model: &mut Model, made: &mut Vec<ArtifactId>, act: Act) {
    let today = DAYS.load(Ordering::Relaxed);
    let artifacts = &house.artifacts;
    let which = |which: usize| made.get(which % made.len().max(1)).copied();
    match act {
        Act::Put(owner, bytes) => {
            let id = put(artifacts, owner, &bytes).id;
            assert!(!made.contains(&id), "an id is used once");
            made.push(id);
            model.insert(id, (owner, bytes, None));
        }
        Act::Delete(user, index) => {
            let Some(id) = which(index) else { return };
            let own = model.get_mut(&id).filter(|(owner, ..)| *owner == user);
            assert_eq!(artifacts.delete(user, id).is_ok(), own.is_some());
            own.into_iter().for_each(|own| own.2 = own.2.or(Some(today)));
        }
        Act::Undelete(user, index) => {
            let Some(id) = which(index) else { return };
            let own = model.get_mut(&id).filter(|(owner, ..)| *owner == user);
            assert_eq!(artifacts.undelete(user, id).is_ok(), own.is_some());
            own.into_iter().for_each(|own| own.2 = None);
        }
        Act::Forget(user, index) => {
            let Some(id) = which(index) else { return };
            let is_own = model.get(&id).is_some_and(|(owner, ..)| *owner == user);
            assert_eq!(artifacts.forget(user, id).is_ok(), is_own);
            if is_own {
                model.remove(&id);
            }
        }
        Act::Wait(days) => {
            DAYS.fetch_add(days, Ordering::Relaxed);
        }
        Act::Collect => {
            artifacts.collect().unwrap();
            model.retain(|_, (.., deleted)| deleted.is_none_or(|day| today - day <= 30));
            let needed: std::collections::BTreeSet<_> =
                model.values().map(|(_, bytes, _)| Sum::of(bytes)).collect();
            assert_eq!(house.objects().len(), needed.len());
        }
    }
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]

    #[test]
    fn the_store_is_a_list_of_files(acts in vec(act(), 1..40)) {
        DAYS.store(0, Ordering::Relaxed);
        let house = House::with(|| Nanos(DAYS.load(Ordering::Relaxed) * DAY), Limits::default());
        let (mut model, mut made) = (Model::new(), Vec::new());
        for act in acts {
            take(&house, &mut model, &mut made, act);
            check(&house, &model, &made);
        }
    }
}
