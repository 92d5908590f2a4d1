//! Files and folders for their owner alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use crate::Error;

/// A new file; none may be there.
pub(super) fn create(path: &Path) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    Ok(options.open(path).map_err(ops::Error::io("create", path))?)
}

/// A folder with those around it; it may be there.
pub(super) fn folder(path: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(path).map_err(ops::Error::io("create", path))?)
}

/// Removes a file, whether it is there or not.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(ops::Error::io("remove", path)(error).into())
        }
        _ => Ok(()),
    }
}

/// Empties a folder, which is there afterwards.
pub(super) fn empty(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(ops::Error::io("empty", path)(error).into());
        }
        _ => {}
    }
    folder(path)
}
