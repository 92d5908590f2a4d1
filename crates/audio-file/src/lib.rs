//! Files of sound: bytes in, [`audio::Buffer`] out, and back.
//!
//! Holds: the decoder over every format we read, which goes to any frame of a file; the writers of
//! WAV, FLAC and MP3, of whole sounds and of sound that is still coming, which becomes Opus too;
//! dither; tags, carried from file to file and edited; the resampler.
//! Must never know: paths, where a file comes from or goes to, what the sound is for.
//!
//! Contents: [`Description`], [`Essence`] (what a collection knows a file by) · [`Decoder`],
//! [`decode`] · [`Pcm`], [`Depth`], [`Quantiser`] · [`write_wav`], [`write_wav_float`], [`write_flac`],
//! [`write_mp3`], [`WRITES_MP3`], [`Mp3Quality`] · [`Rendition`] (at a rate, on speakers, without a
//! gap), [`LOUDEST`] · [`Transcode`], [`StreamEncoder`], [`Target`], [`BitRate`],
//! [`OpusBitRate`] · [`Tags`], [`Carried`], [`edit`] · [`resample`] · [`Error`].

mod coded;
mod decode;
mod description;
pub mod edit;
mod error;
mod flac;
mod mp3;
mod opus;
mod pcm;
mod rendition;
mod resample;
mod tags;
mod transcode;
mod wav;

pub use decode::{Decoder, Format, Source, decode};
pub use description::{Description, Essence, Part, ReplayGain, Sound};
pub use error::Error;
pub use flac::write_flac;
pub use mp3::{BitRate, Mp3Quality, WRITES_MP3, write_mp3};
pub use opus::OpusBitRate;
pub use pcm::{Depth, Pcm, Quantiser};
pub use rendition::{LOUDEST, Rendition};
pub use resample::resample;
pub use tags::{Carried, Tags};
pub use transcode::{StreamEncoder, Target, Transcode};
pub use wav::{write_wav, write_wav_float};
