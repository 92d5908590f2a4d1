//! One sound file to another while it is played: blocks in, bytes out, nothing sought back.

mod encoder;
mod flac;
mod growing;
mod rate;

use std::time::Duration;

use audio::{Frames, Layout, SampleRate};

use crate::{BitRate, Decoder, Depth, Error, OpusBitRate, Rendition, Source, opus};
use encoder::Encoder;
pub use growing::StreamEncoder;

/// What a [`Transcode`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// WAVE in whole numbers, RF64 past 4 GB.
    Wav {
        /// How samples are stored.
        depth: Depth,
    },
    /// FLAC.
    Flac {
        /// How samples are stored.
        depth: Depth,
    },
    /// MP3 of a constant bit rate, in builds with the feature "mp3".
    Mp3 {
        /// How much of it a second.
        bit_rate: BitRate,
    },
    /// Opus in Ogg.
    Opus {
        /// How much of it a second, in the mean.
        bit_rate: OpusBitRate,
    },
}

impl Target {
    /// The media type of its files.
    pub fn content_type(self) -> &'static str {
        match self {
            Target::Wav { .. } => "audio/wav",
            Target::Flac { .. } => "audio/flac",
            Target::Mp3 { .. } => "audio/mpeg",
            Target::Opus { .. } => "audio/ogg; codecs=opus",
        }
    }

    /// The rate of its files, where the format has but one.
    pub fn only_rate(self) -> Option<SampleRate> {
        match self {
            Target::Wav { .. } | Target::Flac { .. } | Target::Mp3 { .. } => None,
            Target::Opus { .. } => Some(opus::RATE),
        }
    }
}

/// A file on its way to another format: the bytes of a file that begins at a frame of the source,
/// piece by piece, in bounded memory, the same bytes every time.
///
/// Channels and sample rate stay what they are but for what the format cannot hold. MP3 and Opus have
/// two channels at most: more are folded by ITU-R BS.775 at its levels, so that a sum may exceed full
/// scale and is left to the player. MP3 has few sample rates: others become 44.1 or 48 kHz, and at
/// 32 kbit/s a channel or less half that, where nothing above 11 kHz would be kept anyway. Opus is
/// 48 kHz. FLAC streams have no odd rates above 65 kHz: these become whole tens of hertz.
///
/// Whole numbers that the target holds stay what they are, bit for bit. All else is rounded with
/// dither that follows from the place in the source alone: from the middle on it is the same sound as
/// from the beginning.
///
/// MP3 sounds 1105 frames late, the delay of encoder and decoder: a header that says so stands before
/// all and could state the length only at the end. Opus says its delay before and its end at the end:
/// it has every frame in its place and no more.
pub struct Transcode {
    target: Target,
    rate: SampleRate,
    layout: Layout,
    length: Option<Frames>,
    sound: Rendition,
    encoder: Encoder,
    /// Sound not yet encoded, from `used` on.
    block: Vec<Vec<f32>>,
    used: usize,
    /// The frame of the whole sound at which it begins.
    at: u64,
    /// Whether an empty file is an error: it is where its beginning was asked for.
    refuses_nothing: bool,
    out: Vec<u8>,
    state: State,
}

enum State {
    /// There may be more of the source.
    Reading,
    /// What is held is all there is, and why.
    Emptying(Option<Error>),
    /// All is encoded.
    Over(Option<Error>),
}

/// The most bytes given at once, and about so many where they come fast: two seconds of MP3, a fifth
/// of one of WAVE.
const PIECE_BYTES: usize = 32 << 10;
/// Frames encoded after which a piece is given however small it is: a player waits for the first.
const PIECE_FRAMES: u64 = 1 << 16;
/// Frames encoded at a time.
const STEP_FRAMES: usize = 4_096;

