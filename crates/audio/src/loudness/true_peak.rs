use crate::dsp::Oversampler;

/// How finely the waveform between the samples is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oversampling {
    /// 4x by the filter BS.1770-5 annex 2 prints: what "dBTP" means in a report.
    Four,
    /// 8x by 48 taps a phase: what the limiter steers by.
    Eight,
    /// 16x by 64 taps a phase: the oracle that judges the limiter.
    Sixteen,
}

/// The true peak of one channel, fed block by block.
#[derive(Debug, Clone)]
pub struct TruePeak {
    oversampler: Oversampler,
    /// The last samples of earlier blocks, then the current block.
    window: Vec<f32>,
    peak: f32,
}

impl TruePeak {
    /// A channel that has heard nothing but silence.
    pub fn new(oversampling: Oversampling) -> Self {
        let oversampler = Oversampler::new(oversampling);
        let window = vec![0.0; oversampler.history()];
        Self { oversampler, window, peak: 0.0 }
    }

    /// Hears one block.
    pub fn push(&mut self, block: &[f32]) {
        let history = self.oversampler.history();
        for block in block.chunks(BLOCK) {
            self.window.truncate(history);
            self.window.extend_from_slice(block);
            self.peak = self.peak.max(self.oversampler.peak(&self.window));
            self.window.drain(..block.len());
        }
    }

    /// The largest magnitude so far, with what still rings after the last sample. 1.0 is 0 dBTP.
    pub fn finish(mut self) -> f32 {
        self.push(&vec![0.0; self.oversampler.history()]);
        self.peak
    }
}

/// Small enough that a block and its filtered phases stay in the first cache.
const BLOCK: usize = 1024;
