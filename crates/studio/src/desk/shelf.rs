//! The folder of composed songs, which a library scans: what stands there is a copy; the store has
//! the song.

use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::Error;
use crate::ids::JobId;

/// Bytes of a title in a file name: with what follows it stays under the 255 of most file systems.
const MAX_TITLE: usize = 120;
/// Files of other songs that may have the name already.
const MAX_TRIES: u32 = 100;

/// A folder of composed songs.
#[derive(Debug)]
pub(super) struct Shelf(PathBuf);

impl Shelf {
    /// Over a folder that is made if it is not there; what was left half written in it goes.
    pub(super) fn new(folder: &Path) -> Result<Self, Error> {
        let refused = || ops::Error::io("read", folder);
        fs::create_dir_all(folder).map_err(ops::Error::io("create", folder))?;
        for entry in fs::read_dir(folder).map_err(refused())? {
            let entry = entry.map_err(refused())?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') && name.contains("].flac.") && name.ends_with(".partial") {
                remove(&entry.path())?;
            }
        }
        Ok(Self(folder.to_owned()))
    }

    /// A name nobody has, or a file that is the same.
    pub(super) fn name(&self, title: &str, job: JobId, song: &Path) -> Result<String, Error> {
        let title = speakable(title);
        for number in 1..=MAX_TRIES {
            let name = match number {
                1 => format!("{title} [{job}].flac"),
                _ => format!("{title} ({number}) [{job}].flac"),
            };
            let path = self.0.join(&name);
            if !path.exists() || is_same(&path, song)? {
                return Ok(name);
            }
        }
        Err(Error::Exists(self.0.join(format!("{title} [{job}].flac"))))
    }

    /// Puts a song there, whole or not at all.
    pub(super) fn put(&self, name: &str, song: &mut dyn Read) -> Result<(), Error> {
        let path = self.path(name)?;
        let refused = ops::Error::io("write", &path);
        ops::publish::file(&path, |out| {
            std::io::copy(song, out).map(drop).map_err(|error| refused(error).into())
        })
    }

    /// Takes a song away, whether it is there or not.
    pub(super) fn take(&self, name: &str) -> Result<(), Error> {
        remove(&self.path(name)?)
    }

    /// Only what this could have named is reached.
    fn path(&self, name: &str) -> Result<PathBuf, Error> {
        let is_plain = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        if is_plain && name.ends_with("].flac") {
            return Ok(self.0.join(name));
        }
        Err(Error::OutOfRange {
            setting: "file",
            value: format!("{name:?}"),
            accepted: "the name of a composed song".to_owned(),
        })
    }
}

/// A title as a file name: letters, digits and single spaces, dashes and apostrophes between them.
pub(super) fn speakable(title: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-'".contains(c) { c } else { ' ' };
    let spaced: String = title.chars().map(plain).collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let joined = words.join(" ");
    let end = (0..=joined.len().min(MAX_TITLE)).rev().find(|end| joined.is_char_boundary(*end));
    let short = joined[..end.unwrap_or(0)].trim_matches([' ', '-', '\'']);
    if short.is_empty() { "Song".to_owned() } else { short.to_owned() }
}

fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ops::Error::io("remove", path)(error).into())
        }
        _ => Ok(()),
    }
}

fn is_same(a: &Path, b: &Path) -> Result<bool, Error> {
    let (mut a, mut b) = (ops::open(a)?, ops::open(b)?);
    let length = |file: &mut fs::File| {
        let end = file.seek(SeekFrom::End(0))?;
        file.rewind().map(|()| end)
    };
    let same = |a: &mut fs::File, b: &mut fs::File| -> Result<bool, std::io::Error> {
        if length(a)? != length(b)? {
            return Ok(false);
        }
        let (mut from_a, mut from_b) = (Vec::new(), Vec::new());
        a.read_to_end(&mut from_a)?;
        b.read_to_end(&mut from_b)?;
        Ok(from_a == from_b)
    };
    Ok(same(&mut a, &mut b).map_err(ops::Error::io("compare", Path::new("composed songs")))?)
}

#[cfg(test)]
mod tests {
    use super::{Shelf, speakable};
    use crate::ids::JobId;
    use std::fs;

    #[test]
    fn no_title_leads_out_of_the_folder() {
        for (title, wanted) in [
            ("Rain on Glass", "Rain on Glass"),
            ("../../etc/passwd", "etc passwd"),
            ("a\0b\nc:d", "a b c d"),
            ("...", "Song"),
            ("'- -'", "Song"),
            ("Đêm mưa, Sài Gòn", "Đêm mưa Sài Gòn"),
        ] {
            assert_eq!(speakable(title), wanted);
        }
        let long = speakable(&"é".repeat(200));
        assert!(long.len() <= 120 && long.chars().all(|c| c == 'é'));
    }

    #[test]
    fn a_song_of_another_does_not_lose_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Shelf::new(&dir.path().join("composed")).unwrap();
        let (one, two) = (dir.path().join("1"), dir.path().join("2"));
        fs::write(&one, "one").unwrap();
        fs::write(&two, "two").unwrap();
        let name = shelf.name("A", JobId(7), &one).unwrap();
        assert_eq!(name, "A [7].flac");
        shelf.put(&name, &mut b"one".as_slice()).unwrap();
        assert_eq!(shelf.name("A", JobId(7), &one).unwrap(), name);
        assert_eq!(shelf.name("A", JobId(7), &two).unwrap(), "A (2) [7].flac");
        for name in ["../A [7].flac", "/A [7].flac", ".A [7].flac", "A.txt"] {
            assert!(shelf.take(name).is_err() && shelf.put(name, &mut b"".as_slice()).is_err());
        }
        shelf.take(&name).unwrap();
        shelf.take(&name).unwrap();
        assert_eq!(fs::read_dir(dir.path().join("composed")).unwrap().count(), 0);
    }
}
