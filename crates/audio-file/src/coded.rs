//! The coded sound of a file, without what stands before, between and behind it.

use std::io::{Read, Seek, SeekFrom};

use crate::Error;

/// Where the sound begins: after a cover and pages of lyrics at most.
const MAX_HEAD_BYTES: u64 = 24 << 20;
/// Boxes, chunks and blocks passed over before the sound; a book has a few hundred chapters.
const MAX_PARTS: usize = 4_096;
/// Tags behind the sound that are passed over; files with more were tagged by nobody we know.
const MAX_TAILS: usize = 4;

/// Reads the coded sound and nothing else.
#[derive(Debug)]
pub(crate) struct Coded<'a, S> {
    source: &'a mut S,
    /// Bytes left where the source stands.
    left: u64,
    pages: Option<Pages>,
}

/// An Ogg: its sound is what its pages carry (RFC 3533, 6), once a page has a granule position
/// above 0. Pages are renumbered when comments grow, so their heads do not count.
#[derive(Debug)]
struct Pages {
    next: u64,
    begun: bool,
}

impl<'a, S: Read + Seek> Coded<'a, S> {
    /// Finds the sound; none where the file ends before it begins or is none we know.
    pub(crate) fn find(source: &'a mut S) -> Result<Option<Self>, Error> {
        source.rewind()?;
        let mut begins_at = 0;
        let mut head = take(source, 12)?;
        if let Some(tag) = id3v2(&head) {
            begins_at = source.seek(SeekFrom::Start(tag))?;
            head = take(source, 12)?;
        }
        let span = match &head[..] {
            [b'f', b'L', b'a', b'C', ..] => match flac(source, begins_at)? {
                Some(at) => to_tail(source, at)?,
                None => None,
            },
            [b'O', b'g', b'g', b'S', ..] => {
                let pages = Some(Pages { next: begins_at, begun: false });
                return Ok(Some(Self { source, left: 0, pages }));
            }
            [b'R', b'I' | b'F', b'F' | b'6', b'F' | b'4', .., b'W', b'A', b'V', b'E'] => {
                chunk(source, begins_at, *b"data", u32::from_le_bytes)?
            }
            [b'F', b'O', b'R', b'M', .., b'A', b'I', b'F', b'F' | b'C'] => {
                chunk(source, begins_at, *b"SSND", u32::from_be_bytes)?
            }
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => mp4(source, begins_at)?,
            // The others begin with their sound, or with a header that says nothing of the song.
            _ => to_tail(source, begins_at)?,
        };
        let Some((at, left)) = span.filter(|(at, _)| *at <= MAX_HEAD_BYTES) else {
            return Ok(None);
        };
        source.seek(SeekFrom::Start(at))?;
        Ok(Some(Self { source, left, pages: None }))
    }

