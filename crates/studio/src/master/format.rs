use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use audio::Buffer;
use audio_file::{Depth, Mp3Quality, Pcm, Tags, write_flac, write_mp3, write_wav};
use clock::Seed;

use crate::Error;

/// The formats a master is delivered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFormat {
    /// 16 or 24-bit integers.
    Wav,
    /// The same, without loss in less space.
    Flac,
    /// Lossy.
    Mp3,
}

/// What the samples are, where they become whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Steps {
    /// Anywhere between the steps: rounding needs dither.
    Between,
    /// On them already.
    On,
}

impl OutputFormat {
    /// All, by their endings.
    pub const NAMED: [(&'static str, OutputFormat); 3] =
        [("wav", OutputFormat::Wav), ("flac", OutputFormat::Flac), ("mp3", OutputFormat::Mp3)];

    /// By the ending of a file's name.
    pub fn of(path: &Path) -> Result<Self, Error> {
        let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let known = Self::NAMED.into_iter().find(|(name, _)| ending.as_deref() == Some(name));
        known.map(|(_, format)| format).ok_or_else(|| Error::OutputFormat(path.to_owned()))
    }

    /// The ending of its files.
    pub fn ending(self) -> &'static str {
        Self::NAMED[self as usize].0
    }

    pub(super) fn write(
        self,
        out: &mut BufWriter<File>,
        buffer: &Buffer,
        (depth, steps): (Depth, Steps),
        quality: Mp3Quality,
        tags: &Tags,
    ) -> Result<(), audio_file::Error> {
        let pcm = || match steps {
            Steps::On => Pcm::exact(buffer, depth),
            Steps::Between => Pcm::quantise(buffer, depth, Seed(mastering::DITHER_SEED)),
        };
        match self {
            OutputFormat::Wav => write_wav(out, &pcm(), tags)?,
            OutputFormat::Flac => write_flac(out, &pcm(), tags)?,
            OutputFormat::Mp3 => write_mp3(out, buffer, quality, tags)?,
        }
        Ok(out.flush()?)
    }
}

impl Steps {
    /// Whether every sample already is a whole number of steps.
    pub(super) fn of(buffer: &Buffer, depth: Depth) -> Self {
        let scale = f64::from(1_u32 << (depth.bits() - 1));
        let is_whole = |sample: &f32| (f64::from(*sample) * scale).fract() == 0.0;
        let on = buffer.planes().iter().flatten().all(is_whole);
        if on { Steps::On } else { Steps::Between }
    }
}
