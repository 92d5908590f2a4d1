use super::kernel::{Position, interpolate};
use super::sinc::{TAPS, Table, table};

/// The most source samples per output sample: five octaves up. Beyond it the pitch stays.
pub(crate) const MAX_STEP: f32 = 32.0;
/// Output samples per block.
pub(crate) const BLOCK: usize = 64;
/// Room for the source of one block at the largest step.
pub(crate) const WINDOW: usize = BLOCK * MAX_STEP as usize + 2 * TAPS;
/// Samples of history before a position.
const HISTORY: i64 = 7;

/// Plays a sample at any speed: once, or around its loop for as long as the loop holds.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    frames: &'a [f32],
    /// First frame of the loop and its length, while it holds.
    around: Option<(usize, usize)>,
    /// Counts on through the loop as if it were written out.
    position: Position,
    /// The coefficients for a step, kept while it lasts.
    table: (f32, &'static Table),
}

impl<'a> Reader<'a> {
    /// Plays `frames` from the beginning; with a loop of at least two frames inside them.
    pub(crate) fn new(frames: &'a [f32], start: usize, looped: Option<(usize, usize)>) -> Self {
        let around = looped
            .filter(|(from, to)| to.saturating_sub(*from) >= 2 && *to <= frames.len())
            .map(|(from, to)| (from, to - from));
        Self { frames, around, position: (start as u64) << 32, table: (1.0, table(1.0)) }
    }

    /// Lets the loop go: the rest of the sample follows.
    pub(crate) fn leave_loop(&mut self) {
        if let Some((from, length)) = self.around.take() {
            let whole = self.position >> 32;
            let inside = folded(whole as usize, from, length) as u64;
            self.position -= (whole - inside) << 32;
        }
    }

    /// Whether the sample has been played to its end.
    pub(crate) fn is_over(&self) -> bool {
        self.around.is_none() && (self.position >> 32) >= (self.frames.len() + TAPS / 2) as u64
    }

    /// The next `out.len()` samples, at most [`BLOCK`], at `step` source samples each.
    pub(crate) fn read(
        &mut self,
        avx2: bool,
        step: f32,
        window: &mut [f32; WINDOW],
        out: &mut [f32],
    ) {
        let ratio = step.clamp(0.0, MAX_STEP);
        if ratio.to_bits() != self.table.0.to_bits() {
            self.table = (ratio, table(ratio));
        }
        let step = (f64::from(ratio) * 4_294_967_296.0) as u64;
        let fraction = self.position & 0xffff_ffff;
        let needed = ((fraction + step * out.len() as u64) >> 32) as usize + TAPS;
        let at = (self.position >> 32) as i64 - HISTORY;
        let source = match self.straight(at, needed) {
            Some(straight) => straight,
            None => {
                self.fill(at, &mut window[..needed]);
                &window[..needed]
            }
        };
        interpolate(avx2, source, self.table.1, fraction, step, out);
        self.position += step * out.len() as u64;
    }

    /// The sound from `at` on, if it lies in the sample as it is to be read.
    fn straight(&self, at: i64, needed: usize) -> Option<&'a [f32]> {
        let at = usize::try_from(at).ok()?;
        let (from, end) = match self.around {
            Some((start, length)) => (folded(at, start, length), start + length),
            None => (at, self.frames.len()),
        };
        self.frames[..end].get(from..from + needed)
    }

    /// Copies the sound from `at` on, with silence around it and the loop unrolled.
    fn fill(&self, at: i64, out: &mut [f32]) {
        let before = (-at).clamp(0, out.len() as i64) as usize;
        let (silence, mut out) = out.split_at_mut(before);
        silence.fill(0.0);
        let mut at = at.max(0) as usize;
        while !out.is_empty() {
            let (from, to) = match self.around {
                Some((start, length)) => (folded(at, start, length), start + length),
                None => (at, self.frames.len()),
            };
            if from >= to {
                out.fill(0.0);
                return;
            }
            let count = out.len().min(to - from);
            let (now, later) = out.split_at_mut(count);
            now.copy_from_slice(&self.frames[from..from + count]);
            out = later;
            at += count;
        }
    }
}

/// Where a position of the unrolled loop lies in the sample.
fn folded(at: usize, start: usize, length: usize) -> usize {
    if at < start + length { at } else { start + (at - start) % length }
}

#[cfg(test)]
mod tests {
    use super::{Reader, WINDOW};

    #[test]
    fn a_loop_is_read_as_if_written_out() {
        let frames: Vec<f32> = (0..10).map(|n| n as f32).collect();
        let reader = Reader::new(&frames, 0, Some((4, 7)));
        let mut out = [0.0; 16];
        reader.fill(-2, &mut out);
        let expected =
            [0., 0., 0., 1., 2., 3., 4., 5., 6., 4., 5., 6., 4., 5., 6., 4.].map(|x: f32| x);
        assert_eq!(out, expected);
    }

    #[test]
    fn leaving_the_loop_plays_the_rest() {
        let frames: Vec<f32> = (0..10).map(|n| n as f32).collect();
        let mut reader = Reader::new(&frames, 0, Some((4, 7)));
        let mut window = [0.0; WINDOW];
        let mut out = [0.0; 8];
        reader.read(false, 1.0, &mut window, &mut out);
        reader.leave_loop();
        // Unrolled position 8 is frame 5.
        reader.read(false, 1.0, &mut window, &mut out[..5]);
        let rounded: Vec<i32> = out[..5].iter().map(|s| s.round() as i32).collect();
        assert_eq!(rounded, [5, 6, 7, 8, 9]);
        reader.read(false, 8.0, &mut window, &mut out);
        assert!(reader.is_over());
    }
}
