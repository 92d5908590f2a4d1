use std::fs::File;
use std::io::{Error as IoError, ErrorKind, Read};
use std::path::Path;

use crate::Error;

/// Opens a file for reading. Folders, pipes and devices are refused before they are opened: a
/// pipe would wait for its writer, and a device may have no end.
pub fn open(path: &Path) -> Result<File, Error> {
    let kind = path.metadata().map_err(Error::io("read", path))?.file_type();
    if kind.is_dir() {
        return Err(Error::io("read", path)(IoError::from(ErrorKind::IsADirectory)));
    }
    if !kind.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    File::open(path).map_err(Error::io("read", path))
}

/// Reads a text file that is known to be small; a larger one is not what it claims to be.
pub fn text(path: &Path, max_bytes: u64) -> Result<String, Error> {
    let mut text = String::new();
    let read = open(path)?.take(max_bytes + 1).read_to_string(&mut text);
    let bytes = read.map_err(Error::io("read", path))?;
    if bytes as u64 > max_bytes {
        return Err(Error::TooLarge { path: path.to_owned(), max_bytes });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::text;
    use std::fs;

    #[test]
    fn a_text_file_has_a_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "1234").unwrap();
        assert_eq!(text(&path, 4).unwrap(), "1234");
        let said = text(&path, 3).unwrap_err().to_string();
        assert!(said.ends_with("has more than 3 bytes"), "{said}");
        assert!(text(dir.path(), 4).is_err());
        #[cfg(unix)]
        assert!(text(std::path::Path::new("/dev/zero"), 4).is_err());
    }
}
