//! Files that come from outside: streamed into a configured folder, opened once and used by handle.
//!
//! A file is made anew under a random name, for its owner alone, in a hidden folder beside the
//! others. What is checked is what was written through that handle, and only a file that is still the
//! one behind it is moved to its place. Nothing of the client's name stands in a path.

mod kind;
mod refused;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use audio_file::edit::{self, Change, Changes, EditField, TagChange};
use audio_file::{Description, Essence};
use sha2::{Digest, Sha256};
use store::rusqlite::OptionalExtension;

use crate::roots::Allowed;
use crate::{Error, Library, TrackId, hearing};

pub use refused::Refused;

use kind::Kind;

/// A file is not longer unless its owner says so: two hours of FLAC in CD quality.
pub const MAX_BYTES: u64 = 500 << 20;
/// Where files are until they are whole. Hidden, so that no scan enters it.
const STAGING: &str = ".incoming";
/// Letters of a title that is made from a name.
const MAX_TITLE: usize = 120;
/// Bytes of a name, as in most file systems.
const MAX_NAME_BYTES: usize = 255;

/// Takes files into a folder.
#[derive(Debug)]
pub struct Uploads {
    library: Library,
    folder: PathBuf,
    staging: PathBuf,
    most: u64,
    random: fn() -> [u8; 16],
}

/// A file that is coming in. Dropped before it is finished, nothing of it is left.
#[derive(Debug)]
pub struct Incoming<'a> {
    uploads: &'a Uploads,
    kind: Kind,
    title: String,
    staged: Staged,
    written: u64,
}

/// What became of a file that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It is in its place; a scan finds it there.
    New {
        /// Where.
        path: PathBuf,
        /// What it calls itself, or is called now.
        title: String,
    },
    /// The library has the same recording in the same coding and size; nothing was kept.
    Known(TrackId),
}

/// A file at a path of its own, which is removed with it.
#[derive(Debug)]
struct Staged {
    file: File,
    path: PathBuf,
    is_placed: bool,
}

impl Uploads {
    /// Takes files into `folder`, which is there and holds music. `random` gives bits nobody can guess.
    /// What an earlier run left half-done is removed: one program at a time takes files into a folder.
    ///
    /// # Errors
    /// [`Error::NotARoot`] for a folder that must not hold music, [`Error::Io`].
    pub fn new(library: Library, folder: &Path, random: fn() -> [u8; 16]) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(Error::io("find", folder))?;
        Allowed::default().refuse(&folder)?;
        let staging = folder.join(STAGING);
        match fs::DirBuilder::new().mode(0o700).create(&staging) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::io("make", &staging)(error));
            }
            _ => sweep(&staging).map_err(Error::io("sweep", &staging))?,
        }
        Ok(Self { library, folder, staging, most: MAX_BYTES, random })
    }

    /// The same, taking files of so many bytes at most instead of [`MAX_BYTES`].
    #[must_use]
    pub fn up_to(self, bytes: u64) -> Self {
        Self { most: bytes, ..self }
    }

    /// Begins a file. Of the client's name only the ending counts, and it becomes the title of a song
    /// that has none.
    ///
    /// # Errors
    /// [`Error::Upload`] for a name that is none, an ending we do not take, a length above the limit.
    pub fn begin(&self, name: &str, declared: Option<u64>) -> Result<Incoming<'_>, Error> {
        let is_name = !name.contains(['/', '\\', '\0']) && name.len() <= MAX_NAME_BYTES;
        let Some((stem, ending)) = name.rsplit_once('.').filter(|_| is_name) else {
            return Err(Refused::Name.into());
        };
        let Some(kind) = Kind::of_ending(ending) else { return Err(Refused::Ending.into()) };
        if declared.is_some_and(|bytes| bytes > self.most) {
            return Err(Refused::TooLarge { most: self.most }.into());
        }
        let staged = Staged::new(self.staging.join(self.name()))?;
        Ok(Incoming { uploads: self, kind, title: title(stem), staged, written: 0 })
    }

    fn name(&self) -> String {
        (self.random)().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The track that holds the same.
    fn known(&self, essence: &Essence, size: u64) -> Result<Option<TrackId>, Error> {
        let essence = Sha256::digest(essence.bytes())[..16].to_vec();
        self.library.read(|connection| {
            let mut statement = connection.prepare_cached(
                "SELECT id FROM track WHERE essence = ?1 AND size = ?2 AND missing IS NULL
                 ORDER BY id LIMIT 1",
            )?;
            let found = statement.query_row((essence, size.cast_signed()), |row| row.get(0));
            Ok(found.optional()?)
        })
    }
}