impl Transcode {
    /// Of a file from a frame of it on. Beyond its end there is no sound, which is no error.
    ///
    /// # Errors
    /// Those of [`Decoder::open`] and [`Decoder::seek`], and [`Error::NotBuilt`] for MP3 in a build
    /// without it.
    pub fn open(source: impl Source + 'static, to: Target, from: Frames) -> Result<Self, Error> {
        let decoder = Decoder::open(source)?;
        let whole_bits = decoder.whole_bits();
        let format = decoder.format();
        let layout = match to {
            Target::Mp3 { .. } | Target::Opus { .. } if format.layout.channels() > 2 => {
                Layout::Stereo
            }
            _ => format.layout,
        };
        let rate = match to {
            Target::Wav { .. } => format.rate,
            Target::Flac { .. } => rate::of_flac(format.rate),
            Target::Mp3 { bit_rate } => rate::of_mp3(format.rate, layout, bit_rate),
            Target::Opus { .. } => opus::RATE,
        };
        let unchanged = format.layout == layout && format.rate == rate;
        let sound = Rendition::open(decoder, rate, layout, from)?;
        let length = sound.length();
        let whole_bits = whole_bits.filter(|_| unchanged);
        let mut out = Vec::new();
        let encoder = Encoder::begin(to, rate, layout, length, whole_bits, &mut out)?;
        Ok(Self {
            target: to,
            rate,
            layout,
            length,
            at: sound.first().0,
            refuses_nothing: from == Frames(0),
            sound,
            encoder,
            block: Vec::new(),
            used: 0,
            out,
            state: State::Reading,
        })
    }

    /// The next bytes, at most 32 KiB; none at the end. The pieces are the same however often and
    /// however late they are asked for.
    ///
    /// # Errors
    /// Those of reading, once all before is given; then nothing more comes. [`Error::Empty`] where
    /// the file has no sound at all.
    #[expect(clippy::should_implement_trait, reason = "an iterator cannot fail by `?`")]
    pub fn next(&mut self) -> Result<Option<Vec<u8>>, Error> {
        let pause = self.at.saturating_add(PIECE_FRAMES);
        while self.out.len() < PIECE_BYTES && (self.out.is_empty() || self.at < pause) {
            match self.step() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.block.clear();
                    self.state = State::Over(Some(error));
                }
            }
        }
        if !self.out.is_empty() {
            let rest = self.out.split_off(self.out.len().min(PIECE_BYTES));
            return Ok(Some(std::mem::replace(&mut self.out, rest)));
        }
        match std::mem::replace(&mut self.state, State::Over(None)) {
            State::Over(Some(error)) => Err(error),
            _ => Ok(None),
        }
    }

    /// The media type of the bytes.
    pub fn content_type(&self) -> &'static str {
        self.target.content_type()
    }

    /// Samples per second of what comes out.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Speakers of what comes out.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Frames that will come out, where the source states its length exactly, as lossless files do.
    pub fn length(&self) -> Option<Frames> {
        self.length
    }

    /// How many bytes a sound of that duration becomes: for WAVE exactly, for MP3 to a frame of it, for
    /// Opus nearly, for FLAC nobody knows before.
    pub fn estimated_bytes(&self, duration: Duration) -> Option<u64> {
        const NANOS: u128 = 1_000_000_000;
        let scaled = duration.as_nanos() * u128::from(self.rate.hz());
        let frames = u64::try_from((scaled + NANOS / 2) / NANOS).ok()?;
        encoder::bytes(self.target, self.rate, self.layout, frames, self.length.is_some())
    }

    /// Encodes a little; false where all is.
    fn step(&mut self) -> Result<bool, Error> {
        if self.used < self.held() {
            self.encode_step()?;
            return Ok(true);
        }
        match std::mem::replace(&mut self.state, State::Over(None)) {
            State::Reading => self.read()?,
            State::Emptying(why) => {
                self.encoder.finish(&mut self.out)?;
                self.state = State::Over(why);
            }
            over => {
                self.state = over;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn held(&self) -> usize {
        self.block.first().map_or(0, Vec::len)
    }

    fn encode_step(&mut self) -> Result<(), Error> {
        let end = self.held().min(self.used + STEP_FRAMES);
        let block: Vec<&[f32]> = self.block.iter().map(|p| &p[self.used..end]).collect();
        self.encoder.encode(&block, self.at, &mut self.out)?;
        self.at += (end - self.used) as u64;
        self.used = end;
        Ok(())
    }

    /// Takes the next block; where there is none, what the sound still holds.
    fn read(&mut self) -> Result<(), Error> {
        self.used = 0;
        let why = match self.sound.next_block() {
            Ok(Some(block)) => {
                self.block = block;
                self.state = State::Reading;
                return Ok(());
            }
            Ok(None) if self.refuses_nothing && !self.sound.was_heard() => Some(Error::Empty),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if !self.sound.was_heard() && why.is_some() {
            // Nothing good came before: no header without sound goes out.
            self.out.clear();
            self.block.clear();
            self.state = State::Over(why);
            return Ok(());
        }
        self.block = self.sound.tail()?;
        self.state = State::Emptying(why);
        Ok(())
    }
}
