use crate::analysis::levels::Levels;
use crate::{Buffer, Decibels};

/// The lowest and highest sample of a stretch, over all channels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    /// The lowest sample.
    pub low: f32,
    /// The highest sample.
    pub high: f32,
}

/// The outline of a sound in equal stretches, for a picture. Fewer than `columns` when the sound
/// has fewer frames.
pub fn extremes(buffer: &Buffer, columns: usize) -> Vec<Extremes> {
    let length = buffer.length().index();
    let columns = columns.min(length);
    let stretch = |column: usize| {
        let span = column * length / columns..(column + 1) * length / columns;
        let samples = buffer.planes().iter().flat_map(|plane| &plane[span.clone()]);
        let start = Extremes { low: f32::INFINITY, high: f32::NEG_INFINITY };
        samples.fold(start, |e, s| Extremes { low: e.low.min(*s), high: e.high.max(*s) })
    };
    (0..columns).map(stretch).collect()
}

/// The level of a sound over its whole length and all channels, dBFS of a sine's RMS less 3.01;
/// `None` for silence.
pub fn rms(buffer: &Buffer) -> Option<Decibels> {
    Levels::of(buffer).rms(buffer.length().0)
}

/// The mean of the channel that is furthest off zero, full scale 1.
pub fn dc_offset(buffer: &Buffer) -> f64 {
    Levels::of(buffer).dc_offset(buffer.length().0)
}
