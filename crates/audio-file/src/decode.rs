//! One decoder over every format: containers and codecs by symphonia, AU and RF64 by us.

mod opus;
mod pcm_file;
mod stream;

use std::io::{Read, Seek, SeekFrom};

use audio::{Buffer, Layout, SampleRate};

use crate::Error;
use pcm_file::PcmFile;
use stream::Stream;

/// Bytes that can be read from any place.
pub trait Source: Read + Seek + Send + Sync {}
impl<T: Read + Seek + Send + Sync> Source for T {}

/// What the file turned out to be, whatever its name says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Format {
    /// Container and codec, for people: "flac", "mp3", "isomp4 aac".
    pub name: String,
    /// Samples per second.
    pub rate: SampleRate,
    /// Speakers.
    pub layout: Layout,
    /// Frames the header states; what is decoded may differ in formats that only estimate.
    pub stated_frames: Option<u64>,
}

/// Decodes a file block by block. Encoder delay and padding are trimmed where the file states
/// them.
pub struct Decoder {
    inner: Inner,
    format: Format,
    decoded: u64,
}

enum Inner {
    Stream(Box<Stream>),
    Pcm(PcmFile),
}

/// No block is longer, whatever a header claims: 2^20 frames is 22 s at 48 kHz.
const MAX_BLOCK_FRAMES: usize = 1 << 20;
/// A whole file decoded into memory is at most this long: 4 hours at 48 kHz, 2.8 GB in stereo.
const MAX_FRAMES: u64 = 4 * 3_600 * 48_000;

impl Decoder {
    /// Recognises a file by its first bytes.
    pub fn open(mut source: impl Source + 'static) -> Result<Self, Error> {
        let mut head = [0_u8; 12];
        let mut filled = 0;
        while filled < head.len() {
            match source.read(&mut head[filled..])? {
                0 => break,
                count => filled += count,
            }
        }
        source.seek(SeekFrom::Start(0))?;
        let (inner, format) = match &head {
            [b'.', b's', b'n', b'd', ..] => PcmFile::open_au(source)?,
            [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E'] => {
                PcmFile::open_rf64(source)?
            }
            _ => Stream::open(source)?,
        };
        Ok(Self { inner, format, decoded: 0 })
    }

    /// What the file is.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The next block, one plane a channel; none at the end.
    pub fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, Error> {
        let block = match &mut self.inner {
            Inner::Stream(stream) => stream.next_block(&self.format)?,
            Inner::Pcm(file) => file.next_block()?,
        };
        match &block {
            Some(planes) => self.decoded += planes[0].len() as u64,
            None => self.refuse_short()?,
        }
        Ok(block)
    }

    /// A lossless file that ends early is damaged; the length in a lossy header is an estimate.
    fn refuse_short(&self) -> Result<(), Error> {
        let exact = match &self.inner {
            Inner::Stream(stream) => stream.states_exact_length(),
            Inner::Pcm(_) => true,
        };
        match self.format.stated_frames {
            Some(stated) if exact && self.decoded < stated => {
                Err(Error::Truncated { found: self.decoded, stated })
            }
            _ => Ok(()),
        }
    }
}

/// Decodes a whole file.
pub fn decode(source: impl Source + 'static) -> Result<(Buffer, Format), Error> {
    let mut decoder = Decoder::open(source)?;
    let mut planes = vec![Vec::new(); decoder.format.layout.channels()];
    while let Some(block) = decoder.next_block()? {
        for (plane, block) in planes.iter_mut().zip(block) {
            plane.extend(block);
        }
        if decoder.decoded > MAX_FRAMES {
            return Err(Error::Unsupported(format!("a file of more than {MAX_FRAMES} frames")));
        }
    }
    if planes[0].is_empty() {
        return Err(Error::Empty);
    }
    Ok((Buffer::from_planes(decoder.format.rate, planes)?, decoder.format))
}
