use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// What there is of a file that is not whole, beside the place of the whole one. It stays there
/// when fetching stops, and is gone on with.
pub(super) struct Part {
    path: PathBuf,
    target: PathBuf,
    file: File,
    length: u64,
}

impl Part {
    /// Opens what an earlier attempt left, or begins.
    pub(super) fn open(target: &Path) -> Result<Self, Error> {
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(disk("create", folder))?;
        }
        let mut name = target.as_os_str().to_owned();
        name.push(".part");
        let path = PathBuf::from(name);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(disk("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Busy(path)),
            Err(TryLockError::Error(error)) => return Err(disk("lock", &path)(error)),
        }
        let length = file.seek(SeekFrom::End(0)).map_err(disk("read", &path))?;
        Ok(Self { path, target: target.to_owned(), file, length })
    }

    /// Bytes that are there.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file.write_all(bytes).map_err(disk("write", &self.path))?;
        self.length += bytes.len() as u64;
        Ok(())
    }

    /// Begins again.
    pub(super) fn clear(&mut self) -> Result<(), Error> {
        self.file
            .set_len(0)
            .and_then(|()| self.file.rewind())
            .map_err(disk("write", &self.path))?;
        self.length = 0;
        Ok(())
    }

    /// Gives it the name of the whole, once the disk has it.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        self.file.sync_all().map_err(disk("write", &self.path))?;
        fs::rename(&self.path, &self.target).map_err(disk("create", &self.target))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if self.length == 0 {
            // Nothing to go on with; nobody is left to be told that it would not go.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Whether something is there.
pub(super) fn exists(path: &Path) -> Result<bool, Error> {
    match path.symlink_metadata() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(disk("read", path)(error)),
    }
}

/// Names the path and the act that failed; for use with `map_err`.
pub(super) fn disk(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Disk { action, path, source }
}
