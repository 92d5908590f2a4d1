use crate::Error;

/// One chunk of a RIFF file: four letters and its bytes, without the padding byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk<'a> {
    pub(crate) id: [u8; 4],
    pub(crate) data: &'a [u8],
    /// Where `data` begins in the file.
    pub(crate) offset: usize,
}

/// The most chunks read from one list. A SoundFont needs fewer than 20.
const MAX_CHUNKS: usize = 256;

/// Splits a list into chunks. `offset` is where `data` begins in the file.
///
/// A chunk that claims more bytes than there are is refused; a missing last padding byte is not.
pub(crate) fn chunks(data: &[u8], offset: usize) -> Result<Vec<Chunk<'_>>, Error> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(header) = data.get(at..at + 8) {
        if found.len() == MAX_CHUNKS {
            return Err(Error::BrokenBank { chunk: "RIFF", reason: "too many chunks" });
        }
        let size = u32_at(header, 4) as usize;
        let start = at + 8;
        let body = start
            .checked_add(size)
            .and_then(|end| data.get(start..end))
            .ok_or(Error::BrokenBank { chunk: "RIFF", reason: "a chunk is cut short" })?;
        let id = [header[0], header[1], header[2], header[3]];
        found.push(Chunk { id, data: body, offset: offset + start });
        // Some writers of SF3 forget the padding byte; an identifier never begins with zero.
        let padded = size % 2 == 1 && data.get(start + size) == Some(&0);
        at = start + size + usize::from(padded);
    }
    Ok(found)
}

/// The chunks of a `LIST` (or `RIFF`) chunk and its form type.
pub(crate) fn list<'a>(chunk: &Chunk<'a>) -> Result<([u8; 4], Vec<Chunk<'a>>), Error> {
    let form = chunk
        .data
        .get(..4)
        .ok_or(Error::BrokenBank { chunk: "LIST", reason: "the form type is missing" })?;
    let inner = chunks(&chunk.data[4..], chunk.offset + 4)?;
    Ok(([form[0], form[1], form[2], form[3]], inner))
}

/// A little-endian number; the caller has checked that the bytes are there.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

/// A little-endian number; the caller has checked that the bytes are there.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::chunks;

    #[test]
    fn a_size_beyond_the_file_is_refused() {
        let mut bytes = b"smpl".to_vec();
        bytes.extend(u32::MAX.to_le_bytes());
        assert!(chunks(&bytes, 0).is_err());
    }

    #[test]
    fn a_forgotten_padding_byte_is_forgiven() {
        let found = chunks(b"abcd\x01\0\0\0xefgh\0\0\0\0", 0).unwrap();
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn odd_chunks_are_padded() {
        let bytes = b"abcd\x01\0\0\0x\0efgh\0\0\0\0";
        let found = chunks(bytes, 0).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].id, *b"efgh");
        assert_eq!(found[1].offset, 18);
    }
}
