//! Pictures that were made, in a folder of bounded size.
//!
//! A file is named by its key and begins with a digest of the rest: one that was damaged is as good as
//! none. What somebody deletes is made again.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use clock::Nanos;
use sha2::{Digest, Sha256};

use super::Kind;

/// The first bytes of every file.
const MAGIC: &[u8; 4] = b"TRP1";
/// [`MAGIC`], what it is, and the digest.
const HEAD: usize = 4 + 1 + 16;
/// No picture of our sizes is larger.
const MAX_FILE_BYTES: u64 = 16 << 20;
/// What a file takes on a disk, whatever is in it.
const BLOCK_BYTES: u64 = 4_096;
/// A key is so many hexadecimal digits.
const KEY: usize = 32;

/// What is kept under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// A picture that was made.
    Picture(Kind, Vec<u8>),
    /// The original is sound, and given as it is.
    Sound,
    /// The original cannot be taken, with the reason.
    Refused(String),
    /// There is none. Not kept.
    Nothing,
}

/// A folder of pictures.
#[derive(Debug)]
pub(super) struct Cache {
    folder: PathBuf,
    most: u64,
    index: Mutex<Index>,
}

/// What is in the folder, in the order of use.
#[derive(Debug, Default)]
struct Index {
    bytes: u64,
    used: u64,
    /// Bytes, and when it was used last.
    by_key: BTreeMap<String, (u64, u64)>,
    by_use: BTreeMap<u64, String>,
}

impl Cache {
    /// Looks at what is there; more than fits goes.
    pub(super) fn open(folder: &Path, most: u64) -> std::io::Result<Self> {
        fs::create_dir_all(folder)?;
        let mut found = Vec::new();
        for drawer in fs::read_dir(folder)? {
            let drawer = drawer?;
            if drawer.file_type()?.is_dir() && drawer.file_name().len() == 2 {
                look(&drawer.path(), &mut found)?;
            }
        }
        found.sort();
        let mut index = Index::default();
        found.into_iter().for_each(|(_, bytes, key)| index.put(key, bytes));
        let cache = Self { folder: folder.to_owned(), most, index: Mutex::new(index) };
        cache.shrink();
        Ok(cache)
    }

    /// What is kept under a key, which counts as used now.
    pub(super) fn get(&self, key: &str, now: Nanos) -> Option<Kept> {
        if !self.index().by_key.contains_key(key) {
            return None;
        }
        let kept = self.read(key, now);
        match &kept {
            Some(_) => self.index().touch(key),
            None => {
                self.index().remove(key);
                // Damaged, or gone already.
                drop(fs::remove_file(self.place(key)));
            }
        }
        kept
    }

    fn read(&self, key: &str, now: Nanos) -> Option<Kept> {
        let file = File::open(self.place(key)).ok()?;
        let mut bytes = Vec::new();
        (&file).take(MAX_FILE_BYTES).read_to_end(&mut bytes).ok()?;
        let kept = Kept::of(&bytes)?;
        // So that the next start knows what was used; a folder that may not be written loses this.
        let now = UNIX_EPOCH + Duration::from_nanos(now.0.unsigned_abs());
        drop(file.set_modified(now));
        Some(kept)
    }

    /// Keeps something, for which others may go.
    pub(super) fn put(&self, key: &str, kept: &Kept) -> Result<(), ops::Error> {
        let Some(bytes) = kept.bytes() else { return Ok(()) };
        let place = self.place(key);
        let drawer = place.parent().unwrap_or(&self.folder);
        fs::create_dir_all(drawer).map_err(ops::Error::io("create", drawer))?;
        ops::publish::file(&place, |out| {
            out.write_all(&bytes).map_err(ops::Error::io("write", &place))
        })?;
        self.index().put(key.to_owned(), bytes.len() as u64);
        self.shrink();
        Ok(())
    }

    fn shrink(&self) {
        let mut index = self.index();
        while index.bytes > self.most {
            let Some((_, key)) = index.by_use.pop_first() else { return };
            index.remove(&key);
            // One that is gone already is what is wanted.
            drop(fs::remove_file(self.place(&key)));
        }
    }

    fn place(&self, key: &str) -> PathBuf {
        self.folder.join(key.get(..2).unwrap_or_default()).join(key)
    }

    fn index(&self) -> std::sync::MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The pictures in a drawer. What a killed run left half written goes.
fn look(
    drawer: &Path,
    found: &mut Vec<(std::time::SystemTime, u64, String)>,
) -> std::io::Result<()> {
    for entry in fs::read_dir(drawer)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') && name.ends_with(".partial") {
            drop(fs::remove_file(entry.path()));
        } else if name.len() == KEY && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            let data = entry.metadata()?;
            found.push((data.modified().unwrap_or(UNIX_EPOCH), data.len(), name));
        }
    }
    Ok(())
}

