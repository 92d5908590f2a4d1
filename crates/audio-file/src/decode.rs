//! One decoder over every format: containers and codecs by symphonia, AU and RF64 by us.

mod codec;
mod edits;
mod front;
mod opus;
mod pcm_file;
mod shared;
mod stream;

use std::io::{Read, Seek, SeekFrom};

use audio::{Buffer, Frames, Layout, SampleRate};

use crate::Error;
use pcm_file::PcmFile;
use shared::Shared;
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
    /// The frame at which the next block begins.
    at: u64,
    /// Whether something beyond the end was sought.
    beyond: bool,
}

enum Inner {
    Stream(Box<Stream>),
    Pcm(PcmFile),
}

/// No block is longer, whatever a header claims: 2^20 frames is 22 s at 48 kHz.
const MAX_BLOCK_FRAMES: usize = 1 << 20;
/// A whole file decoded into memory has at most so many samples: 4 hours of stereo at 48 kHz,
/// 5.5 GB. A few kilobytes of silence can be as long.
const MAX_SAMPLES: u64 = 4 * 3_600 * 48_000 * 2;

impl Decoder {
    /// Recognises a file by its first bytes.
    pub fn open(source: impl Source + 'static) -> Result<Self, Error> {
        let mut source = Shared::new(source)?;
        let head = front::head(&mut source)?;
        source.seek(SeekFrom::Start(0))?;
        if let Some(name) = front::foreign(&head) {
            return Err(Error::Unsupported(name.to_owned()));
        }
        let (inner, format) = match &head {
            [b'.', b's', b'n', b'd', ..] => PcmFile::open_au(source)?,
            [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E', ..] => {
                PcmFile::open_rf64(source)?
            }
            _ => Stream::open(source, &head)?,
        };
        Ok(Self { inner, format, at: 0, beyond: false })
    }

    /// What the file is.
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The next block, one plane a channel; none at the end.
    pub fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, Error> {
        if self.beyond {
            return Ok(None);
        }
        let block = match &mut self.inner {
            Inner::Stream(stream) => stream.next_block(&self.format)?,
            Inner::Pcm(file) => file.next_block()?,
        };
        match &block {
            Some(planes) => self.at += planes[0].len() as u64,
            None => self.refuse_short()?,
        }
        Ok(block)
    }

    /// Goes to a frame of the decoded sound; frame 0 is the first one after the encoder's delay.
    /// The next block begins there, with the samples that reading from the beginning would give:
    /// all bits of them but for two cases. Opus carries its state on for ever: it is decoded from
    /// 2 s before, after which no difference has been found, but none is promised. AAC bands coded
    /// as noise are noise of the same level, but other noise. Beyond the end [`Self::next_block`]
    /// gives none.
    ///
    /// Lossless files are sought at once. Of lossy ones the packets before the place are read, not
    /// decoded, from the first one or from the place before: about 60 ms an hour of music.
    ///
    /// # Errors
    /// Those of reading. After one the decoder is of no more use.
    pub fn seek(&mut self, to: Frames) -> Result<(), Error> {
        self.beyond = self.exact_frames().is_some_and(|frames| to.0 >= frames);
        self.at = to.0;
        if self.beyond {
            return Ok(());
        }
        match &mut self.inner {
            Inner::Stream(stream) => stream.seek(to.0),
            Inner::Pcm(file) => file.seek(to.0),
        }
    }

    /// A lossless file that ends early is damaged.
    fn refuse_short(&self) -> Result<(), Error> {
        match self.exact_frames() {
            Some(stated) if self.at < stated => Err(Error::Truncated { found: self.at, stated }),
            _ => Ok(()),
        }
    }

    /// The stated length, unless it may be an estimate as in the header of a lossy file.
    pub(crate) fn exact_frames(&self) -> Option<u64> {
        let exact = match &self.inner {
            Inner::Stream(stream) => stream.states_exact_length(),
            Inner::Pcm(_) => true,
        };
        self.format.stated_frames.filter(|_| exact)
    }

    /// The bits of a source in whole numbers of which no sample loses any on the way; none of sound
    /// that was computed.
    pub(crate) fn whole_bits(&self) -> Option<u32> {
        /// An f32 holds no more.
        const MOST: u32 = 24;
        let bits = match &self.inner {
            Inner::Stream(stream) => stream.whole_bits(),
            Inner::Pcm(file) => file.whole_bits(),
        };
        bits.filter(|bits| *bits <= MOST)
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
        if decoder.at * planes.len() as u64 > MAX_SAMPLES {
            return Err(Error::Unsupported(format!("a file of more than {MAX_SAMPLES} samples")));
        }
    }
    if planes[0].is_empty() {
        return Err(Error::Empty);
    }
    Ok((Buffer::from_planes(decoder.format.rate, planes)?, decoder.format))
}
