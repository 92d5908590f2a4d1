//! Which folders are there, and in which of them something is new.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use fault::Cancel;
use ignore::{DirEntry, WalkBuilder};
use sha2::{Digest, Sha256};
use store::rusqlite::Connection;

use super::read::{Folder, OnDisk, Task};
use super::{Status, TASK_FILES};
use crate::playlists::files::{MAX_FILES, Seen, is_playlist};
use crate::{Error, FolderId, RootId};

/// Deeper folders than any collection has; a tree that goes on is a mistake.
const MAX_DEPTH: usize = 64;
/// Endings of files that may hold sound we decode.
const SOUND: [&str; 17] = [
    "aac", "aif", "aifc", "aiff", "alac", "au", "flac", "m4a", "m4b", "mp1", "mp2", "mp3", "mp4",
    "oga", "ogg", "opus", "snd",
];
const WAVES: [&str; 3] = ["rf64", "wav", "wave"];
/// Names of the picture of a folder, the best first; and its endings.
const COVERS: [&str; 5] = ["cover", "folder", "front", "albumart", "album"];
const PICTURES: [&str; 4] = ["jpg", "jpeg", "png", "webp"];

/// What the library knows of the folders of a root.
#[derive(Debug)]
pub(super) struct Known {
    folders: BTreeMap<String, (FolderId, Option<Vec<u8>>)>,
    tracks: u64,
    has_unreadable: bool,
}

/// What a walk saw.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) folders: u64,
    pub(super) files: u64,
    /// Folders that are known and not there any more.
    pub(super) gone: Vec<FolderId>,
    /// Files of playlists.
    pub(super) playlists: Vec<Seen>,
}

impl Known {
    pub(super) fn of(connection: &Connection, root: RootId) -> Result<Self, Error> {
        let mut statement =
            connection.prepare_cached("SELECT path, id, digest FROM folder WHERE root = ?1")?;
        let rows =
            statement.query_map([root], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?;
        let folders = rows.collect::<Result<_, _>>()?;
        let tracks: i64 = connection.query_row(
            "SELECT count(*) FROM track WHERE root = ?1 AND missing IS NULL",
            [root],
            |row| row.get(0),
        )?;
        let has_unreadable = connection.query_row(
            "SELECT EXISTS(SELECT 1 FROM unreadable WHERE root = ?1)",
            [root],
            |row| row.get(0),
        )?;
        Ok(Self { folders, tracks: tracks.unsigned_abs(), has_unreadable })
    }

    /// Whether any file of the root is listed as unreadable.
    pub(super) fn has_unreadable(&self) -> bool {
        self.has_unreadable
    }

    /// A disk that is not mounted looks like a folder that is gone, or like an empty one.
    pub(super) fn refuse_vanished(&self, root: &Path) -> Result<(), Error> {
        let state = match fs::read_dir(root) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "not there",
            Err(error) => return Err(Error::io("read", root)(error)),
            Ok(mut entries) => match entries.next() {
                None => "empty",
                Some(_) => return Ok(()),
            },
        };
        if self.tracks == 0 && state == "empty" {
            return Ok(());
        }
        Err(Error::Vanished { path: root.to_owned(), state, tracks: self.tracks })
    }
}

/// Goes through all folders below `root`; hands on the files of those in which anything changed.
/// `hand` says whether anybody still listens.
pub(super) fn walk(
    root: &Path,
    known: Known,
    full: bool,
    status: &Status,
    cancel: &Cancel,
    hand: impl Fn(Task) -> bool,
) -> Result<Walked, Error> {
    let mut walked = Walked::default();
    let mut seen = BTreeSet::new();
    let mut closed = Vec::new();
    let mut playlists = Vec::new();
    let mut waiting: BTreeMap<String, Listing> = BTreeMap::new();
    let real_root = root.canonicalize().map_err(Error::io("read", root))?;
    let mut walker = WalkBuilder::new(&real_root);
    walker.standard_filters(false).hidden(true).follow_links(true).max_depth(Some(MAX_DEPTH));
    walker.add_custom_ignore_filename(".ndignore").ignore(true);
    let inside = real_root.clone();
    walker.filter_entry(move |entry| stays_inside(&inside, entry));
    walker.sort_by_file_name(Ord::cmp);
    let mut finish = |path: String, listing: Listing| -> bool {
        walked.folders += 1;
        walked.files += listing.files.len() as u64;
        status.folder(listing.files.len());
        let digest = listing.digest();
        if let Some((id, before)) = known.folders.get(&path) {
            seen.insert(*id);
            if !full && before.as_deref() == Some(&digest[..]) {
                return true;
            }
        }
        listing.tasks(path, digest).into_iter().all(&hand)
    };
    for entry in walker.build() {
        cancel.check()?;
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // What cannot be looked into stays as it is known, with all that is below it.
                if let Some(path) = place(&error).and_then(|path| relative(&real_root, path)) {
                    waiting.remove(&path);
                    closed.push(path);
                }
                continue;
            }
        };
        let Some(path) = relative(&real_root, entry.path()) else { continue };
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            // A folder is complete once another begins that is not below it.
            let done: Vec<String> =
                waiting.keys().filter(|open| !is_below(&path, open)).cloned().collect();
            for open in done {
                if let Some(listing) = waiting.remove(&open)
                    && !finish(open, listing)
                {
                    return Ok(Walked::default());
                }
            }
            waiting.insert(path, Listing::default());
        } else if let Some((parent, name)) = split(&path)
            && let Some(listing) = waiting.get_mut(parent)
        {
            if is_playlist(name) && playlists.len() < MAX_FILES {
                playlists.extend(on_disk(&path, &entry).map(|file| Seen {
                    path: file.name,
                    size: file.size,
                    modified: file.modified,
                }));
            }
            listing.add(name, &entry);
        }
    }
    for (path, listing) in waiting {
        if !finish(path, listing) {
            return Ok(Walked::default());
        }
    }
    let is_gone = |path: &str, id: &FolderId| {
        !seen.contains(id) && !closed.iter().any(|closed| is_below(path, closed))
    };
    let gone = known.folders.iter().filter(|(path, (id, _))| is_gone(path, id));
    walked.gone = gone.map(|(_, (id, _))| *id).collect();
    if playlists.len() == MAX_FILES {
        tracing::warn!(root = %root.display(), "more files of playlists than are looked at");
    }
    walked.playlists = playlists;
    Ok(walked)
}

