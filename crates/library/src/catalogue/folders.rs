use store::UserId;
use store::rusqlite::{Connection, OptionalExtension, Row};

use super::{Page, TrackList};
use crate::model::{Folder, Track};
use crate::{Error, FolderId, Library, RootId};

/// What is in a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct FolderContents {
    /// The folder itself.
    pub folder: Folder,
    /// Folders in it that hold music, here or below, by name.
    pub folders: Vec<Folder>,
    /// Tracks in it, by name.
    pub tracks: Vec<Track>,
}

const FOLDER: &str = "SELECT id, root, parent, path, name FROM folder";

impl Library {
    /// The folder that a root is.
    ///
    /// # Errors
    /// [`Error::Absent`] before the root's first scan.
    pub fn folder_of_root(&self, root: RootId) -> Result<FolderId, Error> {
        self.read(|connection| {
            let mut statement =
                connection.prepare_cached("SELECT id FROM folder WHERE root = ?1 AND path = ''")?;
            statement
                .query_row([root], |row| row.get(0))
                .optional()?
                .ok_or(Error::Absent("the folder"))
        })
    }

    /// What is in a folder.
    ///
    /// # Errors
    /// [`Error::Absent`], and those of the database.
    pub fn folder(&self, user: UserId, id: FolderId) -> Result<FolderContents, Error> {
        let (folder, folders) = self.read(|connection| {
            let folder = one(connection, id)?;
            let mut statement = connection.prepare_cached(&format!(
                "{FOLDER} WHERE parent = ?1 AND missing IS NULL ORDER BY name, id"
            ))?;
            let rows = statement.query_map([id], of)?;
            Ok((folder, rows.collect::<Result<Vec<_>, _>>()?))
        })?;
        let tracks = self.list_tracks(user, &TrackList::InFolder(id), Page::WHOLE)?;
        Ok(FolderContents { folder, folders, tracks })
    }
}

fn one(connection: &Connection, id: FolderId) -> Result<Folder, Error> {
    let mut statement = connection.prepare_cached(&format!("{FOLDER} WHERE id = ?1"))?;
    statement.query_row([id], of).optional()?.ok_or(Error::Absent("the folder"))
}

fn of(row: &Row<'_>) -> store::rusqlite::Result<Folder> {
    Ok(Folder {
        id: row.get(0)?,
        root: row.get(1)?,
        parent: row.get(2)?,
        path: row.get(3)?,
        name: row.get(4)?,
    })
}
