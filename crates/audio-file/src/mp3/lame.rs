use std::fmt::Display;
use std::num::NonZeroU32;

use audio::SampleRate;
use mp3lame_encoder::{
    Bitrate, BuildError, Builder, DualPcm, Encoder, FlushGap, MonoPcm, Quality, VbrMode,
};

use super::{BitRate, Mp3Quality};
use crate::Error;

/// LAME, fed block by block.
pub(crate) struct Lame {
    encoder: Encoder,
}

const RATES: [u32; 3] = [32_000, 44_100, 48_000];

impl Lame {
    /// For a file that begins with a header over the whole of it: a blank frame of that size is
    /// left at its front.
    pub(super) fn with_header(
        rate: SampleRate,
        channels: usize,
        quality: Mp3Quality,
    ) -> Result<Self, Error> {
        if !RATES.contains(&rate.hz()) {
            let what = rate.to_string();
            let accepted = "32000, 44100 or 48000 Hz";
            return Err(Error::CannotHold { format: "MP3", what, accepted });
        }
        let mut builder = builder(rate, channels)?;
        let vbr = match quality {
            Mp3Quality::Constant320 => None,
            Mp3Quality::V0 => Some(Quality::Best),
            Mp3Quality::V2 => Some(Quality::NearBest),
            Mp3Quality::V4 => Some(Quality::Nice),
        };
        match vbr {
            None => set(builder.set_brate(Bitrate::Kbps320))?,
            Some(level) => {
                set(builder.set_vbr_mode(VbrMode::Mtrh))?;
                set(builder.set_vbr_quality(level))?;
            }
        }
        set(builder.set_to_write_vbr_tag(true))?;
        Ok(Self { encoder: builder.build().map_err(failed)? })
    }

    /// For a stream of frames of one bit rate, from the first on.
    pub(crate) fn streaming(
        rate: SampleRate,
        channels: usize,
        bit_rate: BitRate,
    ) -> Result<Self, Error> {
        let mut builder = builder(rate, channels)?;
        set(builder.set_brate(constant(bit_rate)))?;
        // Left to itself LAME would take a lower rate for few bits.
        set(builder.set_output_sample_rate(NonZeroU32::new(rate.hz())))?;
        set(builder.set_to_write_vbr_tag(false))?;
        Ok(Self { encoder: builder.build().map_err(failed)? })
    }

    /// Takes one or two channels and appends the frames that are full.
    pub(crate) fn encode(&mut self, planes: &[&[f32]], out: &mut Vec<u8>) -> Result<(), Error> {
        out.reserve(mp3lame_encoder::max_required_buffer_size(planes[0].len()));
        match planes {
            [left, right] => self.encoder.encode_to_vec(DualPcm { left, right }, out),
            _ => self.encoder.encode_to_vec(MonoPcm(planes[0]), out),
        }
        .map_err(failed)?;
        Ok(())
    }

    /// Appends what LAME still holds, filled with silence.
    pub(crate) fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        /// LAME asks for so many at least.
        const FLUSHED_BYTES: usize = 7_200;
        out.reserve(mp3lame_encoder::max_required_buffer_size(FLUSHED_BYTES));
        self.encoder.flush_to_vec::<FlushGap>(out).map_err(failed)?;
        Ok(())
    }

    /// The header with the length, now that it is known.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(self.encoder.lame_tag_size());
        self.encoder.lame_tag_encode_to_vec(&mut header);
        header
    }
}

fn builder(rate: SampleRate, channels: usize) -> Result<Builder, Error> {
    if channels > 2 {
        let what = format!("{channels} channels");
        return Err(Error::CannotHold { format: "MP3", what, accepted: "1 or 2 channels" });
    }
    let mut builder = Builder::new()
        .ok_or_else(|| Error::Encoder("MP3", "LAME could not be started".to_owned()))?;
    set(builder.set_num_channels(channels as u8))?;
    set(builder.set_sample_rate(rate.hz()))?;
    set(builder.set_quality(Quality::VeryNice))?;
    Ok(builder)
}

fn constant(bit_rate: BitRate) -> Bitrate {
    match bit_rate.kbit_s() {
        ..16 => Bitrate::Kbps8,
        16..24 => Bitrate::Kbps16,
        24..32 => Bitrate::Kbps24,
        32..40 => Bitrate::Kbps32,
        40..48 => Bitrate::Kbps40,
        48..64 => Bitrate::Kbps48,
        64..80 => Bitrate::Kbps64,
        80..96 => Bitrate::Kbps80,
        96..112 => Bitrate::Kbps96,
        112..128 => Bitrate::Kbps112,
        128..160 => Bitrate::Kbps128,
        160..192 => Bitrate::Kbps160,
        192..224 => Bitrate::Kbps192,
        224..256 => Bitrate::Kbps224,
        256..320 => Bitrate::Kbps256,
        320.. => Bitrate::Kbps320,
    }
}

fn set(result: Result<(), BuildError>) -> Result<(), Error> {
    result.map_err(failed)
}

fn failed(error: impl Display) -> Error {
    Error::Encoder("MP3", error.to_string())
}
