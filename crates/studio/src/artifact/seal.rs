//! Seals over records: who can write the database but not read the key cannot make one.

use std::fs;
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::private;
use crate::Error;

/// Bytes SHA-256 works on at a time.
const BLOCK: usize = 64;

/// The key of all seals. It stands beside the database, never in it.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey")
    }
}

impl SealKey {
    /// A key as it is.
    pub fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The key kept in a file; where there is none it is made, of the 32 random bytes that `fresh`
    /// gives, for its owner alone. With another key every record made before reads as altered.
    ///
    /// # Errors
    /// [`Error::KeyFile`] for a file that is no key; a place that cannot be read or written.
    pub fn keep(path: &Path, fresh: impl FnOnce() -> [u8; 32]) -> Result<Self, Error> {
        if !path.exists() {
            let staged = path.with_extension("partial");
            private::remove(&staged)?;
            let mut file = private::create(&staged)?;
            let written = file.write_all(&fresh()).and_then(|()| file.sync_all());
            written.map_err(ops::Error::io("write", &staged))?;
            fs::rename(&staged, path).map_err(ops::Error::io("write", path))?;
        }
        let kept = fs::read(path).map_err(ops::Error::io("read", path))?;
        kept.try_into().map(Self).map_err(|_| Error::KeyFile(path.to_owned()))
    }

    /// Begins the seal of a record of that kind.
    pub(crate) fn seal(&self, kind: &str) -> Seal {
        Seal(Hmac::new(&self.0)).text(kind)
    }
}

/// A seal being made: every field says what it is and how long, so that no two records read alike.
pub(crate) struct Seal(Hmac);

impl Seal {
    pub(crate) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(&[1]);
        self.0.update(&(bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
        self
    }

    pub(crate) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub(crate) fn number(mut self, number: i64) -> Self {
        self.0.update(&[2]);
        self.0.update(&number.to_le_bytes());
        self
    }

    pub(crate) fn maybe_text(self, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(text),
            None => self.nothing(),
        }
    }

    pub(crate) fn maybe_number(self, number: Option<i64>) -> Self {
        match number {
            Some(number) => self.number(number),
            None => self.nothing(),
        }
    }

    fn nothing(mut self) -> Self {
        self.0.update(&[0]);
        self
    }

    pub(crate) fn finish(self) -> [u8; 32] {
        self.0.finish()
    }

    /// Whether it is the one given; takes the same time wherever they differ.
    pub(crate) fn is(self, given: &[u8]) -> bool {
        let own = self.finish();
        let apart = own.iter().zip(given).fold(0, |apart, (a, b)| apart | (a ^ b));
        given.len() == own.len() && apart == 0
    }
}

/// HMAC-SHA256, RFC 2104.
struct Hmac {
    inner: Sha256,
    outer: Sha256,
}

impl Hmac {
    fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if key.len() > BLOCK {
            block[..32].copy_from_slice(&Sha256::digest(key));
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let start = |pad: u8| Sha256::new_with_prefix(block.map(|byte| byte ^ pad));
        Self { inner: start(0x36), outer: start(0x5c) }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.inner.update(bytes);
    }

    fn finish(mut self) -> [u8; 32] {
        self.outer.update(self.inner.finalize());
        self.outer.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::{Hmac, SealKey};
    use crate::artifact::Sum;

    fn mac(key: &[u8], message: &[u8]) -> String {
        let mut mac = Hmac::new(key);
        mac.update(message);
        Sum(mac.finish()).to_string()
    }

    #[test]
    fn the_vectors_of_rfc_4231_hold() {
        let counted: Vec<u8> = (1..=25).collect();
        let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let longer = b"This is a test using a larger than block-size key and a larger than \
            block-size data. The key needs to be hashed before being used by the HMAC algorithm.";
        let cases: [(&[u8], &[u8], &str); 6] = [
            (
                &[0x0b; 20],
                b"Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                &[0xaa; 20],
                &[0xdd; 50],
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            ),
            (
                &counted,
                &[0xcd; 50],
                "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            ),
            (
                &[0xaa; 131],
                long,
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
            (
                &[0xaa; 131],
                longer,
                "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            ),
        ];
        for (key, message, wanted) in cases {
            assert_eq!(mac(key, message), wanted);
        }
    }

    #[test]
    fn fields_do_not_run_into_each_other() {
        let key = SealKey::new([7; 32]);
        let seals = [
            key.seal("a").text("bc").finish(),
            key.seal("ab").text("c").finish(),
            key.seal("a").text("b").text("c").finish(),
            key.seal("a").text("bc").maybe_text(None).finish(),
            key.seal("a").maybe_number(None).text("bc").finish(),
            key.seal("a").number(0).text("bc").finish(),
        ];
        for (index, seal) in seals.iter().enumerate() {
            assert!(!seals[..index].contains(seal));
        }
        assert!(key.seal("a").number(5).is(&key.seal("a").number(5).finish()));
        assert!(!key.seal("a").number(5).is(&[]));
        assert!(!SealKey::new([8; 32]).seal("a").is(&key.seal("a").finish()));
    }
}
