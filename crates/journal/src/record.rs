//! One record in a segment, little-endian: CRC-32 (4 bytes, IEEE) over all that follows, length of
//! the payload (4), sequence (8), kind (2), two zero bytes, the payload. The checksum stands first
//! so that what it covers is one run of bytes; the length is covered too.

use market::Sequence;

use crate::{Checksums, Error};

/// The longest payload, in bytes: a length beyond it is damage, so that no size is taken on trust.
pub const MAX_PAYLOAD: usize = 1 << 20;

/// Bytes before the payload.
pub(crate) const FRAME: usize = 20;

/// What a payload is; the one who writes it knows. [`crate::events::EVENT`] and
/// [`crate::contracts::CONTRACTS`] are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u16);

/// One record as it stands in a reader's buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its place in the journal, from the journal's first without holes.
    pub sequence: Sequence,
    /// What the payload is.
    pub kind: Kind,
    /// What was appended.
    pub payload: &'a [u8],
}

/// What bytes are where a record should begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// A sound record.
    Whole { kind: Kind, length: usize },
    /// The beginning of something that would have so many bytes.
    Short(usize),
    /// A sound record that does not belong here.
    Misplaced(Sequence),
    /// No record.
    Bad(&'static str),
}

/// Reads the record that begins `bytes` and should be number `expected`.
#[inline]
pub(crate) fn parse(bytes: &[u8], expected: Sequence, checksums: Checksums) -> Parsed {
    let Some(frame) = bytes.first_chunk::<FRAME>() else { return Parsed::Short(FRAME) };
    let [c0, c1, c2, c3, l0, l1, l2, l3, rest @ ..] = *frame;
    let [s0, s1, s2, s3, s4, s5, s6, s7, k0, k1, z0, z1] = rest;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    if length > MAX_PAYLOAD {
        return Parsed::Bad("its length is beyond the limit");
    }
    let Some(covered) = bytes.get(4..FRAME + length) else {
        return Parsed::Short(FRAME + length);
    };
    let crc = u32::from_le_bytes([c0, c1, c2, c3]);
    if checksums == Checksums::Verified && crc32fast::hash(covered) != crc {
        return Parsed::Bad("its checksum does not match");
    }
    if [z0, z1] != [0, 0] {
        return Parsed::Bad("its unused bytes are not zero");
    }
    let sequence = Sequence(u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]));
    if sequence != expected {
        return match checksums {
            Checksums::Verified => Parsed::Misplaced(sequence),
            Checksums::Trusted => Parsed::Bad("its sequence does not follow"),
        };
    }
    Parsed::Whole { kind: Kind(u16::from_le_bytes([k0, k1])), length }
}

/// The sequence of the record that may begin `bytes`, if its length and unused bytes are possible.
pub(crate) fn plausible(bytes: &[u8; FRAME]) -> Option<Sequence> {
    let [_, _, _, _, l0, l1, l2, l3, rest @ ..] = *bytes;
    let [s0, s1, s2, s3, s4, s5, s6, s7, _, _, z0, z1] = rest;
    let possible =
        u32::from_le_bytes([l0, l1, l2, l3]) as usize <= MAX_PAYLOAD && [z0, z1] == [0, 0];
    possible.then(|| Sequence(u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7])))
}

/// Appends a record to `out`.
///
/// # Errors
/// [`Error::Limit`] for a payload beyond [`MAX_PAYLOAD`].
pub(crate) fn put(
    out: &mut Vec<u8>,
    sequence: Sequence,
    kind: Kind,
    payload: &[u8],
) -> Result<(), Error> {
    let length = match u32::try_from(payload.len()) {
        Ok(length) if payload.len() <= MAX_PAYLOAD => length,
        _ => {
            return Err(Error::Limit {
                what: "a payload in bytes",
                given: payload.len() as u64,
                accepted: "at most MAX_PAYLOAD are taken",
            });
        }
    };
    let mut frame = [0; FRAME];
    frame[4..8].copy_from_slice(&length.to_le_bytes());
    frame[8..16].copy_from_slice(&sequence.0.to_le_bytes());
    frame[16..18].copy_from_slice(&kind.0.to_le_bytes());
    let begin = out.len();
    out.extend_from_slice(&frame);
    out.extend_from_slice(payload);
    let crc = crc32fast::hash(&out[begin + 4..]);
    out[begin..begin + 4].copy_from_slice(&crc.to_le_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use market::Sequence;

    use super::{FRAME, Kind, MAX_PAYLOAD, Parsed, parse, put};
    use crate::Checksums;

    #[test]
    fn the_layout_is_the_one_stored_journals_have() {
        let mut bytes = Vec::new();
        put(&mut bytes, Sequence(0x0102), Kind(7), b"abc").unwrap();
        assert_eq!(bytes.len(), FRAME + 3);
        assert_eq!(bytes[4..], [3, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, b'a', b'b', b'c']);
        // CRC-32 of those bytes by zlib.
        assert_eq!(bytes[..4], 0x4315_B97F_u32.to_le_bytes());
        let parsed = parse(&bytes, Sequence(0x0102), Checksums::Verified);
        assert_eq!(parsed, Parsed::Whole { kind: Kind(7), length: 3 });
        let misplaced = parse(&bytes, Sequence(9), Checksums::Verified);
        assert_eq!(misplaced, Parsed::Misplaced(Sequence(0x0102)));
        let short = parse(&bytes[..FRAME + 2], Sequence(0x0102), Checksums::Verified);
        assert_eq!(short, Parsed::Short(FRAME + 3));
    }

    #[test]
    fn a_payload_beyond_the_limit_is_refused_and_leaves_nothing() {
        let mut bytes = Vec::new();
        assert!(put(&mut bytes, Sequence(0), Kind(0), &vec![0; MAX_PAYLOAD + 1]).is_err());
        assert!(bytes.is_empty());
        put(&mut bytes, Sequence(0), Kind(0), &vec![0; MAX_PAYLOAD]).unwrap();
    }
}
