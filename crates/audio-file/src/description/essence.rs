use std::io::{Read, Seek, SeekFrom};

use crate::Error;

/// What of a file stays the same when its words change: the beginning of its coded sound, without
/// what stands before, between and behind it. Two files with one essence hold the same recording in
/// the same coding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Essence(Vec<u8>);

/// Coded sound that is taken: at 48 kbit/s, the thinnest there is, 2.7 s.
const TAKEN_BYTES: usize = 16 << 10;
/// Where the sound begins: after a cover and pages of lyrics at most.
const MAX_HEAD_BYTES: u64 = 24 << 20;
/// Boxes, chunks and blocks passed over before the sound; a book has a few hundred chapters.
const MAX_PARTS: usize = 4_096;

impl Essence {
    /// Reads the essence; none where the file ends before its sound begins or is none we know.
    ///
    /// # Errors
    /// Those of reading.
    pub fn read(source: &mut (impl Read + Seek)) -> Result<Option<Self>, Error> {
        source.rewind()?;
        let mut begins_at = 0;
        let mut head = take(source, 12)?;
        if let Some(tag) = id3v2(&head) {
            begins_at = source.seek(SeekFrom::Start(tag))?;
            head = take(source, 12)?;
        }
        let sound = match &head[..] {
            [b'f', b'L', b'a', b'C', ..] => flac(source, begins_at)?,
            [b'O', b'g', b'g', b'S', ..] => return ogg(source, begins_at),
            [b'R', b'I' | b'F', b'F' | b'6', b'F' | b'4', .., b'W', b'A', b'V', b'E'] => {
                chunk(source, begins_at, *b"data", u32::from_le_bytes)?
            }
            [b'F', b'O', b'R', b'M', .., b'A', b'I', b'F', b'F' | b'C'] => {
                chunk(source, begins_at, *b"SSND", u32::from_be_bytes)?
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4(source, begins_at)?,
            // The others begin with their sound, or with a header that says nothing of the song.
            _ => Some(begins_at),
        };
        let Some(sound) = sound.filter(|at| *at <= MAX_HEAD_BYTES) else { return Ok(None) };
        source.seek(SeekFrom::Start(sound))?;
        Ok(Self::of(take(source, TAKEN_BYTES)?))
    }

    fn of(taken: Vec<u8>) -> Option<Self> {
        (!taken.is_empty()).then_some(Self(taken))
    }

    /// The bytes, to be hashed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Up to `count` bytes; fewer at the end of the file.
fn take(source: &mut impl Read, count: usize) -> Result<Vec<u8>, Error> {
    let mut taken = Vec::with_capacity(count);
    source.take(count as u64).read_to_end(&mut taken)?;
    Ok(taken)
}

/// Where an ID3v2 tag at the beginning ends: ID3v2.4, 3.1.
fn id3v2(head: &[u8]) -> Option<u64> {
    let [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] = *head else { return None };
    let size = [a, b, c, d].into_iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    Some(10 + size + footer)
}

/// Behind the metadata blocks: RFC 9639, 8.
fn flac(source: &mut (impl Read + Seek), begins_at: u64) -> Result<Option<u64>, Error> {
    let mut at = begins_at + 4;
    for _ in 0..MAX_PARTS {
        source.seek(SeekFrom::Start(at))?;
        let [kind, a, b, c] = take(source, 4)?[..] else { return Ok(None) };
        at += 4 + u64::from(u32::from_be_bytes([0, a, b, c]));
        if kind & 0x80 != 0 {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Behind the head of a RIFF or IFF chunk.
fn chunk(
    source: &mut (impl Read + Seek),
    begins_at: u64,
    wanted: [u8; 4],
    number: fn([u8; 4]) -> u32,
) -> Result<Option<u64>, Error> {
    let mut at = begins_at + 12;
    for _ in 0..MAX_PARTS {
        source.seek(SeekFrom::Start(at))?;
        let [a, b, c, d, size @ ..] = &take(source, 8)?[..] else { return Ok(None) };
        if [*a, *b, *c, *d] == wanted {
            return Ok(Some(at + 8));
        }
        let Ok(size) = <[u8; 4]>::try_from(size) else { return Ok(None) };
        let size = u64::from(number(size));
        at += 8 + size + size % 2;
    }
    Ok(None)
}

/// Behind the head of the box of media data: ISO/IEC 14496-12, 4.2 and 8.1.1.
fn mp4(source: &mut (impl Read + Seek), begins_at: u64) -> Result<Option<u64>, Error> {
    let mut at = begins_at;
    for _ in 0..MAX_PARTS {
        source.seek(SeekFrom::Start(at))?;
        let head = take(source, 16)?;
        let [a, b, c, d, k, i, n, e, long @ ..] = &head[..] else { return Ok(None) };
        let short = u64::from(u32::from_be_bytes([*a, *b, *c, *d]));
        let (head, size) = match (short, <[u8; 8]>::try_from(long)) {
            (1, Ok(long)) => (16, u64::from_be_bytes(long)),
            (size, _) => (8, size),
        };
        if [*k, *i, *n, *e] == *b"mdat" {
            return Ok(Some(at + head));
        }
        // A box that goes on to the end, or one that would not get us on.
        if size < head {
            return Ok(None);
        }
        let Some(next) = at.checked_add(size) else { return Ok(None) };
        at = next;
    }
    Ok(None)
}

/// What the pages of an Ogg carry once sound begins (RFC 3533, 6): a page with a granule position
/// above 0. Pages are renumbered when comments grow, so their heads do not count.
fn ogg(source: &mut (impl Read + Seek), begins_at: u64) -> Result<Option<Essence>, Error> {
    let mut taken = Vec::new();
    let mut at = begins_at;
    while taken.len() < TAKEN_BYTES && at <= MAX_HEAD_BYTES {
        source.seek(SeekFrom::Start(at))?;
        let head = take(source, 27)?;
        let [b'O', b'g', b'g', b'S', .., segments] = &head[..] else { break };
        let lengths = take(source, usize::from(*segments))?;
        let size: usize = lengths.iter().map(|length| usize::from(*length)).sum();
        let granule = <[u8; 8]>::try_from(&head[6..14]).map_or(0, u64::from_le_bytes);
        // A page in which no packet ends has -1; before the first sound it belongs to the comments.
        let is_sound = granule != 0 && (granule != u64::MAX || !taken.is_empty());
        if is_sound {
            taken.extend(take(source, size)?);
        }
        at += 27 + u64::from(*segments) + size as u64;
    }
    taken.truncate(TAKEN_BYTES);
    Ok(Essence::of(taken))
}
