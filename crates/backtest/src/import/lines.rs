use std::io::Read;

/// The most bytes of a line: a thousand times those of a row of any table of a market.
const MAX_LINE: usize = 128 << 10;

/// Bytes of lines, of which none is too long to be held: one that is loses its end.
pub(super) struct Lines<R> {
    from: R,
    /// Bytes since the last line ended.
    length: usize,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from, length: 0 }
    }

    /// Moves what is kept of some bytes to their front; how many.
    fn cut(&mut self, bytes: &mut [u8]) -> usize {
        let mut kept = 0;
        for at in 0..bytes.len() {
            let byte = bytes[at];
            self.length = if ends_line(byte) { 0 } else { self.length + 1 };
            if self.length <= MAX_LINE {
                bytes[kept] = byte;
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let read = self.from.read(into)?;
            let bytes = &mut into[..read];
            if read > 0 && self.length + read > MAX_LINE {
                let kept = self.cut(bytes);
                // Nothing would be the end of the file.
                if kept == 0 {
                    continue;
                }
                return Ok(kept);
            }
            // No line in here can be too long: only the last one is measured.
            let tail = bytes.iter().rev().position(|byte| ends_line(*byte));
            self.length = tail.unwrap_or(self.length + read);
            return Ok(read);
        }
    }
}

/// As the reader of tables sees it.
fn ends_line(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::{Lines, MAX_LINE};

    /// What is read in pieces of a size.
    fn read(text: &[u8], piece: usize) -> Vec<u8> {
        let (mut lines, mut all, mut bytes) = (Lines::new(text), Vec::new(), vec![0; piece]);
        loop {
            let read = lines.read(&mut bytes).unwrap();
            if read == 0 {
                return all;
            }
            all.extend_from_slice(&bytes[..read]);
        }
    }

    #[test]
    fn a_line_that_is_too_long_loses_its_end_and_takes_no_other_along() {
        for end in ["\n", "\r\n"] {
            let line = |length: usize| format!("{}{end}", "x".repeat(length));
            let text = [line(3), line(MAX_LINE), line(5 * MAX_LINE), line(0), line(2)].concat();
            let cut = [line(3), line(MAX_LINE), line(MAX_LINE), line(0), line(2)].concat();
            for piece in [1_000, 64 << 10, 10 * MAX_LINE] {
                assert!(read(text.as_bytes(), piece) == cut.as_bytes(), "in pieces of {piece}");
            }
        }
        assert_eq!(read(&vec![b'x'; 4 * MAX_LINE], 4_096).len(), MAX_LINE);
    }
}
