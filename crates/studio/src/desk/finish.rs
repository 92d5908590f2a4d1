//! From a job to its song: made, stored, put where the library finds it, written down.

use std::fs;
use std::path::Path;

use clock::Nanos;
use fault::{Cancel, Cancelled, Progress};
use store::UserId;
use store::rusqlite::{Connection, params};

use super::job::{self, Row, Word};
use super::worker::Shared;
use super::{SongOrder, State, queue};
use crate::Error;
use crate::artifact::{self, Artifact, Kind, New, SealKey, Staged};
use crate::ids::{ArtifactId, JobId, SongId};
use crate::make::{Made, make};
use crate::recipe;

/// The file the library gets.
pub(super) const MASTER: &str = "master.flac";

impl Shared {
    /// Makes the song of a job. Whatever goes wrong, nothing of it is left but bytes without a
    /// record, which the next collection takes.
    pub(super) fn compose(
        &self,
        row: &Row,
        order: &SongOrder,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<State, Error> {
        let out = self.artifacts.work().join(row.id.to_string());
        let order = order.make_order(out, self.limits.threads)?;
        let made = make(&order, &self.genres, progress, cancel)?;
        progress.stage("Keeping");
        let kept = self.keep(row, &made, cancel);
        // What cannot be removed now goes when the program starts.
        drop(fs::remove_dir_all(&made.folder));
        kept
    }

    fn keep(&self, row: &Row, made: &Made, cancel: &Cancel) -> Result<State, Error> {
        let release = self.store_files(&made.folder, cancel)?;
        let (title, master) = (&made.report.song.title, made.folder.join(MASTER));
        let file = self.shelf.name(title, row.id, &master)?;
        // Written down first: a start after a cut knows what may stand there.
        self.note(row.id, title, &file)?;
        let put = self.shelf.put(&file, &mut ops::open(&master)?);
        let finished = put.and_then(|()| self.write_down(row, made.report.passed, &release));
        if finished.is_err() {
            // The error that counts is the first.
            drop(self.shelf.take(&file));
        }
        finished
    }

    /// Every file of the release with its name; they stay until what is returned goes.
    fn store_files(&self, folder: &Path, cancel: &Cancel) -> Result<Vec<(String, Staged)>, Error> {
        let mut staged = Vec::new();
        for name in recipe::digest_folder(folder)?.into_keys() {
            cancel.check()?;
            let mut file = ops::open(&folder.join(&name))?;
            staged.push((name, self.artifacts.stage(&mut file)?));
        }
        Ok(staged)
    }

    fn note(&self, id: JobId, title: &str, file: &str) -> Result<(), Error> {
        let (key, title, file) = (self.artifacts.key().clone(), title.to_owned(), file.to_owned());
        self.store.write(move |connection| {
            let mut row = at_work(connection, &key, id)?;
            (row.title, row.file) = (Some(title), Some(file));
            row.write(connection, &key)
        })
    }

    /// All records of the song and the end of the job, or none of it.
    fn write_down(
        &self,
        row: &Row,
        passed: bool,
        release: &[(String, Staged)],
    ) -> Result<State, Error> {
        let (id, key, now) = (row.id, self.artifacts.key().clone(), (self.now)());
        let most = self.artifacts.limits().user_bytes;
        let files: Vec<_> =
            release.iter().map(|(name, staged)| (name.clone(), staged.content)).collect();
        self.store.write(move |connection| {
            let mut row = at_work(connection, &key, id)?;
            let (song, version) = place(connection, &row, now)?;
            let old = ancestors(connection, &key, &row)?;
            for (name, content) in files {
                let parent = ancestor(&old, &name);
                let (owner, kind, of) = (row.owner, kind(&name), Some((song, version)));
                let new = New { owner, kind, name, of, parent };
                artifact::insert(connection, &key, &new, content, now, most)?;
            }
            (row.song, row.version, row.passed) = (Some(song), Some(version), Some(passed));
            queue::end(&mut row, Word::Finished, now);
            row.write(connection, &key)?;
            Ok(State::Finished { song, version, passed })
        })
    }
}

/// The job as it stands, if it is still to be made.
pub(super) fn at_work(connection: &Connection, key: &SealKey, id: JobId) -> Result<Row, Error> {
    // Gone with its owner, or taken back: either way nobody wants it any more.
    let row = job::find(connection, id)?.ok_or(Cancelled)?;
    row.verify(key)?;
    if row.cancelling { Err(Cancelled.into()) } else { Ok(row) }
}

/// The song of a job and the number of its next version.
fn place(connection: &Connection, row: &Row, now: Nanos) -> Result<(SongId, u32), Error> {
    let Some(song) = row.song else {
        return new_song(connection, row.owner, now).map(|song| (song, 1));
    };
    let version = connection
        .prepare_cached("SELECT coalesce(max(version), 0) + 1 FROM job WHERE song = ?1")?
        .query_row([song], |row| row.get(0))?;
    Ok((song, version))
}

fn new_song(connection: &Connection, owner: UserId, now: Nanos) -> Result<SongId, Error> {
    connection.execute("INSERT INTO song(user, created) VALUES(?1, ?2)", params![owner, now.0])?;
    Ok(SongId(connection.last_insert_rowid()))
}

/// Files of the version a job makes anew.
fn ancestors(connection: &Connection, key: &SealKey, row: &Row) -> Result<Vec<Artifact>, Error> {
    match row.song.zip(row.parent) {
        Some((song, parent)) => artifact::of_song(connection, key, row.owner, song, Some(parent)),
        None => Ok(Vec::new()),
    }
}

fn ancestor(old: &[Artifact], name: &str) -> Option<ArtifactId> {
    old.iter().find(|artifact| artifact.name == name).map(|artifact| artifact.id)
}

/// What a file of a release is.
fn kind(name: &str) -> Kind {
    match name {
        "song.mid" => Kind::Midi,
        "recipe.json" => Kind::Recipe,
        "report.json" | "report.html" => Kind::Report,
        name if name.starts_with("master.") => Kind::Master,
        name if name.starts_with("stems/") => Kind::Stem,
        _ => Kind::Other,
    }
}
