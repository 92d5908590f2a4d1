//! Bytes by what they are, in one folder that one process holds.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{Sum, private};
use crate::Error;

/// Bytes read at once.
const BLOCK: usize = 1 << 18;
/// Objects whose bytes were found to be theirs; where more are used, all are looked at anew.
const MAX_REMEMBERED: usize = 16_384;

pub(super) struct Objects {
    root: PathBuf,
    /// Objects that are being written or have no record yet, and how many write them.
    pins: Mutex<BTreeMap<Sum, u32>>,
    verified: Mutex<BTreeMap<Sum, Stamp>>,
    next: AtomicU64,
    /// Held as long as this is.
    _lock: File,
}

/// What changes when a file does.
#[derive(PartialEq)]
struct Stamp {
    bytes: u64,
    changed: [i64; 4],
    inode: u64,
}

/// An object that was written and is safe from collection until this is dropped.
pub(crate) struct Staged {
    objects: Arc<Objects>,
    pub(crate) content: Content,
}

/// What a record says of its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) sum: Sum,
    pub(crate) bytes: u64,
}

impl Drop for Staged {
    fn drop(&mut self) {
        let mut pins = self.objects.pins();
        if let Some(count) = pins.get_mut(&self.content.sum) {
            *count -= 1;
            if *count == 0 {
                pins.remove(&self.content.sum);
            }
        }
    }
}

impl Objects {
    /// Takes the folder; what an earlier process left half written is removed.
    pub(super) fn open(root: &Path) -> Result<Self, Error> {
        private::folder(&root.join("objects"))?;
        let path = root.join("lock");
        let lock = File::options().create(true).append(true).open(&path);
        let lock = lock.map_err(ops::Error::io("write", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(Error::Held(root.to_owned())),
            Err(fs::TryLockError::Error(error)) => {
                return Err(ops::Error::io("lock", &path)(error).into());
            }
        }
        private::empty(&root.join("staging"))?;
        private::empty(&root.join("work"))?;
        let (pins, verified) = (Mutex::default(), Mutex::default());
        Ok(Self { root: root.to_owned(), pins, verified, next: AtomicU64::new(0), _lock: lock })
    }

    /// A folder for work in progress; empty when the process starts.
    pub(super) fn work(&self) -> PathBuf {
        self.root.join("work")
    }

    /// Stores what a reader gives, once. Of more than `most` bytes nothing is kept.
    pub(super) fn stage(self: &Arc<Self>, from: &mut dyn Read, most: u64) -> Result<Staged, Error> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let partial = Partial(self.root.join("staging").join(number.to_string()));
        let content = receive(&partial.0, from, most)?;
        *self.pins().entry(content.sum).or_default() += 1;
        let staged = Staged { objects: Arc::clone(self), content };
        if self.open_object(content).is_err() {
            // There is none, or one that was damaged and is whole from now on.
            self.place(&partial.0, content.sum)?;
        }
        Ok(staged)
    }

    fn place(&self, partial: &Path, sum: Sum) -> Result<(), Error> {
        let path = self.path(sum);
        let folder = path.parent().unwrap_or(&self.root);
        private::folder(folder)?;
        fs::rename(partial, &path).map_err(ops::Error::io("write", &path))?;
        // A record that lives through a power cut must find its object.
        #[cfg(unix)]
        for folder in [folder, self.root.join("objects").as_path()] {
            let synced = File::open(folder).and_then(|folder| folder.sync_all());
            synced.map_err(ops::Error::io("write", folder))?;
        }
        Ok(())
    }

