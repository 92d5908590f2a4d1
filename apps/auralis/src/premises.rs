//! Where the server lives: its folder, its database, who may come in, what it plays.

use std::path::{Path, PathBuf};

use clock::Nanos;
use fault::{Cancel, Fault};
use gateway::{Accounts, Now, Program, Role, UserId};
use library::Library;
use library::tagging::Tagger;
use library::uploads::Uploads;
use ops::console::Failure;
use ring::rand::{SecureRandom, SystemRandom};
use store::Store;
use studio::artifact::{self, Artifacts, SealKey};
use studio::desk::{self, Desk};
use studio::plans::Plans;

use crate::settings::Serving;

/// The database, in the data folder.
pub(crate) const DATABASE: &str = "auralis.db";
/// Songs that were composed here: a root of the library.
const COMPOSED: &str = "composed";
/// Files of composed songs, by content.
const ARTIFACTS: &str = "artifacts";
/// Covers in the sizes clients ask for.
const COVERS: &str = "covers";
/// Originals of files whose tags were edited.
const BACKUPS: &str = "tag-backups";
/// The key under which records of composed songs are sealed.
const SONG_KEY: &str = "songs.key";
/// Connections that read at a time: pages of several listeners, a scan, an analysis.
const READERS: usize = 6;

/// Threads that work on plans of tracks that are heard: one leaves the others to the sound itself.
const PLANNERS: usize = 1;

/// Who answers.
pub(crate) const PROGRAM: Program =
    Program { name: "auralis", title: "Auralis", version: server::VERSION, key_prefix: "aur_" };

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
        let chapters = [gateway::SCHEMA, library::SCHEMA, studio::SCHEMA, server::SCHEMA];
        let store = Store::open(&data.join(DATABASE), &chapters, READERS)?;
        let accounts = Accounts::open(store.clone(), &data, PROGRAM, Now::wall())?;
        let library = Library::new(store.clone(), now);
        library.keep_pictures_in(&data.join(COVERS), serving.covers_bytes)?;
        if serving.import_playlists {
            let accounts = accounts.clone();
            library.import_playlists_for(move || first_admin(&accounts))?;
        }
        Ok(Self { data, store, accounts, library })
    }

    /// Makes the configured folders roots of the library, and the folder of composed songs.
    pub(crate) fn open_roots(&self, serving: &Serving) -> Result<(), Failure> {
        for root in &serving.roots {
            self.library.add_root_within(root, &serving.configured())?;
        }
        for own in [Some(self.data.join(COMPOSED)), serving.uploads.clone()].into_iter().flatten() {
            private_folder(&own)?;
            self.library.add_own_root(&own)?;
        }
        Ok(())
    }
}

impl Premises {
    /// Where songs are composed: what a killed process left begins again.
    pub(crate) fn open_desk(&self, serving: &Serving) -> Result<Desk, Failure> {
        let key = SealKey::keep(&self.data.join(SONG_KEY), random)?;
        let folder = self.data.join(ARTIFACTS);
        private_folder(&folder)?;
        let kept = artifact::Limits::default();
        let artifacts = Artifacts::open(self.store.clone(), &folder, key, now, kept)?;
        let limits = desk::Limits { songs_a_day: serving.songs_per_day, ..desk::Limits::default() };
        let composed = self.data.join(COMPOSED);
        let sounds = server::sounds(self.library.clone());
        Ok(Desk::new(self.store.clone(), artifacts, &composed, sounds, now, limits)?)
    }

    /// What mastering does to tracks that are heard, worked on until `stop` says so.
    pub(crate) fn open_plans(&self, stop: &Cancel) -> Result<Plans, Failure> {
        let open = server::opener(self.library.clone());
        Ok(Plans::new(self.store.clone(), open, PLANNERS, stop.clone())?)
    }

    /// Who edits tags, where that is switched on. A batch that a killed process left is finished or
    /// undone first.
    pub(crate) fn open_tagger(&self, serving: &Serving) -> Result<Option<Tagger>, Failure> {
        if !serving.write_back {
            return Ok(None);
        }
        let tagger = Tagger::new(self.library.clone(), &self.data.join(BACKUPS))?;
        let recovered = tagger.recover()?;
        tracing::info!(?recovered, "batches of edits");
        Ok(Some(tagger))
    }

    /// Where uploaded files go, where any may.
    pub(crate) fn open_uploads(&self, serving: &Serving) -> Result<Option<Uploads>, Failure> {
        let open = |folder| Uploads::new(self.library.clone(), folder, random);
        Ok(serving.uploads.as_deref().map(open).transpose()?)
    }
}

/// Whose the playlists are that lie among the music: the first admin's, once there is one.
fn first_admin(accounts: &Accounts) -> Result<Option<UserId>, Box<dyn Fault + Send + Sync>> {
    let failed = |error| -> Box<dyn Fault + Send + Sync> { Box::new(error) };
    let users = accounts.users().map_err(failed)?;
    Ok(users
        .into_iter()
        .find(|user| user.role == Role::Admin && !user.disabled)
        .map(|user| user.id))
}

/// A folder for its owner alone.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(folder).map_err(ops::Error::io("create", folder))?)
}

/// Random bytes of the machine.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
