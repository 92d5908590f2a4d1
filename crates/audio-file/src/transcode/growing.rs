use audio::{Layout, SampleRate};

use super::Target;
use super::encoder::Encoder;
use crate::Error;

/// A file that is still being made, of sound that comes block by block and may never end: bytes out as
/// soon as they are whole, no length stated, the same bytes every time. Whole numbers that the format holds
/// stay what they are, bit for bit; all else is rounded with dither.
pub struct StreamEncoder {
    encoder: Encoder,
    at: u64,
}

impl StreamEncoder {
    /// Begins a file; its first bytes go to `out`.
    ///
    /// # Errors
    /// [`Error::NotBuilt`] for MP3 in a build without it, and what the format cannot hold.
    pub fn begin(
        target: Target,
        rate: SampleRate,
        layout: Layout,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        let encoder = Encoder::endless(target, rate, layout, out)?;
        Ok(Self { encoder, at: 0 })
    }

    /// Takes the next block, one slice a channel; what is whole goes to `out`.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn push(&mut self, planes: &[&[f32]], out: &mut Vec<u8>) -> Result<(), Error> {
        self.encoder.encode(planes, self.at, out)?;
        self.at += planes[0].len() as u64;
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Those of the encoder.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        self.encoder.finish(out)
    }
}
