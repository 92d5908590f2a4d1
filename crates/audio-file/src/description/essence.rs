use std::io::{Read, Seek};

use crate::Error;
use crate::coded::{Coded, take};

/// What of a file stays the same when its words change: the beginning of its coded sound, without
/// what stands before, between and behind it. Two files with one essence hold the same recording in
/// the same coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Essence(Vec<u8>);

/// Coded sound that is taken: at 48 kbit/s, the thinnest there is, 2.7 s.
const TAKEN_BYTES: usize = 16 << 10;

impl Essence {
    /// Reads the essence; none where the file ends before its sound begins or is none we know.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Option<Self>, Error> {
        let Some(mut coded) = Coded::find(source)? else { return Ok(None) };
        let taken = take(&mut coded, TAKEN_BYTES)?;
        Ok((!taken.is_empty()).then_some(Self(taken)))
    }

    /// The bytes, to be hashed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}
