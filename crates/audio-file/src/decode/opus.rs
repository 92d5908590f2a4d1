use opus_rs::OpusDecoder;

use crate::Error;

/// Opus packets to samples, by opus-rs. Always at 48 kHz: what the encoder was fed does not show.
pub(super) struct Opus {
    decoder: OpusDecoder,
    channels: usize,
    gain: f32,
    pre_skip: u64,
    interleaved: Vec<f32>,
}

/// The longest packet: 120 ms.
const MAX_FRAMES: usize = 5_760;

impl Opus {
    pub(super) const RATE: u32 = 48_000;

    /// From the identification header of RFC 7845 section 5.1.
    pub(super) fn new(header: &[u8]) -> Result<Self, Error> {
        let [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', _, channels, rest @ ..] = header
        else {
            return Err(Error::Damaged("it has no Opus header".to_owned()));
        };
        let [skip_low, skip_high, _, _, _, _, low, high, family, ..] = *rest else {
            return Err(Error::Damaged("the Opus header is too short".to_owned()));
        };
        if family != 0 || !(1..=2).contains(channels) {
            return Err(Error::Unsupported(format!("Opus of {channels} channels")));
        }
        let decoder = OpusDecoder::new(Self::RATE as i32, usize::from(*channels))
            .map_err(|error| Error::Unsupported(format!("this Opus stream ({error})")))?;
        // Output gain in 1/256 dB.
        let gain_db = f64::from(i16::from_le_bytes([low, high])) / 256.0;
        Ok(Self {
            decoder,
            channels: usize::from(*channels),
            gain: audio::Decibels(gain_db).amplitude() as f32,
            pre_skip: u64::from(u16::from_le_bytes([skip_low, skip_high])),
            interleaved: vec![0.0; MAX_FRAMES * usize::from(*channels)],
        })
    }

    /// Frames of encoder delay at the front of the stream.
    pub(super) fn pre_skip(&self) -> u64 {
        self.pre_skip
    }

    /// One whole packet.
    pub(super) fn decode(&mut self, packet: &[u8]) -> Result<Vec<Vec<f32>>, Error> {
        let frames = self
            .decoder
            .decode(packet, MAX_FRAMES, &mut self.interleaved)
            .map_err(|error| Error::Damaged(format!("an Opus packet ({error})")))?;
        let plane = |channel: usize| {
            let samples = self.interleaved[..frames * self.channels].iter();
            samples.skip(channel).step_by(self.channels).map(|s| s * self.gain).collect()
        };
        Ok((0..self.channels).map(plane).collect())
    }
}
