//! The one way to the bytes of a file: by id, below its root, as a regular file.
//!
//! A path of the database is joined to its root and opened; then the kernel is asked where the file
//! that was opened lies. A link that leads out of the root, or a folder that was swapped for one
//! while we looked, is caught because the question is about the open file, not about its name.

use std::fs::{File, Metadata};
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use clock::Nanos;
use store::rusqlite::OptionalExtension;

use crate::{AlbumId, Error, Library, TrackId};

/// A track's file, opened.
#[derive(Debug)]
pub struct OpenTrack {
    /// Its bytes, from the first.
    pub file: File,
    /// How many.
    pub len: u64,
    /// The ending of its name, in small letters, without the dot.
    pub suffix: String,
    /// When it was last written to.
    pub modified: Nanos,
    /// A strong tag: other bytes have another one. No quotes around it.
    pub etag: String,
}

/// A file below a root, opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) file: File,
    pub(crate) len: u64,
    pub(crate) modified: i64,
    /// The file's number on its disk: a file put in the place of another has another one.
    number: u64,
}

/// What a sound is, of a row of the tracks.
const ESSENCE: &str = "CAST(hex(coalesce(essence, '')) || '/' || size || '/' || modified AS BLOB)";

impl Library {
    /// Opens a track's file. Where a disk stalls this waits for it.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is no such track, its file is gone, is no regular file or lies
    /// outside its root; [`Error::Io`] where the disk refuses.
    pub fn open_track(&self, id: TrackId) -> Result<OpenTrack, Error> {
        let (root, path, suffix) = self.place(id)?;
        let Opened { file, len, modified, number } = open_below(&root, &path)?;
        let etag = format!("{len:x}-{modified:x}-{number:x}");
        Ok(OpenTrack { file, len, suffix, modified: Nanos(modified), etag })
    }

    /// What the sound of a track is, as far as can be told without hearing it: other bytes where its file
    /// has changed, the same wherever it lies. The essence alone will not do: it is taken of the beginning,
    /// and many files begin with the same silence.
    ///
    /// # Errors
    /// [`Error::Absent`] where there is no such track; those of the database.
    pub fn essence(&self, id: TrackId) -> Result<Vec<u8>, Error> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached(&format!("SELECT {ESSENCE} FROM track WHERE id = ?1"))?;
            statement
                .query_row([id], |row| row.get(0))
                .optional()?
                .ok_or(Error::Absent("the track"))
        })
    }

    /// The tracks of an album in their order with what their sounds [are](Self::essence), if they are at most
    /// so many and so long altogether, in milliseconds; else none.
    ///
    /// # Errors
    /// Those of the database.
    pub fn album_essences(
        &self,
        album: AlbumId,
        (most, longest_ms): (usize, u64),
    ) -> Result<Vec<(TrackId, Vec<u8>)>, Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT id, {ESSENCE}, duration_ms FROM track WHERE album = ?1 AND missing IS NULL
                 ORDER BY disc, number, path LIMIT ?2",
            ))?;
            let rows = statement.query_map((album, most as i64 + 1), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?))
            })?;
            let rows: Vec<(TrackId, Vec<u8>, i64)> = rows.collect::<Result<_, _>>()?;
            let long: u64 = rows.iter().map(|(.., ms)| ms.unsigned_abs()).sum();
            if rows.len() > most || long > longest_ms {
                return Ok(Vec::new());
            }
            Ok(rows.into_iter().map(|(id, essence, _)| (id, essence)).collect())
        })
    }

    /// The root of a track, its path below it, and the ending of its name.
    pub(crate) fn place(&self, id: TrackId) -> Result<(PathBuf, String, String), Error> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT root.path, track.path, suffix FROM track JOIN root ON root.id = root
                 WHERE track.id = ?1",
            )?;
            let found = statement.query_row([id], |row| {
                Ok((row.get::<_, String>(0)?.into(), row.get(1)?, row.get(2)?))
            });
            found.optional()?.ok_or(Error::Absent("the track"))
        })
    }
}

/// Opens a regular file below a root.
pub(crate) fn open_below(root: &Path, relative: &str) -> Result<Opened, Error> {
    const OUTSIDE: Error = Error::Absent("the file");
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if relative.is_empty() || !Path::new(relative).components().all(plain) {
        return Err(OUTSIDE);
    }
    let path = root.join(relative);
    let root = root.canonicalize().map_err(refused("find", root))?;
    // A pipe would wait for its writer: what is no file is refused before it is opened, and after.
    if !path.metadata().map_err(refused("find", &path))?.is_file() {
        return Err(OUTSIDE);
    }
    let file = File::open(&path).map_err(refused("open", &path))?;
    let data = file.metadata().map_err(refused("read", &path))?;
    if !data.is_file() || !lies_below(&root, &path, &file, &data)? {
        return Err(OUTSIDE);
    }
    let modified = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map_or(0, |since| i64::try_from(since.as_nanos()).unwrap_or(i64::MAX));
    Ok(Opened { file, len: data.len(), modified, number: number(&data).1 })
}

/// Whether the open file lies below the root.
fn lies_below(root: &Path, path: &Path, file: &File, data: &Metadata) -> Result<bool, Error> {
    if let Some(place) = place_of(file) {
        return Ok(place.starts_with(root));
    }
    // Without the kernel's word: the name as it resolves now must lie below the root and mean the
    // same file.
    let real = path.canonicalize().map_err(refused("find", path))?;
    let there = real.symlink_metadata().map_err(refused("find", path))?;
    Ok(real.starts_with(root) && number(&there) == number(data))
}

/// Where the kernel says that an open file lies.
#[cfg(target_os = "linux")]
fn place_of(file: &File) -> Option<PathBuf> {
    use std::os::fd::AsRawFd;
    std::fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).ok()
}

#[cfg(not(target_os = "linux"))]
fn place_of(_file: &File) -> Option<PathBuf> {
    None
}

/// Disk and number of a file.
fn number(data: &Metadata) -> (u64, u64) {
    use std::os::unix::fs::MetadataExt;
    (data.dev(), data.ino())
}

/// What is not there is absent; anything else is the disk's word.
fn refused(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    let path = path.to_owned();
    move |reason| match reason.kind() {
        NotFound | NotADirectory => Error::Absent("the file"),
        _ => Error::Io { doing, path, reason },
    }
}
