use std::io::Write;

use audio::Buffer;

use crate::{Error, Tags};

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

/// Writes MP3 with an ID3v2.4 tag and the LAME header that lets players trim to the exact length.
/// Mono or stereo at 32, 44.1 or 48 kHz.
#[cfg(feature = "mp3")]
pub fn write_mp3(
    out: &mut impl Write,
    buffer: &Buffer,
    quality: Mp3Quality,
    tags: &Tags,
) -> Result<(), Error> {
    lame::write(out, buffer, quality, tags)
}

/// Says that this build has no MP3 encoder.
#[cfg(not(feature = "mp3"))]
pub fn write_mp3(_: &mut impl Write, _: &Buffer, _: Mp3Quality, _: &Tags) -> Result<(), Error> {
    Err(Error::NotBuilt("MP3", "mp3"))
}

#[cfg(feature = "mp3")]
mod lame {
    use std::io::Write;

    use audio::Buffer;
    use mp3lame_encoder::{
        Bitrate, Builder, DualPcm, Encoder, FlushGap, MonoPcm, Quality, VbrMode,
    };

    use super::Mp3Quality;
    use crate::{Error, Tags};

    const RATES: [u32; 3] = [32_000, 44_100, 48_000];
    /// Frames encoded at a time.
    const BLOCK_FRAMES: usize = 1_152 * 16;

    pub(super) fn write(
        out: &mut impl Write,
        buffer: &Buffer,
        quality: Mp3Quality,
        tags: &Tags,
    ) -> Result<(), Error> {
        let mut encoder = build(buffer, quality)?;
        let mut frames = Vec::new();
        let (left, right) = (buffer.plane(0), buffer.planes().get(1));
        for start in (0..left.len()).step_by(BLOCK_FRAMES) {
            let span = start..(start + BLOCK_FRAMES).min(left.len());
            frames.reserve(mp3lame_encoder::max_required_buffer_size(span.len()));
            match right {
                Some(right) => encoder.encode_to_vec(
                    DualPcm { left: &left[span.clone()], right: &right[span] },
                    &mut frames,
                ),
                None => encoder.encode_to_vec(MonoPcm(&left[span]), &mut frames),
            }
            .map_err(|e| failed(&e))?;
        }
        frames.reserve(mp3lame_encoder::max_required_buffer_size(BLOCK_FRAMES));
        encoder.flush_to_vec::<FlushGap>(&mut frames).map_err(|e| failed(&e))?;
        // The header can be written only now that the length is known; LAME left a blank frame of
        // its size at the front.
        let mut header = Vec::with_capacity(encoder.lame_tag_size());
        encoder.lame_tag_encode_to_vec(&mut header);
        if frames.len() < header.len() {
            return Err(Error::Encoder("MP3", "no room for the LAME header".to_owned()));
        }
        frames[..header.len()].copy_from_slice(&header);
        out.write_all(&tags.id3())?;
        out.write_all(&frames)?;
        Ok(())
    }

    fn build(buffer: &Buffer, quality: Mp3Quality) -> Result<Encoder, Error> {
        let rate = buffer.rate().hz();
        if !RATES.contains(&rate) {
            let what = buffer.rate().to_string();
            let accepted = "32000, 44100 or 48000 Hz";
            return Err(Error::CannotHold { format: "MP3", what, accepted });
        }
        let channels = buffer.planes().len();
        if channels > 2 {
            let what = format!("{channels} channels");
            return Err(Error::CannotHold { format: "MP3", what, accepted: "1 or 2 channels" });
        }
        let mut builder = Builder::new()
            .ok_or_else(|| Error::Encoder("MP3", "LAME could not be started".to_owned()))?;
        let set = |result: Result<(), mp3lame_encoder::BuildError>| result.map_err(|e| failed(&e));
        set(builder.set_num_channels(channels as u8))?;
        set(builder.set_sample_rate(rate))?;
        set(builder.set_quality(Quality::VeryNice))?;
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
        builder.build().map_err(|e| failed(&e))
    }

    fn failed(error: &impl std::fmt::Display) -> Error {
        Error::Encoder("MP3", error.to_string())
    }
}
