use std::io::{Read, Seek, SeekFrom};

/// Bytes that tell what a file is.
pub(super) const HEAD_BYTES: usize = 16;

/// ID3v2 tags before a file counts as one of tags only.
const MAX_TAGS: usize = 16;

/// The byte at which a file begins behind its ID3v2 tags. A tag is passed over unread, pictures and
/// all.
pub(super) fn after_tags(source: &mut (impl Read + Seek)) -> std::io::Result<u64> {
    const HEADER_BYTES: u64 = 10;
    const HAS_FOOTER: u8 = 0x10;
    let mut at = 0;
    for _ in 0..MAX_TAGS {
        source.seek(SeekFrom::Start(at))?;
        let head = head(source)?;
        let [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] = head else { break };
        let size = [a, b, c, d].iter().fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
        let footer = if flags & HAS_FOOTER == 0 { 0 } else { HEADER_BYTES };
        at += HEADER_BYTES + size + footer;
    }
    Ok(at)
}

/// What stands where the source is, padded with zeros at the end of a file.
pub(super) fn head(source: &mut impl Read) -> std::io::Result<[u8; HEAD_BYTES]> {
    let mut head = [0; HEAD_BYTES];
    let mut filled = 0;
    while filled < head.len() {
        match source.read(&mut head[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

/// Formats that are known and not decoded. Some hold the header of the WAVE they were made from, or
/// what looks like a frame of MPEG, and would be taken for that.
pub(super) fn foreign(head: &[u8; HEAD_BYTES]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 12] = [
        (b"wvpk", "WavPack"),
        (b"MAC ", "Monkey's Audio"),
        (b"tBaK", "TAK"),
        (b"TTA1", "True Audio"),
        (b"OFR ", "OptimFROG"),
        (b"MPCK", "Musepack"),
        (b"MP+", "Musepack"),
        (b"DSD ", "DSD"),
        (b"FRM8", "DSD"),
        (b"ADIF", "AAC in ADIF"),
        (b"\x30\x26\xb2\x75", "Windows Media Audio"),
        (b"\x0b\x77", "AC-3"),
    ];
    KNOWN.iter().find(|(start, _)| head.starts_with(start)).map(|(_, name)| *name)
}

/// Whether a file begins as this container of symphonia's does. The streams of frames have no
/// beginning of their own.
pub(super) fn begins_as(head: &[u8; HEAD_BYTES], container: &str) -> bool {
    match container {
        "wave" => head.starts_with(b"RIFF"),
        "aiff" => head.starts_with(b"FORM"),
        "flac" => head.starts_with(b"fLaC"),
        "ogg" => head.starts_with(b"OggS"),
        "isomp4" => &head[4..8] == b"ftyp",
        _ => true,
    }
}
