//! Playlists that lie among the music as files: M3U, and rules as `.nsp`.
//!
//! A file becomes a playlist of one listener, and is read again when it is another one than before.
//! Until that listener changes or deletes the playlist: then it is theirs, and the file is let alone.
//! What a file names and nothing has is looked for again whenever tracks have changed.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::OnceLock;

use clock::Nanos;
use fault::{Cancel, Fault};
use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, params};

use super::{Change, Content, Edit, NewPlaylist, change, create, entries, own};
use crate::catalogue::Page;
use crate::m3u::{self, MAX_BYTES, Shelf};
use crate::opened::open_below;
use crate::rules::Smart;
use crate::scan::Outcome;
use crate::{Error, Library, PlaylistId, RootId};

/// Endings of files of playlists.
const ENDINGS: [&str; 3] = ["m3u", "m3u8", "nsp"];
/// Files of one root that are looked at: one in each album of a large collection.
pub(crate) const MAX_FILES: usize = 20_000;
/// Playlists made of files, of all roots: a list in each album must not leave their owner without room
/// for lists of their own.
const MAX_IMPORTED: i64 = 2_000;

/// A file of a playlist as a walk saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Below the root.
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) modified: i64,
}

/// Whose the playlists are, once it is known who that is.
#[derive(Default)]
pub(crate) struct Owner(OnceLock<Box<Ask>>);

type Ask = dyn Fn() -> Result<Option<UserId>, Box<dyn Fault + Send + Sync>> + Send + Sync;

impl std::fmt::Debug for Owner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Owner").field(&self.0.get().is_some()).finish()
    }
}

/// A file as it was when it was last read.
struct Before {
    size: u64,
    modified: i64,
    /// Whether there is nothing more to be found of it.
    whole: bool,
}

/// What a file says.
struct Said {
    new: NewPlaylist,
    /// Whether all that it names was found.
    whole: bool,
}

/// What came of a file.
enum Kept {
    /// Another playlist, or one that is other than before.
    Changed,
    /// Nothing.
    Same,
    /// There are as many as may be.
    NoRoom,
}

