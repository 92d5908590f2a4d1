//! Where the server lives: its folder, its database, who may come in, what it plays.

use std::path::{Path, PathBuf};

use clock::Nanos;
use gateway::{Accounts, Now, Program};
use library::Library;
use ops::console::Failure;
use store::Store;

use crate::settings::Serving;

/// The database, in the data folder.
pub(crate) const DATABASE: &str = "auralis.db";
/// Songs that were composed here: a root of the library.
pub(crate) const COMPOSED: &str = "composed";
/// Files of composed songs, by content.
pub(crate) const ARTIFACTS: &str = "artifacts";
/// Covers in the sizes clients ask for.
const COVERS: &str = "covers";
/// Connections that read at a time: pages of several listeners, a scan, an analysis.
const READERS: usize = 6;

/// Who answers.
pub(crate) const PROGRAM: Program = Program {
    name: "auralis",
    title: "Auralis",
    version: server::VERSION,
    key_prefix: "aur_",
};

/// The open house.
pub(crate) struct Premises {
    pub(crate) data: PathBuf,
    pub(crate) store: Store,
    pub(crate) accounts: Accounts,
    pub(crate) library: Library,
}

/// The moment it is.
pub(crate) fn now() -> Nanos {
    Now::wall().read()
}

impl Premises {
    /// Opens the folder, made for its owner alone where it is not there, and what is in it.
    pub(crate) fn open(serving: &Serving) -> Result<Self, Failure> {
        let data = serving.data.clone();
        private_folder(&data)?;
        let chapters = [gateway::SCHEMA, library::SCHEMA, studio::SCHEMA];
        let store = Store::open(&data.join(DATABASE), &chapters, READERS)?;
        let accounts = Accounts::open(store.clone(), &data, PROGRAM, Now::wall())?;
        let library = Library::new(store.clone(), now);
        library.keep_pictures_in(&data.join(COVERS), serving.covers_bytes)?;
        Ok(Self { data, store, accounts, library })
    }

    /// Makes the configured folders roots of the library, and the folder of composed songs.
    pub(crate) fn open_roots(&self, serving: &Serving) -> Result<(), Failure> {
        for root in &serving.roots {
            self.library.add_root(root, &serving.allowed())?;
        }
        for own in [Some(self.data.join(COMPOSED)), serving.uploads.clone()].into_iter().flatten() {
            private_folder(&own)?;
            self.library.add_own_root(&own)?;
        }
        Ok(())
    }
}

/// A folder for its owner alone.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder).map_err(ops::Error::io("create", folder))?)
}
