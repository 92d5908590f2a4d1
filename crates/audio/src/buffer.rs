use crate::{Frames, Layout, SampleRate};

/// Sound in memory: one `f32` plane per channel, all of one length. Full scale is +-1.0, and
/// values beyond it are kept.
#[derive(Debug, PartialEq)]
pub struct Buffer {
    rate: SampleRate,
    layout: Layout,
    planes: Vec<Vec<f32>>,
}

/// Planes that do not make a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// A number of channels that no [`Layout`] has.
    #[error("{0} channels are not supported: 1 to 6, or 8")]
    Channels(usize),
    /// Channels of different lengths.
    #[error("channels differ in length: {0} and {1} frames")]
    Lengths(usize, usize),
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        Self { planes: self.planes.clone(), ..*self }
    }

    /// In the memory there is: the derived one would ask for more.
    fn clone_from(&mut self, source: &Self) {
        (self.rate, self.layout) = (source.rate, source.layout);
        self.planes.clone_from(&source.planes);
    }
}

impl Buffer {
    /// Silence.
    pub fn silent(rate: SampleRate, layout: Layout, length: Frames) -> Self {
        // Each plane by itself: fresh memory is silent already, and is not copied.
        let planes = (0..layout.channels()).map(|_| vec![0.0; length.index()]).collect();
        Self { rate, layout, planes }
    }

    /// Becomes [`Self::silent`], in the memory it has as far as that reaches.
    pub fn silence(&mut self, rate: SampleRate, layout: Layout, length: Frames) {
        let mut spent = std::mem::take(&mut self.planes).into_iter();
        *self = Self { rate, layout, planes: Vec::with_capacity(layout.channels()) };
        for _ in 0..layout.channels() {
            let plane = match spent.next() {
                Some(mut plane) if plane.capacity() >= length.index() => {
                    plane.clear();
                    plane.resize(length.index(), 0.0);
                    plane
                }
                _ => vec![0.0; length.index()],
            };
            self.planes.push(plane);
        }
    }

    /// One centre channel.
    pub fn mono(rate: SampleRate, samples: Vec<f32>) -> Self {
        Self { rate, layout: Layout::Mono, planes: vec![samples] }
    }

    /// From planes in the channel order of the [`Layout`] with as many channels.
    pub fn from_planes(rate: SampleRate, planes: Vec<Vec<f32>>) -> Result<Self, ShapeError> {
        let layout = Layout::of_channels(planes.len()).ok_or(ShapeError::Channels(planes.len()))?;
        let length = planes[0].len();
        if let Some(other) = planes.iter().find(|p| p.len() != length) {
            return Err(ShapeError::Lengths(length, other.len()));
        }
        Ok(Self { rate, layout, planes })
    }

    /// Samples per second.
    pub fn rate(&self) -> SampleRate {
        self.rate
    }

    /// Which speakers the channels feed.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Length in frames.
    pub fn length(&self) -> Frames {
        Frames(self.planes[0].len() as u64)
    }

    /// Length in seconds.
    pub fn seconds(&self) -> f64 {
        self.length().seconds(self.rate)
    }

    /// All channels.
    pub fn planes(&self) -> &[Vec<f32>] {
        &self.planes
    }

    /// All channels, to write on. Each stays as long as it is.
    pub fn planes_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.planes.iter_mut().map(Vec::as_mut_slice)
    }

    /// One channel. Panics if there is no such channel.
    pub fn plane(&self, channel: usize) -> &[f32] {
        &self.planes[channel]
    }

    /// The first two channels to write on at once; none for mono.
    pub fn stereo_mut(&mut self) -> Option<(&mut [f32], &mut [f32])> {
        match self.planes.as_mut_slice() {
            [left, right, ..] => Some((left, right)),
            _ => None,
        }
    }

    /// Takes the planes out.
    pub fn into_planes(self) -> Vec<Vec<f32>> {
        self.planes
    }

    /// Cuts or pads with silence at the end.
    pub fn resize(&mut self, length: Frames) {
        for plane in &mut self.planes {
            plane.resize(length.index(), 0.0);
        }
    }

    /// Drops frames from the beginning; all, if there are no more.
    pub fn skip(&mut self, count: Frames) {
        for plane in &mut self.planes {
            plane.drain(..count.index().min(plane.len()));
        }
    }

    /// The largest absolute sample; 0 for an empty buffer. NaN is ignored.
    pub fn peak(&self) -> f32 {
        self.planes.iter().flatten().fold(0.0, |peak, sample| sample.abs().max(peak))
    }

    /// The channel, then the frame, of the first NaN or infinite sample.
    pub fn first_not_finite(&self) -> Option<(usize, Frames)> {
        self.planes.iter().enumerate().find_map(|(channel, plane)| {
            plane.iter().position(|s| !s.is_finite()).map(|at| (channel, Frames(at as u64)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, ShapeError};
    use crate::{Frames, Layout, SampleRate};

    #[test]
    fn planes_must_agree() {
        let rate = SampleRate::STUDIO;
        assert_eq!(
            Buffer::from_planes(rate, vec![vec![0.0; 3], vec![0.0; 4]]),
            Err(ShapeError::Lengths(3, 4))
        );
        assert_eq!(Buffer::from_planes(rate, vec![]), Err(ShapeError::Channels(0)));
        assert_eq!(Buffer::from_planes(rate, vec![vec![]; 7]), Err(ShapeError::Channels(7)));
    }

    #[test]
    fn a_foreign_sample_is_found() {
        let mut buffer = Buffer::silent(SampleRate::CD, Layout::Stereo, Frames(4));
        assert_eq!(buffer.first_not_finite(), None);
        buffer.stereo_mut().unwrap().1[2] = f32::NAN;
        assert_eq!(buffer.first_not_finite(), Some((1, Frames(2))));
    }
}
