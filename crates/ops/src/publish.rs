//! Files and folders that appear whole or not at all.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// Large enough that sound is written in few calls.
const WRITE_BUFFER: usize = 1 << 20;

/// Writes a file beside its place and renames it there once it is complete and on the disk. If
/// `write` fails nothing is left behind, and what stood there before still stands.
pub fn file<E: From<Error>>(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<(), E>,
) -> Result<(), E> {
    let staged = beside(path);
    let guard = Remove(&staged);
    let out = File::create(&staged).map_err(Error::io("write", path))?;
    let mut out = BufWriter::with_capacity(WRITE_BUFFER, out);
    write(&mut out)?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(Error::io("write", path))?;
    drop(out);
    fs::rename(&staged, path).map_err(Error::io("write", path))?;
    std::mem::forget(guard);
    Ok(())
}

/// A folder being filled. It takes its place with [`StagedFolder::publish`]; dropped before that,
/// it vanishes with all that is in it.
#[derive(Debug)]
pub struct StagedFolder {
    staged: PathBuf,
    target: PathBuf,
    published: bool,
}

impl StagedFolder {
    /// Prepares to fill `target`, which must not exist or be empty, unless it may be replaced.
    pub fn new(target: &Path, replace: bool) -> Result<Self, Error> {
        // A folder that is there is replaced where it really lies, not a link to it.
        let target = target.canonicalize().unwrap_or_else(|_| target.to_owned());
        // It is replaced whole: who stands in it would stand in the one that was removed.
        let here = std::env::current_dir().and_then(|here| here.canonicalize());
        if here.is_ok_and(|here| here.starts_with(&target)) {
            return Err(Error::StandsIn(target));
        }
        match fs::read_dir(&target) {
            Ok(mut entries) => {
                if entries.next().is_some() && !replace {
                    return Err(Error::NotEmpty(target));
                }
            }
            Err(_) if target.exists() => return Err(Error::NotAFolder(target)),
            Err(_) => {}
        }
        let staged = beside(&target);
        // Left by a killed run that had our process id, as every run in a container may.
        drop(fs::remove_dir_all(&staged));
        fs::create_dir_all(&staged).map_err(Error::io("create", &target))?;
        Ok(Self { staged, target, published: false })
    }

    /// Where to put things until then.
    pub fn path(&self) -> &Path {
        &self.staged
    }

    /// Puts the folder in its place.
    pub fn publish(mut self) -> Result<(), Error> {
        let old = beside(&self.target).with_extension("old");
        let replaced = self.target.exists();
        if replaced {
            fs::rename(&self.target, &old).map_err(Error::io("replace", &self.target))?;
        }
        if let Err(error) = fs::rename(&self.staged, &self.target) {
            if replaced {
                // What stood there stands there again; the error that counts is the first.
                drop(fs::rename(&old, &self.target));
            }
            return Err(Error::io("create", &self.target)(error));
        }
        self.published = true;
        if replaced {
            fs::remove_dir_all(&old).map_err(Error::io("remove", &old))?;
        }
        Ok(())
    }
}

impl Drop for StagedFolder {
    fn drop(&mut self) {
        if !self.published {
            // Nothing better can be done with a folder that will not go.
            drop(fs::remove_dir_all(&self.staged));
        }
    }
}

/// A hidden name in the same folder, so that a rename stays on one file system.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    path.with_file_name(format!(".{name}.{}.partial", std::process::id()))
}

struct Remove<'a>(&'a Path);

impl Drop for Remove<'_> {
    fn drop(&mut self) {
        drop(fs::remove_file(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{StagedFolder, file};
    use crate::Error;
    use std::fs;
    use std::io::Write;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let failed: Result<(), Error> = file(&path, |out| {
            out.write_all(b"half").map_err(Error::io("write", &path))?;
            Err(Error::Setup("go on", "planned".to_owned()))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        file::<Error>(&path, |out| out.write_all(b"new").map_err(Error::io("write", &path)))
            .unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_run_left_is_not_published() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let killed = StagedFolder::new(&target, false).unwrap();
        fs::write(killed.path().join("half"), "1").unwrap();
        std::mem::forget(killed);
        let staged = StagedFolder::new(&target, false).unwrap();
        fs::write(staged.path().join("whole"), "2").unwrap();
        staged.publish().unwrap();
        assert!(target.join("whole").exists() && !target.join("half").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_a_folder_stays_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (real, link) = (dir.path().join("real"), dir.path().join("link"));
        fs::create_dir(&real).unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        let staged = StagedFolder::new(&link, false).unwrap();
        fs::write(staged.path().join("a"), "1").unwrap();
        staged.publish().unwrap();
        assert!(link.is_symlink() && real.join("a").exists());
    }

    #[test]
    fn a_folder_appears_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("out");
        let staged = StagedFolder::new(&target, false).unwrap();
        fs::write(staged.path().join("a"), "1").unwrap();
        drop(staged);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let staged = StagedFolder::new(&target, false).unwrap();
        fs::write(staged.path().join("a"), "2").unwrap();
        staged.publish().unwrap();
        assert_eq!(fs::read_to_string(target.join("a")).unwrap(), "2");
        assert!(matches!(StagedFolder::new(&target, false), Err(Error::NotEmpty(_))));
        let staged = StagedFolder::new(&target, true).unwrap();
        fs::write(staged.path().join("b"), "3").unwrap();
        staged.publish().unwrap();
        assert!(!target.join("a").exists() && target.join("b").exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
