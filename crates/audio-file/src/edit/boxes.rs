//! Where an MP4 says its sound is: the writer of tags moves it, and everything that points at it must
//! move along.

use std::io::{Read, Seek, SeekFrom};

use super::refused;
use crate::Error;
use crate::coded::take;

/// Boxes of a file that are looked at; a book has a few hundred chapters.
const MAX_BOXES: usize = 65_536;
/// Bytes of a table of places: a day of sound in chunks of a second has half as many.
const MAX_TABLE_BYTES: u64 = 1 << 20;

/// The places of all chunks of sound, from the beginning of the media data on.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    chunks: Vec<i128>,
}

impl Places {
    /// Reads the tables of places: ISO/IEC 14496-12, 8.7.5.
    ///
    /// # Errors
    /// [`Error::NotEditable`] for a file in fragments or with media data in several boxes: what is in
    /// them is placed in other ways.
    pub(super) fn read(source: &mut (impl Read + Seek)) -> Result<Self, Error> {
        let end = source.seek(SeekFrom::End(0))?;
        let (mut at, mut open) = (0, vec![end]);
        let (mut media, mut chunks) = (None, Vec::new());
        for _ in 0..MAX_BOXES {
            while open.last().is_some_and(|end| at + 8 > *end) {
                at = open.pop().unwrap_or(end);
            }
            let Some(end) = open.last().copied() else { break };
            source.seek(SeekFrom::Start(at))?;
            let head = take(source, 16)?;
            let [a, b, c, d, kind @ ..] = &head[..] else { break };
            let short = u64::from(u32::from_be_bytes([*a, *b, *c, *d]));
            let kind = kind.get(..4).unwrap_or_default();
            let (inside, size) = match (short, head.get(8..).map(<[u8; 8]>::try_from)) {
                (1, Some(Ok(long))) => (at + 16, u64::from_be_bytes(long)),
                (0, _) => (at + 8, end - at),
                (size, _) => (at + 8, size),
            };
            let next = at.checked_add(size).filter(|next| *next >= inside && *next <= end);
            let Some(next) = next else { break };
            match kind {
                b"moof" => return Err(refused("it is in fragments")),
                b"mdat" if media.replace(inside).is_some() => {
                    return Err(refused("its sound is in several places"));
                }
                b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" => {
                    open.push(next);
                    at = inside;
                    continue;
                }
                b"stco" => chunks.extend(table(source, inside, next, 4)?),
                b"co64" => chunks.extend(table(source, inside, next, 8)?),
                _ => {}
            }
            at = next;
        }
        let media = i128::from(media.unwrap_or_default());
        Ok(Self { chunks: chunks.into_iter().map(|at| i128::from(at) - media).collect() })
    }
}

/// Numbers of so many bytes behind a version and a count.
fn table(
    source: &mut (impl Read + Seek),
    inside: u64,
    next: u64,
    width: usize,
) -> Result<Vec<u64>, Error> {
    if next - inside > MAX_TABLE_BYTES {
        return Err(refused("it has too many chunks"));
    }
    source.seek(SeekFrom::Start(inside))?;
    let bytes = take(source, (next - inside) as usize)?;
    let places = bytes.get(8..).unwrap_or_default().chunks_exact(width);
    Ok(places.map(|place| place.iter().fold(0, |sum, b| sum << 8 | u64::from(*b))).collect())
}
