use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use fault::Cancel;
use sha2::{Digest, Sha256};

use super::part::disk;
use crate::Error;

/// The SHA-256 of a file, as the archive writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Checksum(pub(super) String);

impl Checksum {
    /// Reads "<64 hex digits>  <name>", which must be of `file`.
    pub(super) fn parse(text: &str, file: &str) -> Option<Self> {
        let (digits, name) = text.trim_end().split_once(char::is_whitespace)?;
        let whole = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Programs that write such lines mark a binary file by an asterisk.
        let name = name.trim_start().trim_start_matches('*');
        (whole && name == file).then(|| Self(digits.to_ascii_lowercase()))
    }

    /// Of what is in a file now.
    pub(super) fn of(path: &Path, cancel: &Cancel) -> Result<Self, Error> {
        let file = File::open(path).map_err(disk("read", path))?;
        let (mut reader, mut hash) = (BufReader::with_capacity(1 << 20, file), Sha256::new());
        let mut bytes = vec![0; 1 << 16];
        loop {
            cancel.check()?;
            match reader.read(&mut bytes).map_err(disk("read", path))? {
                0 => break,
                read => hash.update(&bytes[..read]),
            }
        }
        Ok(Self(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::Checksum;

    #[test]
    fn a_checksum_names_its_file() {
        let digits = "0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789";
        let good = format!("{digits}  a.zip\n");
        assert_eq!(Checksum::parse(&good, "a.zip"), Some(Checksum(digits.to_lowercase())));
        assert!(Checksum::parse(&format!("{digits} *a.zip"), "a.zip").is_some());
        for odd in ["", digits, &good[1..], &good.replace('f', "g"), "<html>  a.zip"] {
            assert_eq!(Checksum::parse(odd, "a.zip"), None, "{odd}");
        }
        assert_eq!(Checksum::parse(&good, "b.zip"), None);
    }
}
