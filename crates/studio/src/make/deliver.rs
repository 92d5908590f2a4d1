use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use audio::Buffer;
use audio_file::{Pcm, Tags, write_flac, write_mp3, write_wav, write_wav_float};
use clock::Seed;

use super::{Delivery, FileFormat};
use crate::Error;

/// Large enough that sound is written in few calls.
const WRITE_BUFFER: usize = 1 << 20;

/// Writes the master in every format asked for, side by side: encoding is the slow part.
pub(super) fn write_masters(
    folder: &Path,
    master: &Buffer,
    delivery: &Delivery,
    seed: Seed,
    tags: &Tags,
) -> Result<(), Error> {
    let lossless = delivery.formats.iter().any(|f| *f != FileFormat::Mp3);
    let pcm = lossless.then(|| Pcm::quantise(master, delivery.depth, seed.child("dither")));
    std::thread::scope(|scope| {
        let jobs: Vec<_> = delivery
            .formats
            .iter()
            .map(|format| {
                let pcm = pcm.as_ref();
                scope.spawn(move || write_master(folder, *format, master, pcm, delivery, tags))
            })
            .collect();
        jobs.into_iter().try_for_each(|job| match job.join() {
            Ok(outcome) => outcome,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

fn write_master(
    folder: &Path,
    format: FileFormat,
    master: &Buffer,
    pcm: Option<&Pcm>,
    delivery: &Delivery,
    tags: &Tags,
) -> Result<(), Error> {
    let path = master_path(folder, format);
    write(&path, |out| match (format, pcm) {
        (FileFormat::Wav, Some(pcm)) => write_wav(out, pcm, tags),
        (FileFormat::Flac, Some(pcm)) => write_flac(out, pcm, tags),
        _ => write_mp3(out, master, delivery.mp3_quality, tags),
    })
}

/// Writes the MP3 alone, from a master of its own.
pub(super) fn write_mp3_master(
    folder: &Path,
    master: &Buffer,
    delivery: &Delivery,
    tags: &Tags,
) -> Result<(), Error> {
    write_master(folder, FileFormat::Mp3, master, None, delivery, tags)
}

/// Where a master lies in the release folder.
pub(super) fn master_path(folder: &Path, format: FileFormat) -> PathBuf {
    folder.join(format!("master.{}", format.ending()))
}

/// Writes one stem as 32-bit float.
pub(super) fn write_stem(
    folder: &Path,
    name: &str,
    stem: &Buffer,
    tags: &Tags,
) -> Result<(), Error> {
    let tags = Tags { title: format!("{} ({name})", tags.title), ..tags.clone() };
    let path = folder.join("stems").join(format!("{}.wav", slug(name)));
    write(&path, |out| write_wav_float(out, stem, &tags))
}

fn write(
    path: &Path,
    put: impl FnOnce(&mut BufWriter<File>) -> Result<(), audio_file::Error>,
) -> Result<(), Error> {
    let file = File::create(path).map_err(ops::Error::io("write", path))?;
    let mut out = BufWriter::with_capacity(WRITE_BUFFER, file);
    put(&mut out).and_then(|()| Ok(out.flush()?)).map_err(Error::file(path))
}

/// A file name from a part's name: lower-case letters, digits and dashes.
pub(super) fn slug(name: &str) -> String {
    let dashed: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "part".to_owned() } else { words.join("-") }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_becomes_a_file_name() {
        assert_eq!(slug("Warm pad 2"), "warm-pad-2");
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("…"), "part");
    }
}
