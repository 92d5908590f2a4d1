use std::io::{Read, Seek, SeekFrom};

use audio::{Layout, SampleRate, ShapeError};

use super::{Format, Inner, Source};
use crate::Error;

/// Uncompressed samples behind a header: AU (Sun/NeXT) and RF64 (EBU Tech 3306).
pub(super) struct PcmFile {
    source: Box<dyn Source>,
    coding: Coding,
    channels: usize,
    /// The byte at which the sound begins.
    start: u64,
    /// Bytes of sound in all.
    bytes: u64,
    /// Bytes of sound not yet read.
    left: u64,
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Signed { bytes: usize, big_endian: bool },
    Unsigned8,
    Float32 { big_endian: bool },
    Float64 { big_endian: bool },
}

impl Coding {
    fn bytes(self) -> usize {
        match self {
            Coding::Signed { bytes, .. } => bytes,
            Coding::Unsigned8 => 1,
            Coding::Float32 { .. } => 4,
            Coding::Float64 { .. } => 8,
        }
    }

    fn sample(self, bytes: &[u8]) -> f32 {
        match self {
            Coding::Signed { bytes: width, big_endian } => {
                // The top bytes of an i32, whatever the width.
                let mut word = [0_u8; 4];
                for (place, byte) in bytes.iter().enumerate() {
                    let from_top = if big_endian { place } else { width - 1 - place };
                    word[from_top] = *byte;
                }
                (f64::from(i32::from_be_bytes(word)) / 2_147_483_648.0) as f32
            }
            Coding::Unsigned8 => (f32::from(bytes[0]) - 128.0) / 128.0,
            Coding::Float32 { big_endian } => {
                let word = [bytes[0], bytes[1], bytes[2], bytes[3]];
                if big_endian { f32::from_be_bytes(word) } else { f32::from_le_bytes(word) }
            }
            Coding::Float64 { big_endian } => {
                let mut word = [0_u8; 8];
                word.copy_from_slice(bytes);
                (if big_endian { f64::from_be_bytes(word) } else { f64::from_le_bytes(word) })
                    as f32
            }
        }
    }
}

/// Frames read at a time.
const BLOCK_FRAMES: usize = 8_192;

impl PcmFile {
    pub(super) fn open_au(mut source: impl Source + 'static) -> Result<(Inner, Format), Error> {
        const UNKNOWN_SIZE: u32 = u32::MAX;
        let mut head = [0_u8; 24];
        read_head(&mut source, &mut head)?;
        let word =
            |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (offset, size, encoding) = (word(4), word(8), word(12));
        let coding = match encoding {
            2..=5 => Coding::Signed { bytes: encoding as usize - 1, big_endian: true },
            6 => Coding::Float32 { big_endian: true },
            7 => Coding::Float64 { big_endian: true },
            other => return Err(Error::Unsupported(format!("AU encoding {other}"))),
        };
        let end = source.seek(SeekFrom::End(0))?;
        let available = end.saturating_sub(u64::from(offset));
        let left = if size == UNKNOWN_SIZE { available } else { u64::from(size) };
        source.seek(SeekFrom::Start(u64::from(offset)))?;
        Self::finish("au", source, coding, word(16), word(20) as usize, left)
    }

    pub(super) fn open_rf64(mut source: impl Source + 'static) -> Result<(Inner, Format), Error> {
        let mut head = [0_u8; 12];
        read_head(&mut source, &mut head)?;
        let (mut long_size, mut described) = (None, None);
        loop {
            let mut chunk = [0_u8; 8];
            read_head(&mut source, &mut chunk)?;
            let size = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
            match &chunk[..4] {
                b"ds64" => {
                    let mut sizes = [0_u8; 28];
                    read_head(&mut source, &mut sizes)?;
                    let mut data = [0_u8; 8];
                    data.copy_from_slice(&sizes[8..16]);
                    long_size = Some(u64::from_le_bytes(data));
                    skip(&mut source, i64::from(size) - 28)?;
                }
                b"fmt " => {
                    let mut body = [0_u8; 16];
                    read_head(&mut source, &mut body)?;
                    let mut sub = [0_u8; 10];
                    let mut read = 16;
                    if size >= 26 {
                        read_head(&mut source, &mut sub)?;
                        read = 26;
                    }
                    described = Some(wave_format(&body, &sub)?);
                    skip(&mut source, i64::from(size) - read)?;
                }
                b"data" => {
                    let (coding, hz, channels) =
                        described.ok_or_else(|| Error::Damaged("data before format".to_owned()))?;
                    let left =
                        long_size.ok_or_else(|| Error::Damaged("RF64 without ds64".to_owned()))?;
                    return Self::finish("rf64", source, coding, hz, channels, left);
                }
                _ => skip(&mut source, i64::from(size) + i64::from(size & 1))?,
            }
        }
    }

