//! The folders a collection lies in.

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

/// Folders of secrets: a collection that holds one of them, or lies in one, is a mistake.
const SECRET: [&str; 10] = [
    ".ssh",
    ".gnupg",
    ".aws",
    ".kube",
    ".docker",
    ".config",
    ".local",
    ".mozilla",
    ".password-store",
    ".netrc",
];
/// Folders of the machine, which hold no music.
const SYSTEM: [&str; 12] = [
    "/", "/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/root", "/run", "/sbin", "/sys", "/usr",
];

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

    /// Adds a folder, or finds it where it is a root already. Two roots never overlap.
    ///
    /// # Errors
    /// [`Error::NotARoot`]: no folder, the machine's own, somebody's home, one with secrets, one within
    /// or around another root.
    pub fn add_root(&self, folder: &Path) -> Result<Root, Error> {
        let path = folder.canonicalize().map_err(Error::io("find", folder))?;
        refuse(&path)?;
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
        self.bell().ring_roots();
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
        self.bell().ring_roots();
        if removed == 0 { Err(Error::Absent("the root")) } else { Ok(()) }
    }
}

fn refuse(path: &Path) -> Result<(), Error> {
    let refused = |reason| Err(Error::NotARoot { path: path.to_owned(), reason });
    if !path.is_dir() {
        return refused("it is no folder");
    }
    if SYSTEM.iter().any(|system| path == Path::new(system)) {
        return refused("it is the machine's own");
    }
    let lies_in = path.components().any(|part| SECRET.iter().any(|name| part.as_os_str() == *name));
    if lies_in || SECRET.iter().any(|name| path.join(name).exists()) {
        return refused("it holds credentials or settings: choose a folder of music in it");
    }
    Ok(())
}
