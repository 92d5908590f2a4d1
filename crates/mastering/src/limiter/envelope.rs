use audio::dsp::Oversampler;
use audio::loudness::Oversampling;

/// For every frame the largest magnitude of any channel in the two steps that touch it, on a grid
/// eight times as fine as the samples.
#[derive(Debug, Clone)]
pub struct PeakEnvelope {
    oversampler: Oversampler,
    /// Per channel the samples the filter still hears, then the current block.
    windows: Vec<Vec<f32>>,
    /// The peak of the step before the block.
    last_step: f32,
}

/// Frames looked at together: small enough for the first cache, two chunks of the oversampler.
const BLOCK: usize = 254;

impl PeakEnvelope {
    /// An envelope of silence.
    pub fn new(channels: usize) -> Self {
        let oversampler = Oversampler::new(Oversampling::Eight);
        let windows = vec![vec![0.0; oversampler.history()]; channels];
        Self { oversampler, windows, last_step: 0.0 }
    }

    /// How many frames the envelope lags behind the samples.
    pub fn latency(&self) -> usize {
        self.oversampler.delay()
    }

    /// Reads one block; `peaks` becomes as long as it.
    pub fn read<P: AsRef<[f32]>>(&mut self, planes: &[P], peaks: &mut Vec<f32>) {
        let length = planes[0].as_ref().len();
        peaks.clear();
        peaks.resize(length, 0.0);
        for start in (0..length).step_by(BLOCK) {
            let end = (start + BLOCK).min(length);
            let steps = &mut peaks[start..end];
            for (window, plane) in self.windows.iter_mut().zip(planes) {
                window.truncate(self.oversampler.history());
                window.extend_from_slice(&plane.as_ref()[start..end]);
                self.oversampler.peaks_into(window, steps);
                window.drain(..end - start);
            }
            // A sample belongs to the step before it and the step after it.
            for step in steps {
                let before = std::mem::replace(&mut self.last_step, *step);
                *step = before.max(*step);
            }
        }
    }
}