    fn finish(
        name: &str,
        mut source: impl Source + 'static,
        coding: Coding,
        hz: u32,
        channels: usize,
        left: u64,
    ) -> Result<(Inner, Format), Error> {
        let rate = SampleRate::new(hz)?;
        let layout = Layout::of_channels(channels).ok_or(ShapeError::Channels(channels))?;
        let stated_frames = Some(left / (coding.bytes() * channels) as u64);
        let format = Format { name: name.to_owned(), rate, layout, stated_frames };
        let start = source.stream_position()?;
        let source = Box::new(source);
        Ok((Inner::Pcm(Self { source, coding, channels, start, bytes: left, left }), format))
    }

    pub(super) fn whole_bits(&self) -> Option<u32> {
        match self.coding {
            Coding::Signed { bytes, .. } => Some(bytes as u32 * 8),
            Coding::Unsigned8 => Some(8),
            Coding::Float32 { .. } | Coding::Float64 { .. } => None,
        }
    }

    /// The next block begins at this frame.
    pub(super) fn seek(&mut self, to: u64) -> Result<(), Error> {
        let offset = to.saturating_mul((self.coding.bytes() * self.channels) as u64);
        let offset = offset.min(self.bytes);
        self.source.seek(SeekFrom::Start(self.start.saturating_add(offset)))?;
        self.left = self.bytes - offset;
        Ok(())
    }

    pub(super) fn next_block(&mut self) -> Result<Option<Vec<Vec<f32>>>, Error> {
        let frame = self.coding.bytes() * self.channels;
        let wanted = (BLOCK_FRAMES * frame).min(self.left as usize);
        let mut bytes = Vec::with_capacity(wanted);
        (&mut self.source).take(wanted as u64).read_to_end(&mut bytes)?;
        self.left -= bytes.len() as u64;
        let mut planes = vec![Vec::with_capacity(bytes.len() / frame); self.channels];
        for frame in bytes.chunks_exact(frame) {
            for (plane, sample) in planes.iter_mut().zip(frame.chunks_exact(self.coding.bytes())) {
                plane.push(self.coding.sample(sample));
            }
        }
        Ok(if planes[0].is_empty() { None } else { Some(planes) })
    }
}

/// Format tag, rate and channels of a WAVE `fmt ` chunk; `sub` holds its extension.
fn wave_format(body: &[u8; 16], sub: &[u8; 10]) -> Result<(Coding, u32, usize), Error> {
    const EXTENSIBLE: u16 = 0xfffe;
    let half = |at: usize| u16::from_le_bytes([body[at], body[at + 1]]);
    let tag = if half(0) == EXTENSIBLE { u16::from_le_bytes([sub[8], sub[9]]) } else { half(0) };
    let coding = match (tag, half(14)) {
        (1, 8) => Coding::Unsigned8,
        (1, bits @ (16 | 24 | 32)) => {
            Coding::Signed { bytes: usize::from(bits) / 8, big_endian: false }
        }
        (3, 32) => Coding::Float32 { big_endian: false },
        (3, 64) => Coding::Float64 { big_endian: false },
        (tag, bits) => {
            return Err(Error::Unsupported(format!("WAVE format {tag} with {bits} bits")));
        }
    };
    let hz = u32::from_le_bytes([body[4], body[5], body[6], body[7]]);
    Ok((coding, hz, usize::from(half(2))))
}

fn read_head(source: &mut impl Read, into: &mut [u8]) -> Result<(), Error> {
    source.read_exact(into).map_err(|error| match error.kind() {
        std::io::ErrorKind::UnexpectedEof => {
            Error::Damaged("it ends in the middle of its headers".to_owned())
        }
        _ => Error::Io(error),
    })
}

fn skip(source: &mut impl Seek, bytes: i64) -> Result<(), Error> {
    if bytes < 0 {
        return Err(Error::Damaged("a chunk is shorter than its kind".to_owned()));
    }
    source.seek(SeekFrom::Current(bytes))?;
    Ok(())
}
