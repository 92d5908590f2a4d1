//! The folders a collection lies in.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use store::rusqlite::params;

use crate::{AlbumId, Error, Library, RootId, scan};

/// A folder of music.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its id.
    pub id: RootId,
    /// Where it is; never shown to who is not an admin.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
}

/// Where roots may be, as the machine's owner has configured it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The home of who runs the program, where there is one.
    pub home: Option<PathBuf>,
    /// Folders in which roots must lie; none for anywhere that holds no secrets. What is asked from
    /// outside is held against this, so that nobody who gets in reads another folder.
    pub parents: Option<Vec<PathBuf>>,
}

/// Names of secrets and settings: a collection that holds one of them, or lies in one, is a mistake.
const SECRET: [&str; 20] = [
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".docker",
    ".config",
    ".local",
    ".mozilla",
    ".thunderbird",
    ".password-store",
    ".pki",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    ".git-credentials",
    ".cargo",
    ".vault-token",
    "Keychains",
];
/// Those of them that no folder of music has in one of its folders. Settings may come along with a
/// synchronised album, keys do not.
const KEYS: [&str; 9] = [
    ".ssh",
    ".gnupg",
    ".aws",
    ".azure",
    ".kube",
    ".password-store",
    ".netrc",
    ".git-credentials",
    ".pgpass",
];
/// So many folders of a root-to-be are looked into for keys. A home among more of them is still
/// passed over by every scan, which enters no hidden folder.
const MAX_LOOKED_INTO: usize = 4_096;
/// Folders of the machine, which hold no music themselves, though a disk may be mounted in some.
const SYSTEM: [&str; 10] =
    ["/", "/home", "/Users", "/media", "/root", "/run", "/run/media", "/run/user", "/usr", "/var"];
/// Folders of the machine with all that is in them.
const MACHINE: [&str; 14] = [
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/proc",
    "/run/user",
    "/sbin",
    "/sys",
    "/usr/bin",
    "/usr/lib",
    "/var/lib",
];
/// Folders whose folders are homes.
const HOMES: [&str; 2] = ["/home", "/Users"];

impl Library {
    /// All roots, by name.
    ///
    /// # Errors
    /// Those of the database.
    pub fn roots(&self) -> Result<Vec<Root>, Error> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id, path, name FROM root ORDER BY name, id")?;
            let rows = statement.query_map([], |row| {
                let path: String = row.get(1)?;
                Ok(Root { id: row.get(0)?, path: path.into(), name: row.get(2)? })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Adds a folder that the machine's owner names, or finds it where it is a root already. Two roots
    /// never overlap.
    ///
    /// # Errors
    /// [`Error::NotARoot`]: no folder, the machine's own, somebody's home, one with secrets, one within
    /// or around another root.
    pub fn add_root(&self, folder: &Path) -> Result<Root, Error> {
        self.add_root_within(folder, &Allowed::default())
    }

    /// The same for a folder that is asked for from outside: it lies where roots are allowed.
    ///
    /// # Errors
    /// As [`Self::add_root`], and [`Error::NotARoot`] outside of what is allowed.
    pub fn add_root_within(&self, folder: &Path, allowed: &Allowed) -> Result<Root, Error> {
        let path = folder.canonicalize().map_err(Error::io("find", folder))?;
        allowed.refuse(&path)?;
        let Some(text) = path.to_str().map(str::to_owned) else {
            return Err(Error::NotARoot { path, reason: "its name is not UTF-8" });
        };
        for root in self.roots()? {
            if root.path == path {
                return Ok(root);
            }
            if root.path.starts_with(&path) || path.starts_with(&root.path) {
                return Err(Error::NotARoot { path, reason: "it overlaps another root" });
            }
        }
        let name =
            path.file_name().map_or_else(|| text.clone(), |n| n.to_string_lossy().into_owned());
        let kept = name.clone();
        let id = self.store().write(move |connection| -> Result<RootId, Error> {
            Ok(connection.query_row(
                "INSERT INTO root(path, name) VALUES(?1, ?2) RETURNING id",
                params![text, kept],
                |row| row.get(0),
            )?)
        })?;
        Ok(Root { id, path, name })
    }

    /// Forgets a root with all that is known of its tracks. No file is touched.
    ///
    /// # Errors
    /// [`Error::Absent`].
    pub fn remove_root(&self, id: RootId) -> Result<(), Error> {
        let removed = self.store().write(move |connection| -> Result<usize, Error> {
            let albums: Vec<AlbumId> = connection
                .prepare("SELECT DISTINCT album FROM track WHERE root = ?1")?
                .query_map([id], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            connection.execute(
                "DELETE FROM track_search WHERE rowid IN (SELECT id FROM track WHERE root = ?1)",
                [id],
            )?;
            let removed = connection.execute("DELETE FROM root WHERE id = ?1", [id])?;
            scan::settle_albums(connection, albums)?;
            Ok(removed)
        })?;
        if removed == 0 { Err(Error::Absent("the root")) } else { Ok(()) }
    }
}

impl Allowed {
    /// Refuses a folder, given without links, that must not be read or written.
    pub(crate) fn refuse(&self, path: &Path) -> Result<(), Error> {
        let refused = |reason| Err(Error::NotARoot { path: path.to_owned(), reason });
        if !path.is_dir() {
            return refused("it is no folder");
        }
        let is_system = SYSTEM.iter().any(|system| path == Path::new(system));
        if is_system || MACHINE.iter().any(|machine| path.starts_with(machine)) {
            return refused("it is the machine's own");
        }
        let home = self.home.as_ref().map(|home| home.canonicalize().unwrap_or(home.clone()));
        let holds_home = home.is_some_and(|home| home.starts_with(path));
        if holds_home || path.parent().is_some_and(|p| HOMES.iter().any(|h| p == Path::new(h))) {
            return refused("it is somebody's home: choose a folder of music in it");
        }
        let lies_in = path.components().any(|part| is_one_of(&SECRET, part.as_os_str()));
        if lies_in || holds(path, &SECRET) || has_keys_below(path) {
            return refused("it holds credentials or settings: choose a folder of music in it");
        }
        let Some(parents) = &self.parents else { return Ok(()) };
        let is_within =
            |parent: &PathBuf| parent.canonicalize().is_ok_and(|parent| path.starts_with(parent));
        if !parents.iter().any(is_within) {
            return refused("it lies in no folder that is configured for music");
        }
        Ok(())
    }
}

/// Names are compared as disks that know no capitals would.
fn is_one_of(names: &[&str], found: &OsStr) -> bool {
    names.iter().any(|name| found.eq_ignore_ascii_case(name))
}

fn holds(folder: &Path, names: &[&str]) -> bool {
    names.iter().any(|name| folder.join(name).symlink_metadata().is_ok())
}

/// Whether a folder in this one is a home, or something like it.
fn has_keys_below(folder: &Path) -> bool {
    // What cannot be looked into is not read by a scan either.
    let Ok(entries) = folder.read_dir() else { return false };
    let folders = entries
        .take(MAX_LOOKED_INTO)
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.into_iter().any(|entry| holds(&entry.path(), &KEYS))
}
