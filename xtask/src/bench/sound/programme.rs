use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use audio::{Buffer, Decibels, Frames, SampleRate};
use audio_file::{Tags, write_wav_float};
use instruments::{Bank, Kernel};

use super::render;
use super::song::Song;
use crate::bench::peer::Peer;

const SECONDS: u64 = 180;
/// Where the highest sample stands: a mix that still has headroom.
const PEAK: Decibels = Decibels(-3.0);

/// What the meters, limiters and mastering programs hear: the song, in memory and in a file of
/// 32-bit floats.
pub(super) struct Programme {
    pub(super) sound: Buffer,
    pub(super) file: PathBuf,
}

impl Programme {
    pub(super) fn of(song: &Song, folder: &Path) -> Result<Self> {
        let mut sound = render::mix(song, Bank::embedded(), Kernel::Detect)?;
        sound.resize(Frames(SECONDS * u64::from(SampleRate::STUDIO.hz())));
        let gain = PEAK.amplitude() as f32 / sound.peak();
        for plane in sound.planes_mut() {
            plane.iter_mut().for_each(|sample| *sample *= gain);
        }
        let file = folder.join("programme.wav");
        write_float(&file, &sound)?;
        Ok(Self { sound, file })
    }
}

pub(super) fn write_float(path: &Path, sound: &Buffer) -> Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    write_wav_float(&mut out, sound, &Tags::default())?;
    Ok(out.flush()?)
}

/// The programme in another format, made by ffmpeg.
pub(super) fn encoded(
    peer: &Peer,
    programme: &Programme,
    codec: &str,
    ending: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let to = folder.join(format!("programme.{ending}"));
    let (from, out) = (programme.file.to_string_lossy(), to.to_string_lossy());
    let quiet = ["-hide_banner", "-nostdin", "-nostats", "-y", "-i", &from];
    peer.run(&[&quiet[..], &["-c:a", codec, &out]].concat())?;
    Ok(to)
}
