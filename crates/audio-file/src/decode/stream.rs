use audio::{Layout, SampleRate, ShapeError};
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::codecs::audio::{
    AudioCodecId, AudioCodecParameters, AudioDecoder, AudioDecoderOptions,
};
use symphonia::core::errors::Error as Symphonia;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::packet::Packet;

use super::opus::Opus;
use super::{Format, Inner, MAX_BLOCK_FRAMES, Source};
use crate::Error;

/// A container and its codec, by symphonia.
pub(super) struct Stream {
    reader: Box<dyn FormatReader>,
    decoder: Codec,
    track: u32,
    codec: AudioCodecId,
    /// A block decoded to learn what the container did not say.
    pending: Option<Vec<Vec<f32>>>,
}

/// symphonia decodes all but Opus.
enum Codec {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(Box<Opus>),
}

/// One packet's sound.
struct Block {
    hz: u32,
    planes: Vec<Vec<f32>>,
}

/// Damaged packets passed over in a lossy stream before the file counts as damaged.
const MAX_BAD_PACKETS: usize = 16;

struct Seekable<S>(S);

impl<S: Source> std::io::Read for Seekable<S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(buf)
    }
}

impl<S: Source> std::io::Seek for Seekable<S> {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.0.seek(to)
    }
}

impl<S: Source> MediaSource for Seekable<S> {
    fn is_seekable(&self) -> bool {
        true
    }
    fn byte_len(&self) -> Option<u64> {
        None
    }
}

impl Stream {
    pub(super) fn open(source: impl Source + 'static) -> Result<(Inner, Format), Error> {
        let bytes = MediaSourceStream::new(Box::new(Seekable(source)), Default::default());
        let options = (FormatOptions::default(), MetadataOptions::default());
        let reader = fenced(|| {
            symphonia::default::get_probe().probe(&Hint::new(), bytes, options.0, options.1)
        })?
        .map_err(|error| match error {
            Symphonia::Unsupported(_) | Symphonia::IoError(_) => Error::UnknownFormat,
            other => failure(other),
        })?;
        let track = reader
            .default_track(TrackType::Audio)
            .ok_or_else(|| Error::Unsupported("a file without a sound track".to_owned()))?;
        let params = match &track.codec_params {
            Some(CodecParameters::Audio(params)) => params.clone(),
            _ => return Err(Error::Unsupported("a sound track of unknown codec".to_owned())),
        };
        refuse_half_rate(&params)?;
        let decoder = Codec::of(&params)?;
        let container = reader.format_info().short_name;
        let codec = decoder.name();
        let name =
            if container == codec { codec.to_owned() } else { format!("{container} {codec}") };
        let (stated_frames, id) = (track.num_frames, track.id);
        let mut stream = Self { reader, decoder, track: id, codec: params.codec, pending: None };
        let stated = params.sample_rate.zip(params.channels.as_ref().map(|c| c.count()));
        let (hz, channels) = match stated {
            Some(stated) => stated,
            None => stream.look_at_first_block()?,
        };
        let rate = SampleRate::new(hz)?;
        let layout = Layout::of_channels(channels).ok_or(ShapeError::Channels(channels))?;
        let format = Format { name, rate, layout, stated_frames };
        Ok((Inner::Stream(Box::new(stream)), format))
    }

    /// Some containers leave rate and channels to the codec.
    fn look_at_first_block(&mut self) -> Result<(u32, usize), Error> {
        let block = self.decode_next()?.ok_or(Error::Empty)?;
        let channels = block.planes.len();
        self.pending = Some(block.planes);
        Ok((block.hz, channels))
    }

    /// Whether the container's frame count is the truth and not an estimate.
    pub(super) fn states_exact_length(&self) -> bool {
        !self.is_lossy()
    }

    fn is_lossy(&self) -> bool {
        [CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS]
            .contains(&self.codec)
    }

