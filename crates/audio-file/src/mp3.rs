#[cfg(feature = "mp3")]
mod lame;

use std::io::Write;

use audio::Buffer;

use crate::{Error, Tags};
#[cfg(feature = "mp3")]
pub(crate) use lame::Lame;

/// Whether this build can write MP3.
pub const WRITES_MP3: bool = cfg!(feature = "mp3");

/// How an MP3 spends its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mp3Quality {
    /// Constant 320 kbit/s.
    Constant320,
    /// LAME's V0: about 245 kbit/s, as needed.
    V0,
    /// LAME's V2: about 190 kbit/s, as needed.
    V2,
    /// LAME's V4: about 165 kbit/s, as needed.
    V4,
}

impl Mp3Quality {
    /// All of them with their names on the command line.
    pub const NAMED: [(&'static str, Mp3Quality); 4] = [
        ("320", Mp3Quality::Constant320),
        ("V0", Mp3Quality::V0),
        ("V2", Mp3Quality::V2),
        ("V4", Mp3Quality::V4),
    ];
}

/// The constant bit rate of an MP3 stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BitRate(u32);

impl BitRate {
    /// Those that some sample rate has and LAME's binding names, kbit/s.
    const ALL: [u32; 16] = [8, 16, 24, 32, 40, 48, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

    /// Of so many kbit/s.
    ///
    /// # Errors
    /// [`Error::CannotHold`] where MP3 has none of that number.
    pub fn new(kbit_s: u32) -> Result<Self, Error> {
        Self::at_most(kbit_s).filter(|rate| rate.0 == kbit_s).ok_or_else(|| Error::CannotHold {
            format: "MP3",
            what: format!("{kbit_s} kbit/s"),
            accepted: "8 to 48 kbit/s in steps of 8, 64, 80, 96, 112, 128, 160, 192, 224, 256 or 320",
        })
    }

    /// The highest of no more than so many kbit/s; none below 8.
    pub fn at_most(kbit_s: u32) -> Option<Self> {
        Self::ALL.into_iter().rev().find(|rate| *rate <= kbit_s).map(Self)
    }

    /// In kbit/s, thousands of bits a second.
    pub fn kbit_s(self) -> u32 {
        self.0
    }
}

/// Writes MP3 with an ID3v2.4 tag and the LAME header that lets players trim to the exact length.
/// Mono or stereo at 32, 44.1 or 48 kHz.
#[cfg(feature = "mp3")]
pub fn write_mp3(
    out: &mut impl Write,
    buffer: &Buffer,
    quality: Mp3Quality,
    tags: &Tags,
) -> Result<(), Error> {
    /// Frames encoded at a time.
    const BLOCK_FRAMES: usize = 1_152 * 16;
    let mut lame = Lame::with_header(buffer.rate(), buffer.planes().len(), quality)?;
    let mut frames = Vec::new();
    let length = buffer.length().index();
    for start in (0..length).step_by(BLOCK_FRAMES) {
        let span = start..(start + BLOCK_FRAMES).min(length);
        let block: Vec<&[f32]> = buffer.planes().iter().map(|p| &p[span.clone()]).collect();
        lame.encode(&block, &mut frames)?;
    }
    lame.finish(&mut frames)?;
    let header = lame.header();
    if frames.len() < header.len() {
        return Err(Error::Encoder("MP3", "no room for the LAME header".to_owned()));
    }
    frames[..header.len()].copy_from_slice(&header);
    out.write_all(&tags.id3())?;
    out.write_all(&frames)?;
    Ok(())
}

/// Says that this build has no MP3 encoder.
#[cfg(not(feature = "mp3"))]
pub fn write_mp3(_: &mut impl Write, _: &Buffer, _: Mp3Quality, _: &Tags) -> Result<(), Error> {
    Err(Error::NotBuilt("MP3", "mp3"))
}
