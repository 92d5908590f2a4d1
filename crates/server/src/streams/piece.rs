//! Sound on the wire: one self-contained binary message for each piece of it.

use audio_file::{Depth, Quantiser};
use clock::Seed;

use super::message::Format;

/// Bytes of the header.
const HEADER: usize = 32;
/// Frames of a piece at most: a tenth of a second.
pub(super) const MAX_FRAMES: usize = 4_800;
/// The first piece of an epoch.
pub(super) const DISCONTINUITY: u8 = 1;
/// Nothing comes behind it.
pub(super) const LAST: u8 = 2;
/// Left and right as they are mastered, and as they came.
const PAIRS: u8 = 4;
/// What is computed is dithered, the same at the same frame.
const DITHER: Seed = Seed(0x7472_6961_6473);

/// Which piece of an epoch it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) epoch: u32,
    pub(super) number: u32,
    pub(super) first_frame: u64,
    pub(super) place: u32,
    pub(super) flags: u8,
}

/// Puts planes of one length, two or four, into a message.
pub(super) fn encode(label: Label, format: Format, planes: &[&[f32]]) -> Vec<u8> {
    let frames = planes[0].len();
    let kind = match format {
        Format::PcmS16 => 1,
        Format::PcmF32 => 2,
    };
    let pairs = if planes.len() == 4 { PAIRS } else { 0 };
    let mut bytes = Vec::with_capacity(HEADER + frames * planes.len() * 4);
    bytes.extend([kind, label.flags | pairs]);
    bytes.extend((HEADER as u16).to_le_bytes());
    bytes.extend(label.epoch.to_le_bytes());
    bytes.extend(label.number.to_le_bytes());
    bytes.extend((frames as u32).to_le_bytes());
    bytes.extend(label.first_frame.to_le_bytes());
    bytes.extend(label.place.to_le_bytes());
    bytes.extend([0; 4]);
    match format {
        Format::PcmF32 => {
            for n in 0..frames {
                planes.iter().for_each(|plane| bytes.extend(plane[n].to_le_bytes()));
            }
        }
        Format::PcmS16 => {
            let quantiser = Quantiser::sparing(Depth::Sixteen, DITHER);
            let whole = planes
                .iter()
                .enumerate()
                .map(|(channel, plane)| quantiser.plane(plane, channel, label.first_frame, &mut 0));
            let whole: Vec<Vec<i32>> = whole.collect();
            for n in 0..frames {
                whole.iter().for_each(|plane| bytes.extend((plane[n] as i16).to_le_bytes()));
            }
        }
    }
    let sum = crc32fast::hash(&bytes[HEADER..]);
    bytes[HEADER - 4..HEADER].copy_from_slice(&sum.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::{DISCONTINUITY, Label, encode};
    use crate::streams::message::Format;

    const LABEL: Label =
        Label { epoch: 7, number: 1, first_frame: 1 << 33, place: 3, flags: DISCONTINUITY };

    #[test]
    fn a_piece_is_a_header_and_interleaved_samples() {
        let bytes = encode(LABEL, Format::PcmF32, &[&[0.25, 0.5], &[-0.25, -0.5]]);
        assert_eq!(&bytes[..4], [2, 1, 32, 0]);
        assert_eq!(&bytes[4..16], [7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0]);
        assert_eq!(&bytes[16..28], [0, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(&bytes[28..32], crc32fast::hash(&bytes[32..]).to_le_bytes());
        let samples: Vec<f32> = bytes[32..]
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        assert_eq!(samples, [0.25, -0.25, 0.5, -0.5]);
    }

    #[test]
    fn what_is_whole_in_sixteen_bits_stays_what_it_is() {
        let plane = |n: i16| [f32::from(n) / 32_768.0, -f32::from(n) / 32_768.0];
        let planes = [plane(1), plane(-32_768), plane(1_000), plane(32_767)];
        let planes: Vec<&[f32]> = planes.iter().map(|plane| &plane[..]).collect();
        let bytes = encode(LABEL, Format::PcmS16, &planes);
        assert_eq!(bytes[1], 1 | 4);
        let samples: Vec<i16> =
            bytes[32..].chunks_exact(2).map(|two| i16::from_le_bytes([two[0], two[1]])).collect();
        assert_eq!(samples, [1, -32_768, 1_000, 32_767, -1, 32_767, -1_000, -32_767]);
    }
}
