use std::io::Cursor;

use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error as Foreign;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

/// The most frames one sample may decode to: three minutes at 48 kHz. A small stream that claims
/// more is an attack, not an instrument.
const MAX_FRAMES: usize = 180 * 48_000;

/// Decodes an Ogg Vorbis stream; of several channels only the first is kept, as SF3 samples are
/// mono.
pub(crate) fn decode(stream: &[u8]) -> Result<Vec<f32>, &'static str> {
    let source = MediaSourceStream::new(
        Box::new(Cursor::new(stream.to_vec())),
        symphonia::core::io::MediaSourceStreamOptions::default(),
    );
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), source, FormatOptions::default(), MetadataOptions::default())
        .map_err(|_| "it is not an Ogg stream")?;
    let track = format.default_track(TrackType::Audio).ok_or("it has no audio track")?;
    let id = track.id;
    let parameters = track
        .codec_params
        .as_ref()
        .and_then(|parameters| parameters.audio())
        .ok_or("it names no audio codec")?;
    let mut decoder = symphonia::default::get_codecs()
        .make_audio_decoder(parameters, &AudioDecoderOptions::default())
        .map_err(|_| "its codec is not Vorbis")?;
    let mut frames = Vec::new();
    let mut planes: Vec<Vec<f32>> = Vec::new();
    loop {
        let packet = match format.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(_) => return Err("its Ogg pages are damaged"),
        };
        if packet.track_id != id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(decoded) => {
                decoded.copy_to_vecs_planar(&mut planes);
                let Some(first) = planes.first() else { continue };
                frames.extend_from_slice(first);
            }
            Err(Foreign::DecodeError(_)) => return Err("its Vorbis packets are damaged"),
            Err(_) => return Err("its Vorbis stream cannot be followed"),
        }
        if frames.len() > MAX_FRAMES {
            return Err("it is longer than three minutes");
        }
    }
    if frames.is_empty() { Err("it decodes to nothing") } else { Ok(frames) }
}
