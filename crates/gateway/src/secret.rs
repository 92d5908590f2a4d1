//! Secrets: where they come from, how they are kept, how they are compared.

use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

use crate::Error;

/// `N` bytes nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| Error::Broken("the system gives no random bytes".to_owned()))?;
    Ok(bytes)
}

/// A word nobody can guess: 32 lower-case hexadecimal digits.
///
/// # Errors
/// [`Error::Broken`] where the system gives no random bytes.
pub fn ticket() -> Result<String, Error> {
    Ok(hex(&random::<16>()?))
}

/// What is kept of a token. It has so many random bits that a plain hash cannot be turned back.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    // Equal lengths are compared, whatever the lengths were.
    let (a, b) = (Sha256::digest(a), Sha256::digest(b));
    a.iter().zip(b.iter()).fold(0, |differ, (a, b)| std::hint::black_box(differ | (a ^ b))) == 0
}

/// The digest with a salt that older protocols send in the place of a secret.
pub(crate) fn salted(token: &str, salt: &str) -> String {
    let mut digest = md5::Md5::new();
    Digest::update(&mut digest, token.as_bytes());
    Digest::update(&mut digest, salt.as_bytes());
    hex(&Digest::finalize(digest))
}
