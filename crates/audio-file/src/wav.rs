use std::io::Write;

use audio::{Buffer, Frames, Layout, SampleRate};

use crate::{Depth, Error, Pcm, Tags};

/// Writes 16 or 24-bit WAVE, RF64 where it grows past 4 GB.
pub fn write_wav(out: &mut impl Write, pcm: &Pcm, tags: &Tags) -> Result<(), Error> {
    let header = Header::pcm(pcm.rate(), pcm.layout(), pcm.depth(), Some(pcm.length()));
    header.write(out, tags)?;
    write_whole(out, pcm.planes(), pcm.depth())?;
    header.pad(out)
}

/// Writes frames of whole numbers, as they stand behind the header.
pub(crate) fn write_whole(
    out: &mut impl Write,
    planes: &[Vec<i32>],
    depth: Depth,
) -> Result<(), Error> {
    let bytes = (depth.bits() / 8) as usize;
    write_frames(out, planes, |sample, block| {
        block.extend_from_slice(&sample.to_le_bytes()[..bytes]);
    })
}

/// Writes 32-bit float WAVE: the samples as they are.
pub fn write_wav_float(out: &mut impl Write, buffer: &Buffer, tags: &Tags) -> Result<(), Error> {
    let header = Header {
        rate: buffer.rate(),
        layout: buffer.layout(),
        bytes: 4,
        tag: FLOAT,
        frames: Some(buffer.length().0),
    };
    header.write(out, tags)?;
    write_frames(out, buffer.planes(), |sample, block| {
        block.extend_from_slice(&sample.to_le_bytes());
    })?;
    header.pad(out)
}

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xfffe;
/// The tail of every WAVE sub-format GUID, after the format tag.
const SUB_FORMAT: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const FORMAT_BYTES: u32 = 40;
/// Frames interleaved at a time.
const BLOCK_FRAMES: usize = 4_096;

/// What stands before the samples.
pub(crate) struct Header {
    rate: SampleRate,
    layout: Layout,
    bytes: u32,
    tag: u16,
    /// None where they are not known before all are written.
    frames: Option<u64>,
}

impl Header {
    /// Of whole numbers.
    pub(crate) fn pcm(
        rate: SampleRate,
        layout: Layout,
        depth: Depth,
        length: Option<Frames>,
    ) -> Self {
        let frames = length.map(|length| length.0);
        Self { rate, layout, bytes: depth.bits() / 8, tag: PCM, frames }
    }

    /// Bytes of a frame.
    pub(crate) fn frame_bytes(&self) -> u64 {
        u64::from(self.bytes) * self.layout.channels() as u64
    }

    fn data_bytes(&self) -> Option<u64> {
        self.frames.map(|frames| frames * self.frame_bytes())
    }

    /// RIFF, format, fact for float, tags, and the head of the data. WAVE_FORMAT_EXTENSIBLE
    /// throughout: it is the one that states the speakers and any depth over 16.
    pub(crate) fn write(&self, out: &mut impl Write, tags: &Tags) -> Result<(), Error> {
        let (info, id3) = (tags.riff_info(), tags.riff_id3());
        let mut chunks = Vec::new();
        chunk(&mut chunks, b"fmt ", &self.format());
        if let (FLOAT, Some(frames)) = (self.tag, self.frames) {
            let frames = u32::try_from(frames).unwrap_or(u32::MAX);
            chunk(&mut chunks, b"fact", &frames.to_le_bytes());
        }
        if !info.is_empty() {
            chunk(&mut chunks, b"LIST", &info);
        }
        if !id3.is_empty() {
            chunk(&mut chunks, b"id3 ", &id3);
        }
        let Some(data) = self.data_bytes() else { return write_short(out, &chunks, ENDLESS) };
        let riff = riff_bytes(&chunks, data);
        match (u32::try_from(riff), u32::try_from(data)) {
            (Ok(riff), Ok(data)) => write_short(out, &chunks, (riff, data)),
            _ => self.write_long(out, &chunks, riff, data),
        }
    }