/// Whether a file of this name is one of a playlist.
pub(crate) fn is_playlist(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

impl Library {
    /// From now on every scan makes playlists of the files of playlists that lie among the music. They
    /// belong to who `owner` names then; while that is nobody the files wait. Set once.
    ///
    /// # Errors
    /// [`Error::Asked`] for a second call.
    pub fn import_playlists_for(
        &self,
        owner: impl Fn() -> Result<Option<UserId>, Box<dyn Fault + Send + Sync>> + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.owner().0.set(Box::new(owner)).map_err(|_| Error::Asked {
            what: "an owner of playlists",
            given: "another one".to_owned(),
            accepted: "one, set once",
        })
    }

    /// Makes playlists of what a scan saw, once all tracks are known. What is wrong with one file is
    /// written down and keeps no other from its playlist.
    pub(crate) fn import_found(
        &self,
        scanned: &mut [(Outcome, Vec<Seen>)],
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let Some(ask) = self.owner().0.get() else { return Ok(()) };
        let Some(owner) = ask().map_err(Error::Owner)? else { return Ok(()) };
        let is_other =
            |(outcome, _): &(Outcome, _)| outcome.found.as_ref().is_ok_and(|n| !n.is_still());
        let has_changed = scanned.iter().any(is_other);
        let reader = Reader { library: self, shelf: OnceCell::new() };
        for (outcome, seen) in scanned {
            let Ok(counts) = &mut outcome.found else { continue };
            let place = (outcome.root, outcome.path.as_path());
            let due = self.due(place, std::mem::take(seen), has_changed)?;
            counts.playlists = self.import_files(place, &due, owner, &reader, cancel)?;
        }
        Ok(())
    }

    /// The files that are to be read.
    fn due(
        &self,
        (root, place): (RootId, &Path),
        seen: Vec<Seen>,
        has_changed: bool,
    ) -> Result<Vec<Seen>, Error> {
        let mut known = self.read(|connection| known(connection, root))?;
        let mut due = Vec::new();
        for file in seen {
            let before = match known.remove(&file.path) {
                Some(before) => Some(before),
                None => self.moved((root, place), &file, &mut known)?,
            };
            let is_done = |before: Before| before.is(&file) && (before.whole || !has_changed);
            if !before.is_some_and(is_done) {
                due.push(file);
            }
        }
        Ok(due)
    }

    /// The file under the name it had before, which is forgotten with this.
    fn moved(
        &self,
        (root, place): (RootId, &Path),
        file: &Seen,
        known: &mut BTreeMap<String, Before>,
    ) -> Result<Option<Before>, Error> {
        let is_it = |path: &str, before: &Before| {
            before.is(file) && matches!(place.join(path).try_exists(), Ok(false))
        };
        let from = known.iter().find(|(path, before)| is_it(path, before));
        let Some(from) = from.map(|(path, _)| path.clone()) else { return Ok(None) };
        let (before, to) = (known.remove(&from), file.path.clone());
        self.store().write(move |connection| -> Result<(), Error> {
            let sql = "UPDATE playlist_file SET path = ?3 WHERE root = ?1 AND path = ?2";
            connection.prepare_cached(sql)?.execute(params![root, from, to])?;
            Ok(())
        })?;
        Ok(before)
    }

    fn import_files(
        &self,
        (root, place): (RootId, &Path),
        files: &[Seen],
        owner: UserId,
        reader: &Reader<'_>,
        cancel: &Cancel,
    ) -> Result<u64, Error> {
        let (mut changed, mut left_out) = (0, 0);
        for file in files {
            cancel.check()?;
            let said = match reader.read(place, file) {
                Err(error @ Error::Store(_)) => return Err(error),
                said => said,
            };
            let kept = match said {
                Ok(said) => self.keep_file(root, file.clone(), owner, said),
                Err(error) => Err(error),
            };
            match kept {
                Ok(Kept::Changed) => changed += 1,
                Ok(Kept::Same) => {}
                Ok(Kept::NoRoom) => left_out += 1,
                Err(error @ Error::Store(_)) => return Err(error),
                Err(error) => {
                    let path = &file.path;
                    tracing::warn!(root = %place.display(), path, %error, "no playlist");
                    self.keep_file(root, file.clone(), owner, None)?;
                }
            }
        }
        if left_out > 0 {
            tracing::warn!(root = %place.display(), left_out, "more playlists than are imported");
        }
        Ok(changed)
    }

    fn keep_file(
        &self,
        root: RootId,
        file: Seen,
        owner: UserId,
        said: Option<Said>,
    ) -> Result<Kept, Error> {
        let now = self.now();
        self.store().write(move |connection| keep(connection, (root, &file), owner, said, now))
    }
}

impl Before {
    fn is(&self, file: &Seen) -> bool {
        (self.size, self.modified) == (file.size, file.modified)
    }
}

/// Reads files, with all paths of tracks once it needs them.
struct Reader<'a> {
    library: &'a Library,
    shelf: OnceCell<Shelf>,
}

impl Reader<'_> {
    /// What a file says; nothing where it names no track that is there.
    fn read(&self, root: &Path, file: &Seen) -> Result<Option<Said>, Error> {
        let opened = open_below(root, &file.path)?;
        let mut bytes = Vec::new();
        // One more than is taken tells that there is more.
        let mut most = opened.file.take(MAX_BYTES as u64 + 1);
        most.read_to_end(&mut bytes).map_err(Error::io("read", &root.join(&file.path)))?;
        let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        if ending.eq_ignore_ascii_case("nsp") {
            let new = Smart::from_nsp(&bytes)?.into_playlist(stem);
            return Ok(Some(Said { new, whole: true }));
        }
        let read = m3u::parse_in(folder, &bytes)?;
        let found = self.shelf()?.matched(&read);
        if found.tracks.is_empty() {
            return Ok(None);
        }
        let (name, content) = (read.name, Content::Tracks(found.tracks));
        let name = name.unwrap_or_else(|| stem.to_owned());
        let new = NewPlaylist { name, comment: String::new(), public: false, content };
        Ok(Some(Said { new, whole: found.unmatched.is_empty() }))
    }

    fn shelf(&self) -> Result<&Shelf, Error> {
        if let Some(shelf) = self.shelf.get() {
            return Ok(shelf);
        }
        let shelf = self.library.shelf()?;
        Ok(self.shelf.get_or_init(|| shelf))
    }
}