impl Index {
    fn put(&mut self, key: String, bytes: u64) {
        self.remove(&key);
        let bytes = bytes.next_multiple_of(BLOCK_BYTES);
        self.used += 1;
        self.bytes += bytes;
        self.by_use.insert(self.used, key.clone());
        self.by_key.insert(key, (bytes, self.used));
    }

    fn touch(&mut self, key: &str) {
        if let Some((_, used)) = self.by_key.get_mut(key) {
            self.used += 1;
            self.by_use.remove(used);
            *used = self.used;
            self.by_use.insert(self.used, key.to_owned());
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some((bytes, used)) = self.by_key.remove(key) {
            self.bytes -= bytes;
            self.by_use.remove(&used);
        }
    }
}

impl Kept {
    fn bytes(&self) -> Option<Vec<u8>> {
        let (code, content) = match self {
            Self::Picture(Kind::Jpeg, bytes) => (b'j', bytes.as_slice()),
            Self::Picture(Kind::Png, bytes) => (b'p', bytes.as_slice()),
            Self::Picture(Kind::WebP, bytes) => (b'w', bytes.as_slice()),
            Self::Sound => (b's', [].as_slice()),
            Self::Refused(reason) => (b'r', reason.as_bytes()),
            Self::Nothing => return None,
        };
        Some([MAGIC.as_slice(), &[code], &digest(code, content), content].concat())
    }

    fn of(bytes: &[u8]) -> Option<Self> {
        let (head, content) = bytes.split_at_checked(HEAD)?;
        let (code, rest) = head.strip_prefix(MAGIC.as_slice())?.split_first()?;
        if rest != digest(*code, content) {
            return None;
        }
        match code {
            b'j' => Some(Self::Picture(Kind::Jpeg, content.to_owned())),
            b'p' => Some(Self::Picture(Kind::Png, content.to_owned())),
            b'w' => Some(Self::Picture(Kind::WebP, content.to_owned())),
            b's' => Some(Self::Sound),
            b'r' => Some(Self::Refused(String::from_utf8_lossy(content).into_owned())),
            _ => None,
        }
    }
}

fn digest(code: u8, content: &[u8]) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update([code]);
    digest.update(content);
    let mut short = [0; 16];
    short.copy_from_slice(&digest.finalize()[..16]);
    short
}

#[cfg(test)]
mod tests {
    use clock::Nanos;
    use proptest::prelude::{any, prop, proptest};

    use super::{Cache, Kept};
    use crate::covers::Kind;

    const NOW: Nanos = Nanos(1_700_000_000_000_000_000);

    fn key(n: u8) -> String {
        format!("{n:032x}")
    }

    fn picture(size: usize) -> Kept {
        Kept::Picture(Kind::Jpeg, vec![7; size])
    }

    #[test]
    fn the_least_recently_used_goes_and_the_rest_is_there_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("covers");
        let cache = Cache::open(&folder, 3 * 8_192).unwrap();
        for n in 1..=3 {
            cache.put(&key(n), &picture(5_000)).unwrap();
        }
        assert!(cache.get(&key(1), NOW).is_some());
        cache.put(&key(4), &picture(5_000)).unwrap();
        assert_eq!(cache.get(&key(2), NOW), None);
        cache.put(&key(5), &Kept::Refused("why".to_owned())).unwrap();
        let cache = Cache::open(&folder, 1 << 20).unwrap();
        assert_eq!(cache.get(&key(1), NOW), Some(picture(5_000)));
        assert_eq!(cache.get(&key(5), NOW), Some(Kept::Refused("why".to_owned())));
        assert_eq!(cache.get(&key(3), NOW), None);
        let cache = Cache::open(&folder, 8_192).unwrap();
        let left = (1..=5).filter(|n| cache.get(&key(*n), NOW).is_some()).count();
        assert_eq!(left, 1);
    }

    #[test]
    fn what_is_damaged_or_deleted_is_as_good_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path(), 1 << 20).unwrap();
        cache.put(&key(1), &picture(50)).unwrap();
        let place = cache.place(&key(1));
        let mut bytes = std::fs::read(&place).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&place, bytes).unwrap();
        assert_eq!(cache.get(&key(1), NOW), None);
        assert!(!place.exists());
        cache.put(&key(1), &picture(50)).unwrap();
        std::fs::remove_dir_all(dir.path()).unwrap();
        assert_eq!(cache.get(&key(1), NOW), None);
        cache.put(&key(1), &picture(50)).unwrap();
        assert_eq!(cache.get(&key(1), NOW), Some(picture(50)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            assert_eq!(Kept::of(&bytes), None);
            assert_eq!(Kept::of(&[b"TRP1".as_slice(), &bytes].concat()), None);
        }
    }
}