    /// EBU Tech 3306: the sizes that do not fit stand in a chunk of their own.
    fn write_long(
        &self,
        out: &mut impl Write,
        chunks: &[u8],
        riff: u64,
        data: u64,
    ) -> Result<(), Error> {
        const DS64_BYTES: u64 = 28;
        let mut sizes = Vec::new();
        sizes.extend_from_slice(&(riff + 8 + DS64_BYTES).to_le_bytes());
        sizes.extend_from_slice(&data.to_le_bytes());
        sizes.extend_from_slice(&(data / self.frame_bytes()).to_le_bytes());
        sizes.extend_from_slice(&0_u32.to_le_bytes());
        out.write_all(b"RF64\xff\xff\xff\xffWAVE")?;
        let mut ds64 = Vec::new();
        chunk(&mut ds64, b"ds64", &sizes);
        out.write_all(&ds64)?;
        out.write_all(chunks)?;
        out.write_all(b"data\xff\xff\xff\xff")?;
        Ok(())
    }

    fn format(&self) -> Vec<u8> {
        let channels = self.layout.channels() as u32;
        let frame = channels * self.bytes;
        let bits = (self.bytes * 8) as u16;
        let mut body = Vec::with_capacity(FORMAT_BYTES as usize);
        body.extend_from_slice(&EXTENSIBLE.to_le_bytes());
        body.extend_from_slice(&(channels as u16).to_le_bytes());
        body.extend_from_slice(&self.rate.hz().to_le_bytes());
        body.extend_from_slice(&(self.rate.hz() * frame).to_le_bytes());
        body.extend_from_slice(&(frame as u16).to_le_bytes());
        body.extend_from_slice(&bits.to_le_bytes());
        body.extend_from_slice(&22_u16.to_le_bytes());
        body.extend_from_slice(&bits.to_le_bytes());
        body.extend_from_slice(&speaker_mask(self.layout).to_le_bytes());
        body.extend_from_slice(&self.tag.to_le_bytes());
        body.extend_from_slice(&SUB_FORMAT);
        body
    }

    /// What follows the samples: a chunk of odd size is filled to an even one. Where the size was
    /// not known, all to the end is sound.
    pub(crate) fn pad(&self, out: &mut impl Write) -> Result<(), Error> {
        if self.data_bytes().is_some_and(|bytes| bytes % 2 == 1) {
            out.write_all(&[0])?;
        }
        Ok(())
    }
}

/// The sizes of a file that is written before its length is known: the largest ones, which readers
/// take for "to the end of what comes". Nothing smaller is safe, since readers stop where it says.
const ENDLESS: (u32, u32) = (u32::MAX, u32::MAX);

/// Bytes of the RIFF chunk around the others.
fn riff_bytes(chunks: &[u8], data: u64) -> u64 {
    4 + chunks.len() as u64 + 8 + data + data % 2
}

fn write_short(out: &mut impl Write, chunks: &[u8], (riff, data): (u32, u32)) -> Result<(), Error> {
    out.write_all(b"RIFF")?;
    out.write_all(&riff.to_le_bytes())?;
    out.write_all(b"WAVE")?;
    out.write_all(chunks)?;
    out.write_all(b"data")?;
    out.write_all(&data.to_le_bytes())?;
    Ok(())
}

fn chunk(into: &mut Vec<u8>, id: &[u8; 4], body: &[u8]) {
    into.extend_from_slice(id);
    into.extend_from_slice(&(body.len() as u32).to_le_bytes());
    into.extend_from_slice(body);
    if body.len() % 2 == 1 {
        into.push(0);
    }
}

/// dwChannelMask: bits in the order of the speakers.
fn speaker_mask(layout: Layout) -> u32 {
    match layout {
        Layout::Mono => 0x4,
        Layout::Stereo => 0x3,
        Layout::Front3 => 0x7,
        Layout::Quad => 0x33,
        Layout::Surround50 => 0x37,
        Layout::Surround51 => 0x3f,
        Layout::Surround71 => 0x63f,
    }
}

fn write_frames<T: Copy>(
    out: &mut impl Write,
    planes: &[Vec<T>],
    put: impl Fn(T, &mut Vec<u8>),
) -> Result<(), Error> {
    let mut block = Vec::new();
    for start in (0..planes[0].len()).step_by(BLOCK_FRAMES) {
        block.clear();
        for frame in start..(start + BLOCK_FRAMES).min(planes[0].len()) {
            for plane in planes {
                put(plane[frame], &mut block);
            }
        }
        out.write_all(&block)?;
    }
    Ok(())
}