    /// The object, once its bytes were seen to be what they are called: read through in whole the
    /// first time, and again when the file is another or was touched.
    pub(super) fn open_object(&self, content: Content) -> Result<File, Error> {
        let path = self.path(content.sum);
        let damaged = || Error::Damaged(content.sum.to_string());
        let refused = || ops::Error::io("read", &path);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(damaged()),
            file => file.map_err(refused())?,
        };
        let stamp = Stamp::of(&file.metadata().map_err(refused())?);
        if stamp.bytes != content.bytes {
            return Err(damaged());
        }
        if self.verified().get(&content.sum) == Some(&stamp) {
            return Ok(file);
        }
        let found = hash(&mut file, &mut std::io::sink(), u64::MAX).map_err(refused())?;
        if found != Some(content) {
            return Err(damaged());
        }
        // Touched while it was read: it is looked at again the next time.
        if Stamp::of(&file.metadata().map_err(refused())?) == stamp {
            let mut verified = self.verified();
            if verified.len() >= MAX_REMEMBERED {
                verified.clear();
            }
            verified.insert(content.sum, stamp);
        }
        file.seek(SeekFrom::Start(0)).map_err(refused())?;
        Ok(file)
    }

    /// Removes objects nobody needs; those being written are needed. Counts them and their bytes.
    pub(super) fn sweep(
        &self,
        is_needed: impl Fn(Sum) -> Result<bool, Error>,
    ) -> Result<(u64, u64), Error> {
        let (mut count, mut bytes) = (0, 0);
        for (sum, path) in self.list()? {
            // Held throughout: nobody begins to write the same between the look and the removal.
            let pins = self.pins();
            if pins.contains_key(&sum) || is_needed(sum)? {
                continue;
            }
            let size = fs::metadata(&path).map_err(ops::Error::io("read", &path))?.len();
            private::remove(&path)?;
            self.verified().remove(&sum);
            (count, bytes) = (count + 1, bytes + size);
        }
        Ok((count, bytes))
    }

    /// Every object; what is none is nobody's business.
    fn list(&self) -> Result<Vec<(Sum, PathBuf)>, Error> {
        let mut found = Vec::new();
        for (folder, path) in entries(&self.root.join("objects"))? {
            if !path.is_dir() {
                continue;
            }
            for (name, path) in entries(&path)? {
                found.extend(Sum::of_path(&folder, &name).map(|sum| (sum, path)));
            }
        }
        Ok(found)
    }

    fn path(&self, sum: Sum) -> PathBuf {
        self.root.join("objects").join(sum.path())
    }

    fn pins(&self) -> MutexGuard<'_, BTreeMap<Sum, u32>> {
        self.pins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verified(&self) -> MutexGuard<'_, BTreeMap<Sum, Stamp>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stamp {
    #[cfg(unix)]
    fn of(file: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        // The time of change cannot be set back as that of modification can.
        let changed = [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()];
        Self { bytes: file.len(), changed, inode: file.ino() }
    }

    #[cfg(not(unix))]
    fn of(file: &Metadata) -> Self {
        let since = file.modified().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        let nanos = since.map_or(0, |since| since.as_nanos() as i64);
        Self { bytes: file.len(), changed: [nanos, 0, 0, 0], inode: 0 }
    }
}

/// A file that goes unless it was moved to its place.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // What will not go is removed at the next start.
        drop(private::remove(&self.0));
    }
}

fn receive(path: &Path, from: &mut dyn Read, most: u64) -> Result<Content, Error> {
    let mut file = private::create(path)?;
    let content = hash(from, &mut file, most).map_err(ops::Error::io("write", path))?;
    let content = content.ok_or(Error::TooLong { most })?;
    file.sync_all().map_err(ops::Error::io("write", path))?;
    Ok(content)
}

/// Reads all there is, passes it on, and says what it was; nothing where it is more than `most`.
fn hash(
    from: &mut dyn Read,
    to: &mut dyn Write,
    most: u64,
) -> Result<Option<Content>, std::io::Error> {
    let mut block = vec![0; BLOCK];
    let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
    loop {
        let count = match from.read(&mut block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            count => count?,
        };
        if count == 0 {
            return Ok(Some(Content { sum: Sum(hash.finalize().into()), bytes }));
        }
        bytes += count as u64;
        if bytes > most {
            return Ok(None);
        }
        hash.update(&block[..count]);
        to.write_all(&block[..count])?;
    }
}

/// Names and paths in a folder.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let refused = || ops::Error::io("read", folder);
    let entries = fs::read_dir(folder).map_err(refused())?;
    let entry = |entry: Result<fs::DirEntry, std::io::Error>| -> Result<_, Error> {
        let entry = entry.map_err(refused())?;
        Ok((entry.file_name().to_string_lossy().into_owned(), entry.path()))
    };
    entries.map(entry).collect()
}
