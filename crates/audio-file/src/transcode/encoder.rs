use audio::{Frames, Layout, SampleRate};
use clock::Seed;

use super::Target;
use super::flac::Flac;
#[cfg(feature = "mp3")]
use crate::mp3::Lame;
use crate::opus::{self, OggOpus};
use crate::pcm::Quantiser;
use crate::wav::{Header, write_whole};
use crate::{BitRate, Depth, Error, Tags};

/// Blocks to bytes.
pub(super) enum Encoder {
    Wav(Header, Quantiser),
    Flac(Box<Flac>, Quantiser),
    #[cfg(feature = "mp3")]
    Mp3(Lame),
    Opus(Box<OggOpus>),
}

/// The seed of all dither here: the same file gives the same bytes, and the pieces of a file that
/// was asked for in two parts fit.
const DITHER: Seed = Seed(0);

impl Encoder {
    /// Writes what stands before all sound. `whole_bits` is the depth of a source in whole numbers
    /// that reach the encoder as they are.
    pub(super) fn begin(
        target: Target,
        rate: SampleRate,
        layout: Layout,
        length: Option<Frames>,
        whole_bits: Option<u32>,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        let quantiser = |depth: Depth| match whole_bits {
            Some(bits) if bits <= depth.bits() => Quantiser::exact(depth),
            _ => Quantiser::dithered(depth, DITHER),
        };
        Self::with(target, rate, layout, length, quantiser, out)
    }

    /// The same for sound that is still coming, from sources of any kind.
    pub(super) fn endless(
        target: Target,
        rate: SampleRate,
        layout: Layout,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        let quantiser = |depth: Depth| Quantiser::sparing(depth, DITHER);
        Self::with(target, rate, layout, None, quantiser, out)
    }

    fn with(
        target: Target,
        rate: SampleRate,
        layout: Layout,
        length: Option<Frames>,
        quantiser: impl Fn(Depth) -> Quantiser,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        match target {
            Target::Wav { depth } => {
                let header = Header::pcm(rate, layout, depth, length);
                header.write(out, &Tags::default())?;
                Ok(Self::Wav(header, quantiser(depth)))
            }
            Target::Flac { depth } => {
                let flac = Flac::begin(rate, layout, depth, length, out);
                Ok(Self::Flac(Box::new(flac), quantiser(depth)))
            }
            #[cfg(feature = "mp3")]
            Target::Mp3 { bit_rate } => {
                Ok(Self::Mp3(Lame::streaming(rate, layout.channels(), bit_rate)?))
            }
            #[cfg(not(feature = "mp3"))]
            Target::Mp3 { .. } => Err(Error::NotBuilt("MP3", "mp3")),
            Target::Opus { bit_rate } => {
                Ok(Self::Opus(Box::new(OggOpus::begin(rate, layout, bit_rate, out)?)))
            }
        }
    }

    /// Encodes a block that begins at a frame of the whole sound.
    pub(super) fn encode(
        &mut self,
        planes: &[&[f32]],
        at: u64,
        out: &mut Vec<u8>,
    ) -> Result<(), Error> {
        match self {
            Self::Wav(_, quantiser) => {
                write_whole(out, &whole(quantiser, planes, at), quantiser.depth())
            }
            Self::Flac(flac, quantiser) => flac.encode(&whole(quantiser, planes, at), out),
            #[cfg(feature = "mp3")]
            Self::Mp3(lame) => lame.encode(planes, out),
            Self::Opus(opus) => opus.encode(planes, out),
        }
    }

    /// Writes what is held back for a full frame, and what ends the file.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        match self {
            Self::Wav(header, _) => header.pad(out),
            Self::Flac(flac, _) => flac.finish(out),
            #[cfg(feature = "mp3")]
            Self::Mp3(lame) => lame.finish(out),
            Self::Opus(opus) => opus.finish(out),
        }
    }
}

/// Clipped samples are not counted: nobody who listens is asked.
fn whole(quantiser: &Quantiser, planes: &[&[f32]], at: u64) -> Vec<Vec<i32>> {
    let planes = planes.iter().enumerate();
    planes.map(|(channel, plane)| quantiser.plane(plane, channel, at, &mut 0)).collect()
}

/// How many bytes so many frames become; none where that follows from what they sound like.
pub(super) fn bytes(
    target: Target,
    rate: SampleRate,
    layout: Layout,
    frames: u64,
    length_is_known: bool,
) -> Option<u64> {
    match target {
        Target::Wav { depth } => {
            let length = length_is_known.then_some(Frames(frames));
            let header = Header::pcm(rate, layout, depth, length);
            let mut around = Vec::new();
            header.write(&mut around, &Tags::default()).ok()?;
            header.pad(&mut around).ok()?;
            Some(around.len() as u64 + frames.checked_mul(header.frame_bytes())?)
        }
        Target::Flac { .. } => None,
        Target::Mp3 { bit_rate } => Some(mp3_bytes(rate, bit_rate, frames)),
        Target::Opus { bit_rate } => Some(opus::bytes(bit_rate, frames)),
    }
}

/// LAME puts 576 frames before the sound and at least as many behind it, to fill a frame of MP3.
fn mp3_bytes(rate: SampleRate, bit_rate: BitRate, frames: u64) -> u64 {
    const AROUND: u64 = 2 * 576;
    /// MPEG-1 has frames of twice the length.
    const FULL_HZ: u32 = 32_000;
    let frame = if rate.hz() >= FULL_HZ { 1_152 } else { 576 };
    let coded = u128::from(frames.saturating_add(AROUND).div_ceil(frame)) * u128::from(frame);
    let bytes = coded * u128::from(bit_rate.kbit_s()) * 125 / u128::from(rate.hz());
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
