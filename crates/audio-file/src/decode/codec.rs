use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_ALAC, CODEC_ID_FLAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3,
    CODEC_ID_OPUS, CODEC_ID_PCM_S8, CODEC_ID_PCM_S16BE, CODEC_ID_PCM_S16LE, CODEC_ID_PCM_S24BE,
    CODEC_ID_PCM_S24LE, CODEC_ID_PCM_U8, CODEC_ID_PCM_U16BE, CODEC_ID_PCM_U16LE,
    CODEC_ID_PCM_U24BE, CODEC_ID_PCM_U24LE, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia::core::packet::Packet;

use super::MAX_BLOCK_FRAMES;
use super::opus::Opus;
use super::stream::failure;
use crate::Error;

/// Packets to samples: symphonia decodes all but Opus.
pub(super) struct Codec {
    decoder: Inner,
    kind: Kind,
}

enum Inner {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<Opus>),
}

/// What a packet's length in frames follows from, and how far back a packet's sound reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Lossless,
    Mpeg,
    Aac,
    Vorbis,
    Opus,
}

/// One packet's sound.
pub(super) struct Block {
    pub(super) hz: u32,
    pub(super) planes: Vec<Vec<f32>>,
}

/// Frames of an AAC packet; other lengths are refused by the decoder.
const AAC_FRAMES: u64 = 1_024;

impl Codec {
    pub(super) fn of(params: &AudioCodecParameters) -> Result<Self, Error> {
        refuse_half_rate(params)?;
        let kind = match params.codec {
            CODEC_ID_OPUS => {
                let opus = Opus::new(params.extra_data.as_deref().unwrap_or(&[]))?;
                return Ok(Self { decoder: Inner::Opus(Box::new(opus)), kind: Kind::Opus });
            }
            CODEC_ID_MP1 | CODEC_ID_MP2 | CODEC_ID_MP3 => Kind::Mpeg,
            CODEC_ID_AAC => Kind::Aac,
            CODEC_ID_VORBIS => Kind::Vorbis,
            _ => Kind::Lossless,
        };
        let decoder = symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map_err(|_| Error::Unsupported(format!("codec {}", params.codec)))?;
        Ok(Self { decoder: Inner::Symphonia(decoder), kind })
    }

    pub(super) fn name(&self) -> &'static str {
        match &self.decoder {
            Inner::Symphonia(decoder) => decoder.codec_info().short_name,
            Inner::Opus(_) => "opus",
        }
    }

    pub(super) fn is_lossy(&self) -> bool {
        self.kind != Kind::Lossless
    }

    /// Frames at the front that belong to the encoder and not to the sound.
    pub(super) fn lead(&self) -> u64 {
        match &self.decoder {
            Inner::Symphonia(_) => 0,
            Inner::Opus(opus) => opus.pre_skip(),
        }
    }

    /// How many packets before another must be decoded for that one to sound as it does after all
    /// of them. MPEG's bit reservoir reaches 511 bytes back, which in the smallest frames are 24,
    /// and its filters two more; AAC and Vorbis overlap with the packet before. Opus only converges:
    /// the 80 ms that RFC 7845 asks are 4 packets of 20 ms, and these are 2 s.
    pub(super) fn pre_roll(&self) -> usize {
        match self.kind {
            Kind::Lossless => 0,
            Kind::Mpeg => 32,
            Kind::Aac | Kind::Vorbis => 3,
            Kind::Opus => 100,
        }
    }

    /// Frames a packet stands for, trimmed, without decoding it. Of a lossless packet that is what
    /// its container says, for passing over it only.
    pub(super) fn frames(&self, packet: &Packet) -> u64 {
        let (frames, start, end) =
            (packet.dur.get(), packet.trim_start.get(), packet.trim_end.get());
        let frames = match self.kind {
            // The container states the whole frame whatever is trimmed of it.
            Kind::Mpeg => frames.saturating_sub(start).saturating_sub(end),
            Kind::Aac => AAC_FRAMES,
            // The start is trimmed by the header's pre-skip.
            Kind::Opus => frames.saturating_add(start),
            Kind::Lossless | Kind::Vorbis => frames,
        };
        frames.min(MAX_BLOCK_FRAMES as u64)
    }

    /// One packet's sound. A lossy one has exactly [`Self::frames`]: what damaged packets lack is
    /// silent, so that all that follows stays at its time.
    pub(super) fn decode(&mut self, packet: &Packet) -> Result<Block, Error> {
        let mut block = match &mut self.decoder {
            Inner::Symphonia(decoder) => {
                let sound = decoder.decode(packet).map_err(failure)?;
                if sound.frames() > MAX_BLOCK_FRAMES {
                    return Err(Error::Unsupported("a packet of more than 2^20 frames".to_owned()));
                }
                let mut planes = vec![Vec::new(); sound.num_planes().max(1)];
                sound.copy_to_vecs_planar(&mut planes);
                Block { hz: sound.spec().rate(), planes }
            }
            Inner::Opus(opus) => Block { hz: Opus::RATE, planes: opus.decode(&packet.data)? },
        };
        if self.is_lossy() {
            let frames = self.frames(packet) as usize;
            block.planes.iter_mut().for_each(|plane| plane.resize(frames, 0.0));
        }
        Ok(block)
    }
}

/// The bits of whole numbers that a lossless codec holds; none of the others.
pub(super) fn whole_bits(params: &AudioCodecParameters) -> Option<u32> {
    /// Where the ALAC magic cookie states the depth.
    const ALAC_DEPTH: usize = 5;
    match params.codec {
        CODEC_ID_PCM_U8 | CODEC_ID_PCM_S8 => Some(8),
        CODEC_ID_PCM_S16LE | CODEC_ID_PCM_S16BE | CODEC_ID_PCM_U16LE | CODEC_ID_PCM_U16BE => {
            Some(16)
        }
        CODEC_ID_PCM_S24LE | CODEC_ID_PCM_S24BE | CODEC_ID_PCM_U24LE | CODEC_ID_PCM_U24BE => {
            Some(24)
        }
        CODEC_ID_ALAC => params
            .extra_data
            .as_deref()
            .and_then(|cookie| cookie.get(ALAC_DEPTH))
            .map(|b| (*b).into()),
        CODEC_ID_FLAC => params.bits_per_sample,
        _ => None,
    }
}

/// HE-AAC states a core at half the rate; decoding only that would sound dull and slow clocks.
fn refuse_half_rate(params: &AudioCodecParameters) -> Result<(), Error> {
    const SBR: u8 = 5;
    const PARAMETRIC_STEREO: u8 = 29;
    if params.codec != CODEC_ID_AAC {
        return Ok(());
    }
    let config = params.extra_data.as_deref().unwrap_or(&[]);
    let object = config.first().map_or(0, |byte| byte >> 3);
    // The backward-compatible signal: a sync extension 0x2b7, object type 5, and the flag set.
    let extended = config.windows(3).any(|w| w[..2] == [0x56, 0xe5] && w[2] & 0x80 != 0);
    if object == SBR || object == PARAMETRIC_STEREO || extended {
        return Err(Error::Unsupported("HE-AAC (AAC with spectral band replication)".to_owned()));
    }
    Ok(())
}
