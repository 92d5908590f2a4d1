//! Tells a torn tail from damage in the middle: only damage has sound records after it.

use std::fs::File;
use std::path::Path;

use market::Sequence;

use super::fill;
use crate::record::{FRAME, MAX_PAYLOAD, Parsed, parse, plausible};
use crate::{Checksums, Error};

/// Looked through at once: several of the longest records.
const WINDOW: usize = 4 << 20;
/// So many frames that could be records and are not are no accident: whatever this is, it is not
/// the torn end of one record. Also bounds the work that hostile bytes can ask for.
const MAX_CANDIDATES: u32 = 1_000;

/// Whether a sound record numbered `expected` or later stands anywhere behind byte `offset`, where
/// record `expected` should begin and does not.
pub(super) fn sound_record_after(
    file: &File,
    path: &Path,
    offset: u64,
    expected: Sequence,
) -> Result<bool, Error> {
    let end = file.metadata().map_err(Error::io("read", path))?.len();
    let room = end.saturating_sub(offset);
    let most = Sequence(expected.0.saturating_add(room / FRAME as u64));
    let mut window = vec![0; WINDOW.min(usize::try_from(room).unwrap_or(WINDOW))];
    let (mut base, mut candidates) = (offset + 1, 0);
    while base < end {
        let filled = fill(file, path, base, &mut window)?;
        let is_last = filled < window.len() || base + filled as u64 >= end;
        // Behind this place a record might not end within the window; the next one begins there.
        let stop = if is_last { filled } else { filled - (FRAME + MAX_PAYLOAD) };
        for at in 0..stop {
            let rest = &window[at..filled];
            let Some(frame) = rest.first_chunk::<FRAME>() else { break };
            let Some(sequence) = plausible(frame).filter(|s| (expected..=most).contains(s)) else {
                continue;
            };
            match parse(rest, sequence, Checksums::Verified) {
                Parsed::Whole { .. } => return Ok(true),
                Parsed::Short(_) => {}
                Parsed::Bad(_) | Parsed::Misplaced(_) => candidates += 1,
            }
            if candidates > MAX_CANDIDATES {
                return Ok(true);
            }
        }
        if is_last {
            return Ok(false);
        }
        base += stop as u64;
    }
    Ok(false)
}
