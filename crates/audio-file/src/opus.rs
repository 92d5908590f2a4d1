mod pages;

use audio::{Layout, SampleRate};
use opus_rs::{Application, OpusEncoder};

use crate::Error;
use pages::Pages;

/// The one rate of what we write; players of Opus decode at it whatever was encoded.
pub(crate) const RATE: SampleRate = SampleRate::STUDIO;
/// Frames of a packet, 20 ms.
const PACKET_FRAMES: u64 = 960;
/// Frames by which the encoder is late: the overlap of its transform, 2.5 ms.
const PRE_SKIP: u16 = 120;
/// The longest frame of Opus and the byte before it (RFC 6716, section 3.4).
const MAX_PACKET_BYTES: usize = 1_276;

/// The bit rate that an Opus stream has in the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpusBitRate(u32);

impl OpusBitRate {
    /// The range of RFC 6716, section 2.1.1, kbit/s.
    const LEAST: u32 = 6;
    const MOST: u32 = 510;
    /// 128 kbit/s, at which few tell stereo music from the original.
    pub const USUAL: Self = Self(128);

    /// Of so many kbit/s.
    ///
    /// # Errors
    /// [`Error::CannotHold`] outside 6 to 510.
    pub fn new(kbit_s: u32) -> Result<Self, Error> {
        Self::at_most(kbit_s).filter(|rate| rate.0 == kbit_s).ok_or_else(|| Error::CannotHold {
            format: "Opus",
            what: format!("{kbit_s} kbit/s"),
            accepted: "6 to 510 kbit/s",
        })
    }

    /// The highest of no more than so many kbit/s; none below 6.
    pub fn at_most(kbit_s: u32) -> Option<Self> {
        (kbit_s >= Self::LEAST).then(|| Self(kbit_s.min(Self::MOST)))
    }

    /// In kbit/s, thousands of bits a second.
    pub fn kbit_s(self) -> u32 {
        self.0
    }
}

/// Opus in Ogg (RFC 7845), packet by packet. A player drops what the encoder is late by, as the
/// header says, and what fills the last packet, as the position of the last page says.
pub(crate) struct OggOpus {
    encoder: OpusEncoder,
    pages: Pages,
    channels: usize,
    /// Samples that do not fill a packet yet, interleaved.
    waiting: Vec<f32>,
    /// Frames taken, and those that are in packets.
    taken: u64,
    coded: u64,
}

impl OggOpus {
    pub(crate) fn begin(
        rate: SampleRate,
        layout: Layout,
        bit_rate: OpusBitRate,
        out: &mut Vec<u8>,
    ) -> Result<Self, Error> {
        let refused = |what: String, accepted| Error::CannotHold { format: "Opus", what, accepted };
        if rate != RATE {
            return Err(refused(rate.to_string(), "48000 Hz"));
        }
        let channels = layout.channels();
        if channels > 2 {
            return Err(refused(format!("{channels} channels"), "1 or 2 channels"));
        }
        // Named for its short delay, this is the coder of music alone: the one of speech, which takes
        // part at few bits a second only, would have to be waited for.
        let mode = Application::RestrictedLowDelay;
        let mut encoder = OpusEncoder::new(RATE.hz() as i32, channels, mode).map_err(failed)?;
        encoder.bitrate_bps = bit_rate.0 as i32 * 1_000;
        let pages = Pages::begin([&head(channels), &tags()], out);
        Ok(Self { encoder, pages, channels, waiting: Vec::new(), taken: 0, coded: 0 })
    }

    /// Takes one or two channels and appends the pages that are full.
    pub(crate) fn encode(&mut self, planes: &[&[f32]], out: &mut Vec<u8>) -> Result<(), Error> {
        self.taken += planes[0].len() as u64;
        for frame in 0..planes[0].len() {
            self.waiting.extend(planes.iter().map(|plane| plane[frame]));
        }
        let waiting = std::mem::take(&mut self.waiting);
        let packets = waiting.chunks_exact(self.packet_samples());
        self.waiting.extend(packets.remainder());
        for samples in packets {
            self.write(samples, out)?;
        }
        Ok(())
    }

    /// Fills the last packet with silence and ends the stream where the sound ends.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        let end = self.taken + u64::from(PRE_SKIP);
        while self.coded < end {
            let mut samples = std::mem::take(&mut self.waiting);
            samples.resize(self.packet_samples(), 0.0);
            self.write(&samples, out)?;
        }
        self.pages.end(end, out);
        Ok(())
    }

    fn packet_samples(&self) -> usize {
        PACKET_FRAMES as usize * self.channels
    }

    fn write(&mut self, samples: &[f32], out: &mut Vec<u8>) -> Result<(), Error> {
        let mut packet = [0; MAX_PACKET_BYTES];
        let frames = PACKET_FRAMES as usize;
        let bytes = self.encoder.encode(samples, frames, &mut packet).map_err(failed)?;
        self.coded += PACKET_FRAMES;
        self.pages.add(&packet[..bytes], self.coded, out);
        Ok(())
    }
}

/// How many bytes so many frames of music become, nearly: silence takes far fewer.
pub(crate) fn bytes(bit_rate: OpusBitRate, frames: u64) -> u64 {
    /// A packet's first byte, what its length takes in the page, and its share of the page's header.
    const AROUND: u64 = 4;
    let packets = frames.saturating_add(u64::from(PRE_SKIP)).div_ceil(PACKET_FRAMES);
    let packet = u64::from(bit_rate.0) * 125 * PACKET_FRAMES / u64::from(RATE.hz()) + AROUND;
    packets.saturating_mul(packet)
}

/// The identification header (RFC 7845, section 5.1): no gain, one stream in the order of Vorbis.
fn head(channels: usize) -> Vec<u8> {
    const VERSION: u8 = 1;
    let mut head = b"OpusHead".to_vec();
    head.extend_from_slice(&[VERSION, channels as u8]);
    head.extend_from_slice(&PRE_SKIP.to_le_bytes());
    head.extend_from_slice(&RATE.hz().to_le_bytes());
    head.extend_from_slice(&[0; 3]);
    head
}

/// The comment header (RFC 7845, section 5.2): who encoded it, and no comments.
fn tags() -> Vec<u8> {
    const VENDOR: &[u8] = b"opus-rs";
    let mut tags = b"OpusTags".to_vec();
    tags.extend_from_slice(&(VENDOR.len() as u32).to_le_bytes());
    tags.extend_from_slice(VENDOR);
    tags.extend_from_slice(&0_u32.to_le_bytes());
    tags
}

fn failed(error: &str) -> Error {
    Error::Encoder("Opus", error.to_owned())
}