    pub(super) fn next_block(&mut self, format: &Format) -> Result<Option<Vec<Vec<f32>>>, Error> {
        if let Some(planes) = self.pending.take() {
            return Ok(Some(planes));
        }
        let Some(Block { hz, planes }) = self.decode_next()? else { return Ok(None) };
        if hz != format.rate.hz() {
            return Err(Error::Unsupported("a change of sample rate".to_owned()));
        }
        if planes.len() != format.layout.channels() {
            return Err(Error::Unsupported("a change of channels".to_owned()));
        }
        Ok(Some(planes))
    }

    /// The next packet that holds sound.
    fn decode_next(&mut self) -> Result<Option<Block>, Error> {
        let mut bad_packets_allowed = if self.is_lossy() { MAX_BAD_PACKETS } else { 0 };
        while let Some(packet) = self.next_packet()? {
            match fenced(|| self.decoder.decode(&packet))? {
                Ok(block) if block.planes[0].is_empty() => {}
                Ok(block) => return Ok(Some(block)),
                Err(Error::Damaged(_)) if bad_packets_allowed > 0 => bad_packets_allowed -= 1,
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    fn next_packet(&mut self) -> Result<Option<Packet>, Error> {
        loop {
            match fenced(|| self.reader.next_packet())? {
                Ok(Some(packet)) if packet.track_id != self.track => {}
                Ok(packet) => return Ok(packet),
                // The bytes end inside a packet; a lossless file is refused for its length.
                Err(Symphonia::IoError(error))
                    if error.kind() == std::io::ErrorKind::UnexpectedEof =>
                {
                    return Ok(None);
                }
                Err(error) => return Err(failure(error)),
            }
        }
    }
}

impl Codec {
    fn of(params: &AudioCodecParameters) -> Result<Self, Error> {
        if params.codec == CODEC_ID_OPUS {
            return Opus::new(params.extra_data.as_deref().unwrap_or(&[]))
                .map(|opus| Codec::Opus(Box::new(opus)));
        }
        symphonia::default::get_codecs()
            .make_audio_decoder(params, &AudioDecoderOptions::default())
            .map(Codec::Symphonia)
            .map_err(|_| Error::Unsupported(format!("codec {}", params.codec)))
    }

    fn name(&self) -> &'static str {
        match self {
            Codec::Symphonia(decoder) => decoder.codec_info().short_name,
            Codec::Opus(_) => "opus",
        }
    }

    fn decode(&mut self, packet: &Packet) -> Result<Block, Error> {
        match self {
            Codec::Symphonia(decoder) => {
                let sound = decoder.decode(packet).map_err(failure)?;
                if sound.frames() > MAX_BLOCK_FRAMES {
                    return Err(Error::Unsupported("a packet of more than 2^20 frames".to_owned()));
                }
                let mut planes = vec![Vec::new(); sound.num_planes().max(1)];
                sound.copy_to_vecs_planar(&mut planes);
                Ok(Block { hz: sound.spec().rate(), planes })
            }
            Codec::Opus(opus) => {
                let planes = opus.decode(&packet.data, packet.trim_end.get())?;
                Ok(Block { hz: Opus::RATE, planes })
            }
        }
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

/// A foreign parser that panics has met bytes it did not expect: the file is damaged, and whoever
/// asked goes on. The decoder is not used again after it.
fn fenced<T>(parse: impl FnOnce() -> T) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(parse))
        .map_err(|_| damaged("its structure defeats the decoder"))
}

fn damaged(what: &str) -> Error {
    Error::Damaged(what.to_owned())
}

fn failure(error: Symphonia) -> Error {
    match error {
        Symphonia::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            damaged("it ends in the middle of its headers")
        }
        Symphonia::IoError(error) => Error::Io(error),
        Symphonia::DecodeError(what) | Symphonia::LimitError(what) => {
            Error::Damaged(what.to_owned())
        }
        Symphonia::Unsupported(what) => Error::Unsupported(what.to_owned()),
        Symphonia::SeekError(_) => damaged("it cannot be sought"),
        Symphonia::ResetRequired => Error::Unsupported("a file of chained streams".to_owned()),
        other => Error::Damaged(other.to_string()),
    }
}
