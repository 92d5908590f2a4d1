//! Songs that were finished: their versions and files, deleted and taken back.

use clock::Nanos;
use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, params};

use super::finish::MASTER;
use super::job::{self, Row, Word};
use super::{Desk, Request, SongOrder};
use crate::Error;
use crate::artifact::{self, Artifact, Opened, SealKey};
use crate::ids::{JobId, SongId};

/// A song and its versions.
#[derive(Debug, Clone, PartialEq)]
pub struct Song {
    /// Its id.
    pub id: SongId,
    /// When its first version was finished.
    pub created: Nanos,
    /// The versions from the first; at least one.
    pub versions: Vec<Version>,
}

/// One version of a song.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u32,
    /// The version it was made anew from.
    pub parent: Option<u32>,
    /// The job that made it.
    pub job: JobId,
    /// What was ordered.
    pub order: SongOrder,
    /// Its title.
    pub title: String,
    /// When it was finished.
    pub created: Nanos,
    /// Whether its files are there.
    pub kept: Kept,
    /// The name of its master among the composed files; there only while it is [`Kept::Whole`].
    pub file: String,
}

/// What is left of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Its master, at least.
    Whole,
    /// Nothing, but it can be taken back.
    Deleted,
    /// Nothing but its order.
    Collected,
}

