//! Whether a file plays, heard from its handle.

use std::fs::File;
use std::io::BufReader;

use audio::Frames;
use audio_file::{Decoder, Error, Format};

/// The beginning and the end of a file's sound.
#[derive(Debug, PartialEq)]
pub(crate) struct Heard {
    /// What it is.
    pub(crate) format: Format,
    /// Bits of the first second, channel by channel.
    first: Vec<Vec<u32>>,
    /// Of the last one; nothing where the length is not stated.
    last: Vec<Vec<u32>>,
}

/// Decodes the first second.
pub(crate) fn beginning(file: &File) -> Result<Heard, Error> {
    hear(file).map(|(heard, _)| heard)
}

/// Decodes the first second and the last one.
pub(crate) fn ends(file: &File) -> Result<Heard, Error> {
    let (mut heard, mut decoder) = hear(file)?;
    if let Some(frames) = heard.format.stated_frames {
        decoder.seek(Frames(frames.saturating_sub(u64::from(heard.format.rate.hz()))))?;
        // Two, as the stated length of a lossy file may be an estimate.
        heard.last = second(&mut decoder, 2)?;
    }
    Ok(heard)
}

fn hear(file: &File) -> Result<(Heard, Decoder), Error> {
    let mut decoder = Decoder::open(BufReader::new(file.try_clone()?))?;
    let first = second(&mut decoder, 1)?;
    if first.first().is_none_or(Vec::is_empty) {
        return Err(Error::Empty);
    }
    Ok((Heard { format: decoder.format().clone(), first, last: Vec::new() }, decoder))
}

/// What comes next, block by block until it has so many seconds.
fn second(decoder: &mut Decoder, seconds: usize) -> Result<Vec<Vec<u32>>, Error> {
    let enough = decoder.format().rate.hz() as usize * seconds;
    let mut planes = vec![Vec::new(); decoder.format().layout.channels()];
    while planes.first().is_some_and(|plane| plane.len() < enough) {
        let Some(block) = decoder.next_block()? else { break };
        for (plane, block) in planes.iter_mut().zip(block) {
            plane.extend(block.into_iter().map(f32::to_bits));
        }
    }
    Ok(planes)
}
