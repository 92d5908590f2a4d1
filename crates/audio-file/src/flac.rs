use std::io::{Seek, Write};

use flac_codec::encode::{FlacSampleWriter, Options};
use flac_codec::metadata::{Picture, PictureType};

use crate::tags::Cover;
use crate::{Error, Pcm, Tags};

/// Frames interleaved at a time: four FLAC blocks.
const BLOCK_FRAMES: usize = 4 * 4_096;

/// Writes FLAC with seek table, MD5 of the samples, Vorbis comments and cover.
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
    let options = match tags.cover() {
        Some(cover) => options.picture(picture(cover)),
        None => options,
    };
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

/// Sizes and colours are stated where the picture is of a kind whose header is read.
fn picture(cover: &Cover) -> Picture {
    Picture::new(PictureType::FrontCover, "", cover.bytes.clone()).unwrap_or_else(|_| Picture {
        picture_type: PictureType::FrontCover,
        media_type: cover.mime.clone(),
        description: String::new(),
        width: 0,
        height: 0,
        color_depth: 0,
        colors_used: None,
        data: cover.bytes.clone(),
    })
}
