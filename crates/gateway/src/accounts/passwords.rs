//! Passwords: hashed with argon2id, a few at a time.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};

use crate::{Error, secret};

/// OWASP's first choice for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Computations at a time: more would let strangers take the memory and the processor of the machine.
const MAX_AT_A_TIME: usize = 2;
/// Who may wait; at 20 to 50 ms each the last of them waits half a second.
const MAX_WAITING: usize = 16;
/// A machine so slow is better told to come back.
const PATIENCE: Duration = Duration::from_secs(10);
/// When those who were sent away may come back.
const COME_BACK_S: u64 = 5;
/// Shorter ones are guessed.
const MIN_CHARS: usize = 8;
/// Longer ones are an attack on the hash.
const MAX_BYTES: usize = 256;

pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    /// What is compared with when nobody has the name: it takes as long.
    nobodys: String,
    at_work: Mutex<AtWork>,
    finished: Condvar,
}

#[derive(Default)]
struct AtWork {
    running: usize,
    waiting: usize,
}

impl Passwords {
    pub(crate) fn new() -> Result<Self, Error> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
            .map_err(|error| Error::Broken(format!("argon2 refuses its parameters: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobodys = compute(&argon2, &secret::hex(&secret::random::<32>()?))?;
        let (at_work, finished) = (Mutex::default(), Condvar::new());
        Ok(Self { argon2, nobodys, at_work, finished })
    }

    /// A password as it is kept: a PHC string.
    pub(crate) fn hash(&self, password: &str) -> Result<String, Error> {
        let accepted = "8 characters at least, 256 bytes at most";
        if password.chars().count() < MIN_CHARS || password.len() > MAX_BYTES {
            return Err(Error::Invalid { field: "password", accepted });
        }
        let _turn = self.turn()?;
        compute(&self.argon2, password)
    }

    /// Whether the password is the one that is kept; without one that is kept it is not, and takes
    /// as long to say so.
    pub(crate) fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool, Error> {
        let _turn = self.turn()?;
        let bounded = password.get(..MAX_BYTES).unwrap_or(password);
        let hash = PasswordHash::new(kept.unwrap_or(&self.nobodys))
            .map_err(|error| Error::Broken(format!("a password is kept wrongly: {error}")))?;
        let is_same = self.argon2.verify_password(bounded.as_bytes(), &hash).is_ok();
        Ok(is_same && kept.is_some() && password.len() <= MAX_BYTES)
    }

    /// How many wait, and how many are computed.
    pub(crate) fn at_work(&self) -> (usize, usize) {
        let at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        (at_work.waiting, at_work.running)
    }

    fn turn(&self) -> Result<Turn<'_>, Error> {
        let mut at_work = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        if at_work.running >= MAX_AT_A_TIME {
            if at_work.waiting >= MAX_WAITING {
                return Err(Error::TooMany { seconds: COME_BACK_S });
            }
            at_work.waiting += 1;
            let waited = self
                .finished
                .wait_timeout_while(at_work, PATIENCE, |now| now.running >= MAX_AT_A_TIME);
            at_work = waited.unwrap_or_else(PoisonError::into_inner).0;
            at_work.waiting -= 1;
            if at_work.running >= MAX_AT_A_TIME {
                return Err(Error::TooMany { seconds: COME_BACK_S });
            }
        }
        at_work.running += 1;
        Ok(Turn(self))
    }
}

/// One of the computations at a time.
struct Turn<'a>(&'a Passwords);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.at_work.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
        self.0.finished.notify_one();
    }
}

fn compute(argon2: &Argon2<'_>, password: &str) -> Result<String, Error> {
    let salt = secret::random::<16>()?;
    let hash: PasswordHash = argon2
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Error::Broken(format!("argon2: {error}")))?;
    Ok(hash.to_string())
}