impl Desk {
    /// The files of a finished job by their names, but for the deleted.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is no such job of this owner, [`Error::Unfinished`],
    /// [`Error::Altered`] if the job's record or that of any of its files is.
    pub fn files(&self, owner: UserId, job: JobId) -> Result<Vec<Artifact>, Error> {
        let key = self.shared().artifacts.key();
        let row = self.shared().store.read(|connection| {
            let row = job::owned(connection, owner, job)?;
            row.verify(key).map(|()| row)
        })?;
        let artifacts = &self.shared().artifacts;
        match (row.word, row.song.zip(row.version)) {
            (Word::Finished, Some((song, version))) => artifacts.of_version(owner, song, version),
            (Word::Finished, None) => {
                let kept = [row.master, row.report].into_iter().flatten();
                let records = kept.map(|id| match artifacts.record(owner, id) {
                    // Forgotten by a collection.
                    Err(Error::Absent(_)) => Ok(None),
                    record => record.map(|record| Some(record).filter(|r| r.deleted.is_none())),
                });
                Ok(records.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
            }
            _ => Err(Error::Unfinished),
        }
    }

    /// Deletes the files of a master that was made of a track.
    ///
    /// # Errors
    /// Those of [`Desk::files`]; [`Error::Order`] for the job of a song, which is deleted as one.
    pub fn delete_master(&self, owner: UserId, job: JobId) -> Result<(), Error> {
        for file in self.files(owner, job)? {
            if file.of.is_some() {
                return Err(Error::Order("it made a song: delete the song".to_owned()));
            }
            self.shared().artifacts.delete(owner, file.id)?;
        }
        Ok(())
    }

    /// Opens a file of a finished job by its name, such as `master.mp3`.
    ///
    /// # Errors
    /// Those of [`Desk::files`]; [`Error::Absent`] for another name, [`Error::Damaged`] for bytes
    /// that are not what was stored.
    pub fn open_file(&self, owner: UserId, job: JobId, name: &str) -> Result<Opened, Error> {
        let files = self.files(owner, job)?;
        let file = files.iter().find(|file| file.name == name);
        let id = file.ok_or(Error::Absent("file"))?.id;
        self.shared().artifacts.open_file(owner, id)
    }

    /// A song with all its versions.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is none of this owner, [`Error::Altered`].
    pub fn song(&self, owner: UserId, song: SongId) -> Result<Song, Error> {
        let key = self.shared().artifacts.key();
        self.shared().store.read(|connection| read_song(connection, key, owner, song))
    }

    /// Songs before one, the latest first; at most [`super::MAX_PAGE`].
    ///
    /// # Errors
    /// [`Error::Altered`] if a record of any of them is.
    pub fn songs(
        &self,
        owner: UserId,
        before: Option<SongId>,
        most: usize,
    ) -> Result<Vec<Song>, Error> {
        let key = self.shared().artifacts.key();
        let before = before.map_or(i64::MAX, |before| before.0);
        self.shared().store.read(|connection| {
            let sql = "SELECT id FROM song WHERE user = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
            let mut statement = connection.prepare_cached(sql)?;
            let values = params![owner, before, most.min(super::MAX_PAGE).cast_signed()];
            let rows = statement.query_map(values, |row| row.get(0))?;
            let ids: Vec<SongId> = rows.collect::<Result<_, _>>()?;
            ids.into_iter().map(|song| read_song(connection, key, owner, song)).collect()
        })
    }

    /// Deletes a version of a song, or all of them: the library loses it with its next scan. It can
    /// be taken back until it is collected.
    ///
    /// # Errors
    /// [`Error::Absent`], [`Error::Altered`]; a folder of composed songs that cannot be written.
    pub fn delete_song(
        &self,
        owner: UserId,
        song: SongId,
        version: Option<u32>,
    ) -> Result<(), Error> {
        for version in self.chosen(owner, song, version)? {
            self.shared().shelf.take(&version.file)?;
        }
        self.mark(owner, song, version, true)
    }

    /// Takes the deletion of a version or of all versions back, and puts them where the library finds
    /// them.
    ///
    /// # Errors
    /// [`Error::Absent`], also once it was collected; [`Error::Altered`], [`Error::Damaged`]; a folder
    /// of composed songs that cannot be written: the song is there again, and asking again puts it
    /// there.
    pub fn undelete_song(
        &self,
        owner: UserId,
        song: SongId,
        version: Option<u32>,
    ) -> Result<(), Error> {
        let chosen = self.chosen(owner, song, version)?;
        if chosen.iter().all(|version| version.kept == Kept::Collected) {
            return Err(Error::Absent("song"));
        }
        self.mark(owner, song, version, false)?;
        for version in chosen.iter().filter(|version| version.kept != Kept::Collected) {
            let mut master = self.open_file(owner, version.job, MASTER)?;
            self.shared().shelf.put(&version.file, &mut master)?;
        }
        Ok(())
    }

    fn chosen(
        &self,
        owner: UserId,
        song: SongId,
        version: Option<u32>,
    ) -> Result<Vec<Version>, Error> {
        let mut versions = self.song(owner, song)?.versions;
        versions.retain(|found| version.is_none_or(|version| found.number == version));
        if versions.is_empty() { Err(Error::Absent("song")) } else { Ok(versions) }
    }

    fn mark(
        &self,
        owner: UserId,
        song: SongId,
        version: Option<u32>,
        is_deleted: bool,
    ) -> Result<(), Error> {
        let shared = self.shared();
        let (key, now) = (shared.artifacts.key().clone(), (shared.now)());
        shared.store.write(move |connection| {
            for file in artifact::of_song(connection, &key, owner, song, version)? {
                let deleted = is_deleted.then(|| file.deleted.unwrap_or(now));
                artifact::set_deleted(connection, &key, file, deleted)?;
            }
            Ok(())
        })
    }
}

fn read_song(
    connection: &Connection,
    key: &SealKey,
    owner: UserId,
    song: SongId,
) -> Result<Song, Error> {
    let created: Option<i64> = connection
        .prepare_cached("SELECT created FROM song WHERE id = ?1 AND user = ?2")?
        .query_row(params![song, owner], |row| row.get(0))
        .optional()?;
    let created = Nanos(created.ok_or(Error::Absent("song"))?);
    let sql = format!(
        "SELECT {} FROM job WHERE song = ?1 AND version IS NOT NULL ORDER BY version",
        job::COLUMNS
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows: Vec<Row> = statement.query_map([song], Row::read)?.collect::<Result<_, _>>()?;
    let files = artifact::of_song(connection, key, owner, song, None)?;
    let versions = rows.into_iter().map(|row| {
        row.verify(key)?;
        version(row, &files)
    });
    Ok(Song { id: song, created, versions: versions.collect::<Result<_, Error>>()? })
}

fn version(row: Row, files: &[Artifact]) -> Result<Version, Error> {
    let altered = || Error::Altered { what: "job", id: row.id.0 };
    let number = row.version.ok_or_else(altered)?;
    let Request::Song(order) = Request::parse(&row.request)? else { return Err(altered()) };
    let of = |file: &&Artifact| file.of.is_some_and(|(_, version)| version == number);
    let master = files.iter().filter(of).find(|file| file.name == MASTER);
    Ok(Version {
        number,
        parent: row.parent,
        job: row.id,
        order,
        title: row.title.clone().ok_or_else(altered)?,
        created: row.ended.ok_or_else(altered)?,
        kept: match master.map(|master| master.deleted) {
            Some(None) => Kept::Whole,
            Some(Some(_)) => Kept::Deleted,
            None => Kept::Collected,
        },
        file: row.file.clone().ok_or_else(altered)?,
    })
}
