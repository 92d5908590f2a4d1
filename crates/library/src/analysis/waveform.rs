/// Points of a waveform: one for each pixel of a wide screen's seek bar, nearly.
pub const POINTS: usize = 1_000;
/// Peaks held while the length is not known; reached, each two become one. Between half of them and
/// all are left: at least two for each point.
const HELD: usize = 4 * POINTS;

/// Gathers the peaks of a sound of unknown length in bounded memory.
#[derive(Debug)]
pub(super) struct Waveform {
    peaks: Vec<f32>,
    /// Frames of each held peak.
    width: usize,
    /// Frames in the last one.
    filled: usize,
}

impl Waveform {
    pub(super) fn new() -> Self {
        Self { peaks: Vec::with_capacity(HELD), width: 1, filled: 1 }
    }

    /// Hears a block, one slice a channel; borders of blocks change nothing.
    pub(super) fn push(&mut self, planes: &[&[f32]]) {
        let length = planes.first().map_or(0, |plane| plane.len());
        let mut at = 0;
        while at < length {
            if self.filled == self.width || self.peaks.is_empty() {
                self.begin();
            }
            let end = length.min(at + self.width - self.filled);
            let heard = planes.iter().flat_map(|plane| &plane[at..end]);
            let peak = heard.fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
            if let Some(last) = self.peaks.last_mut() {
                *last = last.max(peak);
            }
            self.filled += end - at;
            at = end;
        }
    }

    fn begin(&mut self) {
        if self.peaks.len() == HELD {
            let pairs = self.peaks.chunks(2);
            self.peaks = pairs.map(|pair| pair.iter().fold(0.0, |a: f32, b| a.max(*b))).collect();
            self.width *= 2;
        }
        self.peaks.push(0.0);
        self.filled = 0;
    }

    /// The points. Each takes the held peaks it lies over.
    pub(super) fn finish(self) -> Vec<u8> {
        if self.peaks.is_empty() {
            return vec![0; POINTS];
        }
        let frames = (self.peaks.len() - 1) * self.width + self.filled;
        let point = |n: usize| {
            let (from, to) = (n * frames / POINTS, (n + 1) * frames / POINTS);
            // The last peak a point touches is the one of its last frame.
            let (first, last) = (from / self.width, to.max(from + 1).div_ceil(self.width));
            let peaks = &self.peaks[first..last.min(self.peaks.len())];
            let peak = peaks.iter().fold(0.0_f32, |a, b| a.max(*b));
            (peak.min(1.0) * 255.0).round() as u8
        };
        (0..POINTS).map(point).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::{POINTS, Waveform};

    fn of(planes: &[&[f32]], block: usize) -> Vec<u8> {
        let mut waveform = Waveform::new();
        let length = planes[0].len();
        for at in (0..length).step_by(block) {
            let end = length.min(at + block);
            let part: Vec<&[f32]> = planes.iter().map(|plane| &plane[at..end]).collect();
            waveform.push(&part);
        }
        waveform.finish()
    }

    #[test]
    fn silence_and_full_scale_are_where_they_are() {
        for length in [1_000, 4_000, 4_001, 30_000, 1_000_000] {
            let mut plane = vec![0.0; length];
            plane[length / 2..].fill(-1.0);
            let points = of(&[&plane, &vec![0.0; length]], 777);
            assert_eq!(points.len(), POINTS);
            assert!(points[..POINTS / 2 - 1].iter().all(|p| *p == 0), "{length}");
            assert!(points[POINTS / 2..].iter().all(|p| *p == 255), "{length}");
        }
        assert_eq!(of(&[&[0.5, 0.0]], 1)[..POINTS / 2], [128; POINTS / 2]);
        assert_eq!(Waveform::new().finish(), [0; POINTS]);
    }

    proptest! {
        #[test]
        fn borders_of_blocks_change_nothing_and_no_peak_is_lost(
            plane in prop::collection::vec(-1.5_f32..1.5, 1..20_000),
            block in 1_usize..5_000,
        ) {
            let points = of(&[&plane], block);
            assert_eq!(points, of(&[&plane], usize::MAX >> 1));
            let peak = plane.iter().fold(0.0_f32, |a, b| a.max(b.abs())).min(1.0);
            assert_eq!(points.into_iter().max(), Some((peak * 255.0).round() as u8));
        }
    }
}
