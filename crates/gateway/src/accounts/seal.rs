//! Secrets that must be readable again, sealed under a key that never leaves its file.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use crate::{Error, secret};

/// The file of the key, in the data folder.
const FILE: &str = "server.key";
const KEY_BYTES: usize = 32;

pub(crate) struct Seal(LessSafeKey);

impl Seal {
    /// Reads the key; makes it where nothing was sealed with one that is lost.
    pub(crate) fn open(folder: &Path, is_sealed: bool) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let key = match fs::read(&path) {
            Ok(key) => key,
            Err(reason) if reason.kind() == ErrorKind::NotFound && !is_sealed => make(&path)?,
            Err(reason) => return Err(wrong(&path, &reason.to_string())),
        };
        check_rights(&path)?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key)
            .map_err(|_| wrong(&path, "it is not 32 bytes; put back the one that was there"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a secret to its place: elsewhere it does not open.
    pub(crate) fn seal(&self, secret: &str, place: &[u8]) -> Result<Vec<u8>, Error> {
        let nonce = secret::random::<NONCE_LEN>()?;
        let mut sealed = secret.as_bytes().to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place),
                &mut sealed,
            )
            .map_err(|_| Error::Broken("a secret cannot be sealed".to_owned()))?;
        Ok([&nonce, sealed.as_slice()].concat())
    }

    /// Opens what was sealed to this place.
    pub(crate) fn open_sealed(&self, sealed: &[u8], place: &[u8]) -> Result<String, Error> {
        let broken = || Error::Broken("a sealed secret does not open with the key".to_owned());
        let (nonce, rest) = sealed.split_at_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut rest = rest.to_vec();
        let opened =
            self.0.open_in_place(nonce, Aad::from(place), &mut rest).map_err(|_| broken())?;
        String::from_utf8(opened.to_vec()).map_err(|_| broken())
    }
}

fn make(path: &Path) -> Result<Vec<u8>, Error> {
    let key = secret::random::<KEY_BYTES>()?;
    write_private(path, &key)?;
    Ok(key.to_vec())
}

/// Writes a file that only its owner may read; it must not be there yet.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .map_err(Error::io("write", path))
}

#[cfg(unix)]
fn check_rights(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(Error::io("read", path))?.permissions().mode();
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(wrong(path, "others may read it; make it yours alone (chmod 600)"))
}

#[cfg(not(unix))]
fn check_rights(_path: &Path) -> Result<(), Error> {
    Ok(())
}

fn wrong(path: &Path, reason: &str) -> Error {
    Error::ServerKey { path: PathBuf::from(path), reason: reason.to_owned() }
}
