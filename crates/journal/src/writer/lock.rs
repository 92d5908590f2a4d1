//! One writer a journal: a lock of the system, which ends with its process however that ends.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::Error;

/// Stays in the folder: to remove a lock file is to let two writers lock two files of one name.
const NAME: &str = "writer.lock";

/// Locks the folder for this writer.
///
/// # Errors
/// [`Error::Busy`], naming who holds it.
pub(super) fn take(folder: &Path) -> Result<File, Error> {
    let path = folder.join(NAME);
    let mut file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(Error::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Only a courtesy: who cannot be read is not named.
            let named = file.read_to_string(&mut text).is_ok() && !text.trim().is_empty();
            let holder = if named { text.trim().to_owned() } else { "unknown".to_owned() };
            return Err(Error::Busy { path: folder.to_owned(), holder });
        }
        Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
    }
    let pid = std::process::id().to_string();
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(pid.as_bytes()))
        .map_err(Error::io("write", &path))?;
    Ok(file)
}
