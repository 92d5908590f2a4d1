use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use store::rusqlite::OptionalExtension;

use super::why::Name;
use super::{Seen, Why};
use crate::{Error, Library, RootId, TrackId};

/// The file of a track.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) name: Name,
    pub(super) root: RootId,
    /// The folder below the root.
    pub(super) folder: String,
    /// The file itself, without links.
    pub(super) path: PathBuf,
}

/// A file that is open, and what it is.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) stamp: Stamp,
    pub(super) data: Metadata,
}

/// What tells a file from the one that takes its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    modified: i64,
    inode: u64,
    device: u64,
}

impl Stamp {
    pub(super) fn of(data: &Metadata) -> Self {
        let modified = data.mtime().saturating_mul(1_000_000_000).saturating_add(data.mtime_nsec());
        Self { size: data.len(), modified, inode: data.ino(), device: data.dev() }
    }

    /// What stands at a path, be it a link; none where nothing does.
    pub(super) fn at(path: &Path) -> io::Result<Option<Self>> {
        match fs::symlink_metadata(path) {
            Ok(data) => Ok(Some(Self::of(&data))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// When it was last written.
    pub(super) fn time(&self) -> SystemTime {
        let since = Duration::from_nanos(self.modified.unsigned_abs());
        if self.modified < 0 { UNIX_EPOCH - since } else { UNIX_EPOCH + since }
    }

    pub(super) fn seen(&self) -> Seen {
        Seen { size: self.size, modified: self.modified }
    }
}

impl Target {
    /// The file of a track, below its root even if links are followed.
    pub(super) fn of(library: &Library, track: TrackId) -> Result<Self, Error> {
        let found: Option<(String, String, RootId, String, String)> =
            library.read(|connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT track.title, track.path, root.id, root.path, folder.path FROM track
                 JOIN root ON root.id = track.root JOIN folder ON folder.id = track.folder
                 WHERE track.id = ?1",
                )?;
                let row = statement.query_row([track], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
                });
                Ok(row.optional()?)
            })?;
        let Some((title, path, root, root_path, folder)) = found else {
            return Err(Error::Absent("the track"));
        };
        let name = Name { track, title };
        let asked = Path::new(&root_path).join(path);
        let real = |path: &Path| path.canonicalize().map_err(Error::io("find", path));
        let path = real(&asked).map_err(|error| name.refuse(error))?;
        let root_path = real(Path::new(&root_path)).map_err(|error| name.refuse(error))?;
        if !path.starts_with(root_path) || path.to_str().is_none() {
            return Err(name.refused(Why::Elsewhere));
        }
        Ok(Self { name, root, folder, path })
    }

    /// Opens the file; no link that has taken its place since.
    pub(super) fn open(&self) -> Result<Opened, Error> {
        let file = File::open(&self.path).map_err(Error::io("open", &self.path))?;
        let data = file.metadata().map_err(Error::io("look at", &self.path))?;
        let stamp = Stamp::of(&data);
        let stands = Stamp::at(&self.path).map_err(Error::io("look at", &self.path))?;
        if !data.is_file() || stands != Some(stamp) {
            return Err(self.name.refused(Why::Elsewhere));
        }
        Ok(Opened { file, stamp, data })
    }
}