impl Incoming<'_> {
    /// Takes what comes next, straight to the disk.
    ///
    /// # Errors
    /// [`Error::Upload`] with the first byte above the limit, [`Error::Io`]. The file is of no more use
    /// then: drop it.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if self.written > self.uploads.most {
            return Err(Refused::TooLarge { most: self.uploads.most }.into());
        }
        let written = self.staged.file.write_all(bytes);
        written.map_err(Error::io("write", &self.staged.path))
    }

    /// Checks what came in and moves it to its place.
    ///
    /// # Errors
    /// [`Error::Upload`] for what does not begin as its ending says, does not play, or is another file
    /// than the one that was written; [`Error::Io`].
    pub fn finish(mut self) -> Result<Taken, Error> {
        if self.written == 0 {
            return Err(Refused::Empty.into());
        }
        if self.written > self.uploads.most {
            return Err(Refused::TooLarge { most: self.uploads.most }.into());
        }
        let staged = &mut self.staged;
        let head = staged.head()?;
        if !self.kind.begins(&head) {
            return Err(Refused::Signature.into());
        }
        let heard = hearing::beginning(&staged.file).map_err(refuse)?;
        if !self.kind.is_decoded_as(&heard.format.name) {
            return Err(Refused::Signature.into());
        }
        if let Some(essence) = Essence::read(&mut staged.file)?
            && let Some(track) = self.uploads.known(&essence, self.written)?
        {
            return Ok(Taken::Known(track));
        }
        // Sound without words that can be read is sound.
        let said = Description::read(&mut staged.file).ok().and_then(|said| said.title);
        let title = match said {
            Some(title) => title,
            None => {
                self.entitle()?;
                self.title.clone()
            }
        };
        let path = self.uploads.folder.join(self.uploads.name()).with_extension(self.kind.ending());
        self.staged.place(&path)?;
        let synced = File::open(&self.uploads.folder).and_then(|folder| folder.sync_all());
        synced.map_err(Error::io("write", &self.uploads.folder))?;
        Ok(Taken::New { path, title })
    }

    /// Writes the title into a song that has none; one that takes none stays as it came.
    fn entitle(&mut self) -> Result<(), Error> {
        let value = Change::Set(vec![self.title.clone()]);
        let changes = Changes::new([TagChange { field: EditField::Title, value }])?;
        let mut titled = Staged::new(self.uploads.staging.join(self.uploads.name()))?;
        match edit::apply(&mut self.staged.file, &mut titled.file, &changes) {
            Ok(_) => {
                self.staged = titled;
                Ok(())
            }
            Err(error @ audio_file::Error::Io(_)) => Err(error.into()),
            Err(_) => Ok(()),
        }
    }
}

impl Staged {
    /// A new file: a link or a file that stands there already is an error.
    fn new(path: PathBuf) -> Result<Self, Error> {
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(Error::io("make", &path))?;
        Ok(Self { file, path, is_placed: false })
    }

    fn head(&mut self) -> Result<Vec<u8>, Error> {
        let mut head = Vec::new();
        let read = self
            .file
            .rewind()
            .and_then(|()| (&mut self.file).take(kind::HEAD_BYTES).read_to_end(&mut head));
        read.map_err(Error::io("read", &self.path))?;
        Ok(head)
    }

    /// Moves the file that was checked to its place, and no other.
    fn place(&mut self, to: &Path) -> Result<(), Error> {
        self.file.sync_all().map_err(Error::io("write", &self.path))?;
        if fs::symlink_metadata(to).is_ok() || !self.stands_at(&self.path) {
            return Err(Refused::Swapped.into());
        }
        fs::rename(&self.path, to).map_err(Error::io("move", &self.path))?;
        if !self.stands_at(to) {
            // What came between is not ours, and is not kept.
            fs::remove_file(to).map_err(Error::io("remove", to))?;
            return Err(Refused::Swapped.into());
        }
        self.is_placed = true;
        Ok(())
    }

    /// Whether the file behind the handle is what stands there.
    fn stands_at(&self, path: &Path) -> bool {
        let (Ok(ours), Ok(there)) = (self.file.metadata(), fs::symlink_metadata(path)) else {
            return false;
        };
        (ours.dev(), ours.ino()) == (there.dev(), there.ino())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_placed {
            // Gone already, or swept at the next start.
            drop(fs::remove_file(&self.path));
        }
    }
}

/// Removes what an earlier run has left. A link in place of the folder is an error.
fn sweep(staging: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(staging)?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is no folder"));
    }
    for entry in fs::read_dir(staging)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn refuse(error: audio_file::Error) -> Error {
    match error {
        audio_file::Error::Io(_) => error.into(),
        error => Refused::Sound(error.to_string()).into(),
    }
}

/// A title of a name: one line of letters.
fn title(stem: &str) -> String {
    let letters = stem.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    let line: String = letters.filter(|letter| !letter.is_control()).take(MAX_TITLE).collect();
    let line = line.trim().trim_start_matches('.').trim();
    if line.is_empty() { "Untitled".to_owned() } else { line.to_owned() }
}