fn known(connection: &Connection, root: RootId) -> Result<BTreeMap<String, Before>, Error> {
    let mut statement = connection
        .prepare_cached("SELECT path, size, modified, whole FROM playlist_file WHERE root = ?1")?;
    let rows = statement.query_map([root], |row| {
        let size = row.get::<_, i64>(1)?.unsigned_abs();
        Ok((row.get(0)?, Before { size, modified: row.get(2)?, whole: row.get(3)? }))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Makes what a file says its playlist, unless that is somebody's own by now, and remembers the file.
fn keep(
    connection: &Connection,
    (root, file): (RootId, &Seen),
    owner: UserId,
    said: Option<Said>,
    now: Nanos,
) -> Result<Kept, Error> {
    let before: Option<(UserId, Option<PlaylistId>, Option<i64>)> = connection
        .prepare_cached(
            "SELECT owner, playlist, changed FROM playlist_file WHERE root = ?1 AND path = ?2",
        )?
        .query_row((root, &file.path), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (owner, made, changed) = before.unwrap_or((owner, None, None));
    let now_changed = made.map(|id| changed_of(connection, id)).transpose()?;
    // Deleted, or other than the import left it: a listener did that.
    let is_theirs = now_changed != changed;
    let (made, changed, whole, kept) = match said {
        _ if is_theirs => (made, changed, true, Kept::Same),
        None => (made, changed, false, Kept::Same),
        Some(Said { new, whole }) => {
            let id = match made {
                Some(id) => {
                    update(connection, owner, id, new, now)?;
                    id
                }
                None if imported(connection)? >= MAX_IMPORTED => return Ok(Kept::NoRoom),
                None => create(connection, owner, new, now)?,
            };
            let after = changed_of(connection, id)?;
            let kept = if Some(after) == changed { Kept::Same } else { Kept::Changed };
            (Some(id), Some(after), whole, kept)
        }
    };
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO playlist_file VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            root,
            file.path,
            file.size.cast_signed(),
            file.modified,
            whole,
            owner,
            made,
            changed
        ])?;
    Ok(kept)
}

/// Another value with every change by hand.
fn changed_of(connection: &Connection, id: PlaylistId) -> Result<i64, Error> {
    let mut statement = connection.prepare_cached("SELECT changed FROM playlist WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| row.get(0))?)
}

fn imported(connection: &Connection) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM playlist_file WHERE playlist IS NOT NULL";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
}

/// Makes a playlist what its file says, where it is not so already.
fn update(
    connection: &Connection,
    owner: UserId,
    id: PlaylistId,
    new: NewPlaylist,
    now: Nanos,
) -> Result<(), Error> {
    let kept = own(connection, owner, id)?;
    let (rules, edits, same) = match new.content {
        Content::Tracks(tracks) => {
            let same = entries::page(connection, id, Page::WHOLE)? == tracks;
            (None, vec![Edit::Replace(tracks)], same)
        }
        Content::Rules(rules) => {
            let same = kept.rules == Some(rules.to_json());
            (Some(rules), Vec::new(), same)
        }
    };
    let words = (&kept.name, &kept.comment, kept.public);
    if same && words == (&new.name, &new.comment, new.public) {
        return Ok(());
    }
    let (name, comment, public) = (Some(new.name), Some(new.comment), Some(new.public));
    change(connection, owner, id, Change { name, comment, public, rules, edits }, now)
}
