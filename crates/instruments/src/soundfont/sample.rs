use std::sync::OnceLock;

use super::hydra::{ROM, SampleHeader, VORBIS, text};
use super::vorbis;
use crate::Error;

/// A sample of a bank: its header, and its sound once a note has asked for it.
#[derive(Debug)]
pub(crate) struct Sample {
    pub(crate) name: String,
    /// Frames per second it was recorded at.
    pub(crate) rate: f64,
    /// The key it sounds at.
    pub(crate) root: u8,
    /// Cents to add to its pitch.
    pub(crate) correction: i8,
    /// First frame of the loop.
    pub(crate) loop_start: u32,
    /// The frame after the loop.
    pub(crate) loop_end: u32,
    source: Result<Stored, &'static str>,
    frames: OnceLock<Result<Box<[f32]>, &'static str>>,
}

/// Where the sound lies in the file, as byte ranges.
#[derive(Debug, Clone)]
enum Stored {
    Pcm16 { high: std::ops::Range<usize> },
    Pcm24 { high: std::ops::Range<usize>, low: std::ops::Range<usize> },
    Vorbis(std::ops::Range<usize>),
}

/// Where the sample chunks lie in the file, as byte ranges.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pool {
    pub(crate) smpl: std::ops::Range<usize>,
    pub(crate) sm24: std::ops::Range<usize>,
}

impl Sample {
    /// Locates a sample. One that lies outside its chunk is kept, as an error that only a note
    /// played on it meets.
    pub(crate) fn locate(header: &SampleHeader, pool: &Pool) -> Self {
        let compressed = header.kind & VORBIS != 0;
        let source = stored(header, pool);
        // SF3 counts loops from the sample's own start, SF2 from that of the chunk.
        let base = if compressed { 0 } else { header.start };
        Self {
            name: text(&header.name),
            rate: f64::from(header.rate.clamp(400, 192_000)),
            root: if header.pitch > 127 { 60 } else { header.pitch },
            correction: header.correction,
            loop_start: header.loop_start.saturating_sub(base),
            loop_end: header.loop_end.saturating_sub(base),
            source,
            frames: OnceLock::new(),
        }
    }

    /// The sound, decoded at the first call. `file` is the whole bank.
    pub(crate) fn frames(&self, file: &[u8]) -> Result<&[f32], Error> {
        self.frames
            .get_or_init(|| decode(self.source.as_ref().map_err(|reason| *reason)?, file))
            .as_deref()
            .map_err(|reason| Error::BrokenSample { name: self.name.clone(), reason })
    }
}

/// The byte range of a compressed sample within the file; none for PCM or a broken header.
pub(crate) fn compressed(header: &SampleHeader, pool: &Pool) -> Option<std::ops::Range<usize>> {
    match stored(header, pool) {
        Ok(Stored::Vorbis(range)) => Some(range),
        _ => None,
    }
}

fn stored(header: &SampleHeader, pool: &Pool) -> Result<Stored, &'static str> {
    if header.kind & ROM != 0 {
        return Err("it lies in the ROM of a synthesiser");
    }
    let (start, end) = (header.start as usize, header.end as usize);
    if end <= start {
        return Err("it is empty");
    }
    let outside = "it lies outside the sample chunk";
    let slice = |chunk: &std::ops::Range<usize>, width: usize| {
        let from = start.checked_mul(width).ok_or(outside)?;
        let to = end.checked_mul(width).ok_or(outside)?;
        if to > chunk.len() { Err(outside) } else { Ok(chunk.start + from..chunk.start + to) }
    };
    if header.kind & VORBIS != 0 {
        return Ok(Stored::Vorbis(slice(&pool.smpl, 1)?));
    }
    let high = slice(&pool.smpl, 2)?;
    // An sm24 chunk of the wrong size is to be ignored (section 6.2).
    if pool.sm24.len() >= pool.smpl.len() / 2 && !pool.sm24.is_empty() {
        return Ok(Stored::Pcm24 { high, low: slice(&pool.sm24, 1)? });
    }
    Ok(Stored::Pcm16 { high })
}

fn decode(stored: &Stored, file: &[u8]) -> Result<Box<[f32]>, &'static str> {
    let bytes = |range: &std::ops::Range<usize>| file.get(range.clone()).ok_or("it is cut short");
    Ok(match stored {
        Stored::Pcm16 { high } => bytes(high)?
            .chunks_exact(2)
            .map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) * (1.0 / 32_768.0))
            .collect(),
        Stored::Pcm24 { high, low } => bytes(high)?
            .chunks_exact(2)
            .zip(bytes(low)?)
            .map(|(b, low)| {
                i32::from_le_bytes([0, *low, b[0], b[1]]) as f32 * (1.0 / (1_u32 << 31) as f32)
            })
            .collect(),
        Stored::Vorbis(range) => vorbis::decode(bytes(range)?)?.into_boxed_slice(),
    })
}