    /// Stands at the next page that carries sound; false where there is none.
    fn turn(&mut self) -> std::io::Result<bool> {
        let Some(pages) = &mut self.pages else { return Ok(false) };
        while pages.begun || pages.next <= MAX_HEAD_BYTES {
            self.source.seek(SeekFrom::Start(pages.next))?;
            let Some(page) = page(self.source)? else { return Ok(false) };
            pages.next += page.head + page.size;
            // A page in which no packet ends has -1; before the first sound it belongs to the
            // comments.
            pages.begun |= page.granule != 0 && page.granule != u64::MAX;
            if pages.begun && page.size > 0 {
                self.left = page.size;
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl<S: Read + Seek> Read for Coded<'_, S> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        if self.left == 0 && !self.turn()? {
            return Ok(0);
        }
        let read = self.source.take(self.left).read(buf)?;
        self.left -= read as u64;
        Ok(read)
    }
}

/// Whether two files hold the same coded sound, to the last byte.
pub(crate) fn is_same<A: Read + Seek, B: Read + Seek>(a: &mut A, b: &mut B) -> Result<bool, Error> {
    const BLOCK: usize = 64 << 10;
    let (Some(mut a), Some(mut b)) = (Coded::find(a)?, Coded::find(b)?) else { return Ok(false) };
    loop {
        let (left, right) = (take(&mut a, BLOCK)?, take(&mut b, BLOCK)?);
        if left != right {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
    }
}

/// Streams that begin in an Ogg, one after the other or beside each other.
pub(crate) fn ogg_streams(source: &mut (impl Read + Seek)) -> Result<usize, Error> {
    let (mut at, mut streams) = (0, 0);
    source.rewind()?;
    while let Some(page) = page(source)? {
        streams += usize::from(page.begins);
        at += page.head + page.size;
        source.seek(SeekFrom::Start(at))?;
    }
    Ok(streams)
}

struct Page {
    head: u64,
    size: u64,
    granule: u64,
    begins: bool,
}

/// The head of the page that begins where the source stands.
fn page(source: &mut impl Read) -> std::io::Result<Option<Page>> {
    const BEGINS_A_STREAM: u8 = 2;
    let head = take(source, 27)?;
    let [b'O', b'g', b'g', b'S', _, flags, .., segments] = &head[..] else { return Ok(None) };
    if head.len() < 27 {
        return Ok(None);
    }
    let lengths = take(source, usize::from(*segments))?;
    Ok(Some(Page {
        head: 27 + u64::from(*segments),
        size: lengths.iter().map(|length| u64::from(*length)).sum(),
        granule: <[u8; 8]>::try_from(&head[6..14]).map_or(0, u64::from_le_bytes),
        begins: flags & BEGINS_A_STREAM != 0,
    }))
}

/// Up to `count` bytes; fewer at the end of the file.
pub(crate) fn take(source: &mut impl Read, count: usize) -> std::io::Result<Vec<u8>> {
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

/// From there to the end, without the tags of ID3v1 and APE behind the sound.
fn to_tail(source: &mut (impl Read + Seek), begins_at: u64) -> Result<Option<(u64, u64)>, Error> {
    const ID3V1: u64 = 128;
    const FOOTER: u64 = 32;
    let mut end = source.seek(SeekFrom::End(0))?;
    for _ in 0..MAX_TAILS {
        let Some(room) = end.checked_sub(begins_at) else { return Ok(None) };
        if room >= ID3V1 {
            source.seek(SeekFrom::Start(end - ID3V1))?;
            if take(source, 3)? == b"TAG" {
                end -= ID3V1;
                continue;
            }
        }
        if room < FOOTER {
            break;
        }
        source.seek(SeekFrom::Start(end - FOOTER))?;
        let footer = take(source, FOOTER as usize)?;
        let [b'A', b'P', b'E', b'T', b'A', b'G', b'E', b'X', .., flags, _, _, _, _, _, _, _, _] =
            footer[..]
        else {
            break;
        };
        // APEv2: the size counts the footer and not the header, which the highest bit announces.
        let size = <[u8; 4]>::try_from(&footer[12..16]).map_or(0, u32::from_le_bytes);
        let header = if flags & 0x80 != 0 { FOOTER } else { 0 };
        let size = u64::from(size).max(FOOTER) + header;
        if size > room {
            break;
        }
        end -= size;
    }
    Ok(end.checked_sub(begins_at).map(|left| (begins_at, left)))
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

/// The inside of a RIFF or IFF chunk.
fn chunk(
    source: &mut (impl Read + Seek),
    begins_at: u64,
    wanted: [u8; 4],
    number: fn([u8; 4]) -> u32,
) -> Result<Option<(u64, u64)>, Error> {
    let mut at = begins_at + 12;
    for _ in 0..MAX_PARTS {
        source.seek(SeekFrom::Start(at))?;
        let [a, b, c, d, size @ ..] = &take(source, 8)?[..] else { return Ok(None) };
        let Ok(size) = <[u8; 4]>::try_from(size) else { return Ok(None) };
        let size = number(size);
        if [*a, *b, *c, *d] == wanted {
            // A size that was not known when it was written, or stands elsewhere: to the end.
            let is_known = size != 0 && size != u32::MAX;
            return Ok(Some((at + 8, if is_known { u64::from(size) } else { u64::MAX })));
        }
        at += 8 + u64::from(size) + u64::from(size % 2);
    }
    Ok(None)
}

/// The inside of the box of media data: ISO/IEC 14496-12, 4.2 and 8.1.1.
fn mp4(source: &mut (impl Read + Seek), begins_at: u64) -> Result<Option<(u64, u64)>, Error> {
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
            // One of size 0 goes on to the end.
            return Ok(Some((at + head, size.checked_sub(head).unwrap_or(u64::MAX))));
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
