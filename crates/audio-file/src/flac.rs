use std::io::{Seek, Write};

use flac_codec::encode::{FlacSampleWriter, Options};

use crate::{Error, Pcm, Tags};

/// Frames interleaved at a time: four FLAC blocks.
const BLOCK_FRAMES: usize = 4 * 4_096;

/// Writes FLAC with seek table, MD5 of the samples, and Vorbis comments.
pub fn write_flac(out: &mut (impl Write + Seek), pcm: &Pcm, tags: &Tags) -> Result<(), Error> {
    let failed = |error: flac_codec::Error| match error {
        flac_codec::Error::Io(error) => Error::Io(error),
        other => Error::Encoder("FLAC", other.to_string()),
    };
    // Mid and side are chosen by a quick estimate: half the time for a fraction of a percent.
    let options = Options::default().fast_channel_correlation(true);
    let options = tags
        .vorbis()
        .into_iter()
        .fold(options, |options, (field, value)| options.tag(field, value));
    let channels = pcm.layout().channels();
    let samples = pcm.length().0 * channels as u64;
    let mut writer = FlacSampleWriter::new(
        out,
        options,
        pcm.rate().hz(),
        pcm.depth().bits(),
        channels as u8,
        Some(samples).filter(|s| *s > 0),
    )
    .map_err(failed)?;
    let mut block = Vec::with_capacity(BLOCK_FRAMES * channels);
    for start in (0..pcm.length().index()).step_by(BLOCK_FRAMES) {
        block.clear();
        for frame in start..(start + BLOCK_FRAMES).min(pcm.length().index()) {
            block.extend(pcm.planes().iter().map(|plane| plane[frame]));
        }
        writer.write(&block).map_err(failed)?;
    }
    writer.finalize().map_err(failed)
}
