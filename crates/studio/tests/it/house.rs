//! A store of files and a desk in a folder of their own, with two users.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clock::Nanos;
use store::{Chapter, Store, UserId};
use studio::artifact::{Artifacts, Kind, Limits, New, SealKey};
use studio::desk::{self, Desk, Job, SongOrder, Sound, SoundId, State};
use studio::{Error, JobId, SCHEMA};
use tempfile::TempDir;

pub(crate) const ONE: UserId = UserId(1);
pub(crate) const TWO: UserId = UserId(2);

const USERS: Chapter = Chapter {
    name: "users",
    steps: &["CREATE TABLE user(id INTEGER PRIMARY KEY) STRICT;
              INSERT INTO user VALUES(1), (2), (3)"],
};

pub(crate) fn now() -> Nanos {
    Nanos(1_700_000_000_000_000_000)
}

pub(crate) fn key() -> SealKey {
    SealKey::new([7; 32])
}

pub(crate) fn database(path: &Path) -> Store {
    Store::open(path, &[USERS, SCHEMA], 2).unwrap()
}

pub(crate) struct House {
    pub(crate) dir: TempDir,
    pub(crate) store: Store,
    pub(crate) artifacts: Artifacts,
}

impl House {
    pub(crate) fn new() -> Self {
        Self::with(now, Limits::default())
    }

    pub(crate) fn with(now: fn() -> Nanos, limits: Limits) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = database(&dir.path().join("a.db"));
        let artifacts =
            Artifacts::open(store.clone(), &dir.path().join("files"), key(), now, limits).unwrap();
        Self { dir, store, artifacts }
    }

    pub(crate) fn composed(&self) -> PathBuf {
        self.dir.path().join("composed")
    }

    pub(crate) fn desk(&self) -> Desk {
        self.desk_within(desk::Limits::default())
    }

    pub(crate) fn desk_within(&self, limits: desk::Limits) -> Desk {
        let (store, artifacts) = (self.store.clone(), self.artifacts.clone());
        let folder = self.dir.path().to_owned();
        let sounds = Box::new(move |owner, id| sound(&folder, owner, id));
        Desk::new(store, artifacts, &self.composed(), sounds, now, limits).unwrap()
    }

    pub(crate) fn sql(&self, sql: &str) {
        execute(&self.store, sql);
    }

    /// Every stored object.
    pub(crate) fn objects(&self) -> Vec<PathBuf> {
        let folders = files(&self.dir.path().join("files/objects"));
        folders.iter().flat_map(|folder| files(folder)).collect()
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        let count = self.store.read(|connection| -> Result<i64, store::Error> {
            Ok(connection.query_row(sql, [], |row| row.get(0))?)
        });
        count.unwrap()
    }
}

/// What the tracks of user one are: files in the folder, by number.
fn sound(folder: &Path, owner: UserId, id: SoundId) -> Result<Sound, Error> {
    let file = std::fs::File::open(folder.join(format!("{}.wav", id.0)));
    let file = file.ok().filter(|_| owner == ONE).ok_or(Error::Absent("the track"))?;
    let title = "A/B: a \"title\"".to_owned();
    Ok(Sound { title, suffix: "wav".to_owned(), seconds: 4.0, from: Box::new(file) })
}

pub(crate) fn execute(store: &Store, sql: &str) {
    let sql = sql.to_owned();
    store
        .write(move |connection| -> Result<(), store::Error> {
            Ok(connection.execute_batch(&sql)?)
        })
        .unwrap();
}

/// What is in a folder, by name.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

pub(crate) fn new(owner: UserId, name: &str) -> New {
    New { owner, kind: Kind::Other, name: name.to_owned(), of: None, parent: None }
}

/// The shortest song there is.
pub(crate) fn short(seed: u64) -> SongOrder {
    SongOrder {
        sentence: "rainy night lo-fi with a rhodes".to_owned(),
        seed,
        duration_seconds: Some(15.0),
        ..SongOrder::default()
    }
}

/// Asks for a job until it is as wanted.
pub(crate) fn wait_for(desk: &Desk, job: &Job, is_wanted: impl Fn(&State) -> bool) -> Job {
    for _ in 0..30_000 {
        let job = desk.job(job.owner, job.id).unwrap();
        if is_wanted(&job.state) {
            return job;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the job never came so far")
}

pub(crate) fn ended(state: &State) -> bool {
    !matches!(state, State::Queued | State::Making { .. })
}

pub(crate) fn playing(state: &State) -> bool {
    matches!(state, State::Making { stage, .. } if stage == "Playing")
}

/// Waits for a song that must come.
pub(crate) fn finished(desk: &Desk, job: &Job) -> Job {
    let job = wait_for(desk, job, ended);
    assert!(matches!(job.state, State::Finished { .. }), "{:?} {:?}", job, desk.detail(job.id));
    job
}

pub(crate) fn place(job: &Job) -> (studio::SongId, u32) {
    match job.state {
        State::Finished { song, version, .. } => (song, version),
        _ => panic!("{job:?} is not finished"),
    }
}

pub(crate) fn is_absent<T>(outcome: &Result<T, Error>) -> bool {
    matches!(outcome, Err(Error::Absent(_)))
}

/// A desk over copies of what is on the disk just now, as after a cut of the power.
pub(crate) struct Cut {
    pub(crate) house: House,
}

impl Cut {
    pub(crate) fn of(house: &House, change: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.db");
        house.store.backup(&path).unwrap();
        let store = database(&path);
        execute(&store, change);
        let folder = dir.path().join("files");
        let artifacts =
            Artifacts::open(store.clone(), &folder, key(), now, Limits::default()).unwrap();
        Self { house: House { dir, store, artifacts } }
    }
}

pub(crate) fn all(desk: &Desk, owner: UserId) -> Vec<JobId> {
    desk.history(owner, None, 200).unwrap().iter().map(|job| job.id).collect()
}