/// Where something could not be looked at.
fn place(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } => place(err),
        _ => None,
    }
}

/// A link that leads out of the root is not followed.
fn stays_inside(root: &Path, entry: &DirEntry) -> bool {
    !entry.path_is_symlink() || entry.path().canonicalize().is_ok_and(|real| real.starts_with(root))
}

/// The path below the root, "" for the root itself; none where a name is no text.
fn relative(root: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(root).ok()?.to_str().map(str::to_owned)
}

fn split(path: &str) -> Option<(&str, &str)> {
    if path.is_empty() { None } else { Some(path.rsplit_once('/').unwrap_or(("", path))) }
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path == folder
        || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// A file under this name, unless it is gone already.
fn on_disk(name: &str, entry: &DirEntry) -> Option<OnDisk> {
    let data = entry.metadata().ok()?;
    let modified = data.modified().ok().and_then(|at| {
        at.duration_since(std::time::UNIX_EPOCH).ok().map(|since| since.as_nanos() as i64)
    });
    let (size, modified) = (data.len(), modified.unwrap_or_default());
    Some(OnDisk { name: name.to_owned(), size, modified })
}

/// What is in one folder.
#[derive(Debug, Default)]
struct Listing {
    files: Vec<OnDisk>,
    covers: Vec<(usize, String)>,
    lyrics: BTreeSet<String>,
    digest: Sha256,
}

impl Listing {
    fn add(&mut self, name: &str, entry: &DirEntry) {
        let Some((stem, ending)) = name.rsplit_once('.') else { return };
        let ending = ending.to_ascii_lowercase();
        let is_sound = SOUND.contains(&ending.as_str()) || WAVES.contains(&ending.as_str());
        let is_picture = PICTURES.contains(&ending.as_str());
        if !(is_sound || is_picture || ending == "lrc") {
            return;
        }
        let Some(file) = on_disk(name, entry) else { return };
        self.digest.update(entry.file_name().as_bytes());
        self.digest.update([0]);
        self.digest.update(file.size.to_le_bytes());
        self.digest.update(file.modified.to_le_bytes());
        if is_sound {
            self.files.push(file);
        } else if is_picture {
            let stem = stem.to_lowercase();
            if let Some(rank) = COVERS.iter().position(|cover| *cover == stem) {
                self.covers.push((rank, name.to_owned()));
            }
        } else {
            self.lyrics.insert(stem.to_owned());
        }
    }

    fn digest(&self) -> Vec<u8> {
        self.digest.clone().finalize()[..16].to_vec()
    }

    /// The files in pieces, all of the same folder; a folder without files is one piece, too.
    fn tasks(mut self, path: String, digest: Vec<u8>) -> Vec<Task> {
        self.covers.sort();
        let names: BTreeSet<String> = self.files.iter().map(|file| file.name.clone()).collect();
        let mut pieces: Vec<Vec<OnDisk>> =
            self.files.chunks(TASK_FILES).map(<[OnDisk]>::to_vec).collect();
        if pieces.is_empty() {
            pieces.push(Vec::new());
        }
        let folder = Arc::new(Folder {
            path,
            digest,
            cover: self.covers.into_iter().next().map(|(_, name)| name),
            lyrics: self.lyrics,
            names,
            left: AtomicUsize::new(pieces.len()),
            is_unfinished: AtomicBool::new(false),
        });
        let tasks = pieces.into_iter().enumerate();
        tasks.map(|(n, files)| Task { folder: Arc::clone(&folder), files, first: n == 0 }).collect()
    }
}
