use audio::loudness::{KWeighting, integrated, weight};
use audio::{Decibels, Frames, Lufs};
use fault::Cancel;

use super::{Sound, refuse_foreign};
use crate::chain::Chain;
use crate::limiter::{GainCurve, PeakEnvelope, Reach};
use crate::rack::{self, Block, QUANTUM, Rack, TICK};

/// What a limiter at any drive would need to know of a sound: its peaks and its weighted energy,
/// a value each for every tick of 16 frames. Half a megabyte a minute.
pub(super) struct Trace {
    ticks_per_second: f64,
    peaks: Vec<f32>,
    energy: Vec<f32>,
}

/// What is to be expected of a gain.
pub(super) struct Prediction {
    pub(super) loudness: Option<Lufs>,
    pub(super) reach: Reach,
}

impl Trace {
    /// Hears a sound through the stages of a chain before its gain.
    pub(super) fn of<S: Sound>(
        sound: &mut S,
        chain: &Chain,
        cancel: &Cancel,
    ) -> Result<Self, S::Error> {
        let (rate, layout) = (sound.rate(), sound.layout());
        let mut probe = Probe {
            rack: Rack::new(rate, layout, chain, 1.0),
            envelope: PeakEnvelope::new(layout.channels()),
            weighting: vec![KWeighting::new(rate); rack::pairs(layout)],
            weights: layout.speakers().iter().map(|speaker| weight(*speaker)).collect(),
            work: vec![[[0.0; 2]; QUANTUM]; rack::pairs(layout)],
            planes: vec![[0.0; QUANTUM]; layout.channels()],
            filled: 0,
            peaks_of_quantum: Vec::new(),
            peaks: Vec::new(),
            energy: Vec::new(),
        };
        let mut at = Frames(0);
        sound.hear(&mut |block| {
            cancel.check()?;
            refuse_foreign(block, at)?;
            at = at + Frames(block[0].len() as u64);
            probe.push(block);
            Ok(())
        })?;
        // What is late in the rack and in the envelope comes out.
        let tail = [0.0; rack::LATENCY + 2 * QUANTUM];
        probe.push(&vec![tail.as_slice(); layout.channels()]);
        Ok(Self {
            ticks_per_second: rate.hz_f64() / TICK as f64,
            peaks: probe.peaks,
            energy: probe.energy,
        })
    }

    /// What a gain and the limiter behind it would make of the sound.
    pub(super) fn predict(&self, gain: Decibels, ceiling: Decibels) -> Prediction {
        let drive = gain.amplitude() as f32;
        let mut curve = GainCurve::coarse(self.ticks_per_second, ceiling);
        let latency = curve.latency();
        // Gating blocks are four steps of 100 ms.
        let mut steps = Vec::new();
        let (mut least, mut sum) = (1.0_f32, 0.0_f64);
        let later = std::iter::repeat_n(&0.0, latency);
        for (n, peak) in self.peaks.iter().chain(later).enumerate() {
            let factor = curve.next(peak * drive);
            let Some(tick) = n.checked_sub(latency) else { continue };
            least = least.min(factor);
            sum += f64::from(factor);
            let step = (tick as f64 * 10.0 / self.ticks_per_second) as usize;
            if steps.len() <= step {
                steps.resize(step + 1, 0.0);
            }
            let factor = f64::from(drive * factor);
            steps[step] += f64::from(self.energy[tick]) * factor * factor;
        }
        let frames = 0.4 * self.ticks_per_second * TICK as f64;
        let blocks: Vec<f64> =
            steps.windows(4).map(|four| four.iter().sum::<f64>() / frames).collect();
        let reach = Reach {
            deepest: Decibels::from_amplitude(f64::from(least)),
            mean: Decibels::from_amplitude(sum / self.peaks.len().max(1) as f64),
        };
        Prediction { loudness: integrated(&blocks), reach }
    }
}

/// A rack whose output is looked at and dropped.
struct Probe {
    rack: Rack,
    envelope: PeakEnvelope,
    weighting: Vec<KWeighting>,
    weights: Vec<f64>,
    work: Vec<Block>,
    planes: Vec<[f32; QUANTUM]>,
    filled: usize,
    peaks_of_quantum: Vec<f32>,
    peaks: Vec<f32>,
    energy: Vec<f32>,
}

impl Probe {
    fn push(&mut self, block: &[&[f32]]) {
        let mut at = 0;
        while at < block[0].len() {
            let count = (QUANTUM - self.filled).min(block[0].len() - at);
            for (channel, plane) in block.iter().enumerate() {
                let lane = &mut self.work[channel / 2][self.filled..self.filled + count];
                for (frame, sample) in lane.iter_mut().zip(&plane[at..at + count]) {
                    frame[channel % 2] = f64::from(*sample);
                }
            }
            at += count;
            self.filled += count;
            if self.filled == QUANTUM {
                self.turn();
            }
        }
    }

    fn turn(&mut self) {
        self.rack.process(&mut self.work);
        for (channel, plane) in self.planes.iter_mut().enumerate() {
            for (sample, frame) in plane.iter_mut().zip(&self.work[channel / 2]) {
                *sample = frame[channel % 2] as f32;
            }
        }
        self.envelope.read(&self.planes, &mut self.peaks_of_quantum);
        let largest = |ticks: &[f32]| ticks.iter().copied().fold(0.0, f32::max);
        self.peaks.extend(self.peaks_of_quantum.chunks(TICK).map(largest));
        for start in (0..QUANTUM).step_by(TICK) {
            let span = start..start + TICK;
            let mut sum = 0.0;
            for (pair, weighting) in self.weighting.iter_mut().enumerate() {
                let silence = [0.0; QUANTUM];
                let right = self.planes.get(2 * pair + 1).unwrap_or(&silence);
                let (left, right) = (&self.planes[2 * pair][span.clone()], &right[span.clone()]);
                let energy = weighting.energy(left, right, [0.0; 2]);
                weighting.flush();
                sum += self.weights[2 * pair] * energy[0];
                sum += self.weights.get(2 * pair + 1).map_or(0.0, |w| w * energy[1]);
            }
            self.energy.push(sum as f32);
        }
        self.filled = 0;
    }
}
