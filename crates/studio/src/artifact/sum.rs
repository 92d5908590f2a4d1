use std::fmt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use store::rusqlite;
use store::rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};

/// The SHA-256 of some bytes: what they are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sum(pub [u8; 32]);

impl Sum {
    /// Of bytes at hand.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Where it lies below the folder of objects: `ab/cdef...`.
    pub(super) fn path(self) -> PathBuf {
        let name = self.to_string();
        let (first, rest) = name.split_at(2);
        PathBuf::from(first).join(rest)
    }

    /// The sum a path below the folder of objects stands for.
    pub(super) fn of_path(folder: &str, name: &str) -> Option<Self> {
        let text = format!("{folder}{name}");
        let mut sum = [0; 32];
        for (index, byte) in sum.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        // One text per sum: no capitals, no signs, nothing after it.
        Some(Self(sum)).filter(|sum| sum.to_string() == text && folder.len() == 2)
    }
}

/// In hexadecimal.
impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl ToSql for Sum {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.as_slice()))
    }
}

impl FromSql for Sum {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?.try_into();
        bytes.map(Self).map_err(|_| FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::Sum;

    #[test]
    fn only_the_path_of_a_sum_is_one() {
        let sum = Sum::of(b"abc");
        let name = sum.to_string();
        assert!(name.starts_with("ba7816bf"), "FIPS 180-2, B.1");
        assert_eq!(Sum::of_path(&name[..2], &name[2..]), Some(sum));
        for (folder, rest) in [
            (&name[..3], &name[3..]),
            (&name[..2], &name[2..60]),
            ("BA", &name[2..]),
            ("+a", &name[2..]),
            ("", ""),
        ] {
            assert_eq!(Sum::of_path(folder, rest), None);
        }
    }
}
