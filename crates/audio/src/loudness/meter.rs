use crate::loudness::k_weighting::KWeighting;
use crate::loudness::{Oversampling, TruePeak};
use crate::{Buffer, Decibels, Layout, Lufs, SampleRate, Speaker};

/// Bins of energy a second; the hop of the momentary and short-term maxima.
const BINS_PER_SECOND: u64 = 100;
/// 400 ms, the window of momentary loudness and the gating block.
const MOMENTARY_BINS: usize = 40;
/// 3 s, the window of short-term loudness.
const SHORT_TERM_BINS: usize = 300;
/// Gating blocks overlap by 75 %, and loudness range samples at 10 Hz: one value each 100 ms.
const BINS_PER_STEP: u64 = 10;
/// Silence put after the programme before the loudness range is read (EBU Tech 3342: at least 1.5 s).
const RANGE_TAIL_BINS: usize = 150;
/// BS.1770-5 and EBU Tech 3342: what is quieter than this is not programme.
const ABSOLUTE_GATE: f64 = -70.0;
/// BS.1770-5: gate below the mean of what passed the absolute gate, LU.
const RELATIVE_GATE: f64 = -10.0;
/// EBU Tech 3342: the same for the loudness range.
const RANGE_GATE: f64 = -20.0;

/// What a [`Meter`] heard. `None` stands for "not measurable": silence, or too short a sound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// Integrated loudness; needs 400 ms above the gate.
    pub integrated: Option<Lufs>,
    /// Loudness range in LU; needs 3 s above the gate.
    pub range: Option<Decibels>,
    /// The loudest 400 ms.
    pub max_momentary: Option<Lufs>,
    /// The loudest 3 s.
    pub max_short_term: Option<Lufs>,
    /// dBTP; none for digital silence, and for a meter made without true peak.
    pub true_peak: Option<Decibels>,
    /// dBFS; none for digital silence.
    pub sample_peak: Option<Decibels>,
}

/// Momentary and short-term loudness ten times a second, `None` below the absolute gate.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Each value is the 400 ms that end there; the first ends at 400 ms.
    pub momentary: Vec<Option<Lufs>>,
    /// Each value is the 3 s that end there; the first ends at 3 s.
    pub short_term: Vec<Option<Lufs>>,
}

/// Measures a programme fed in blocks of any size; block borders change nothing.
///
/// Samples must be finite: see [`Buffer::first_not_finite`].
#[derive(Debug, Clone)]
pub struct Meter {
    rate: SampleRate,
    channels: Vec<Channel>,
    weighting: Vec<KWeighting>,
    /// Frames heard, and where the running bin ends.
    heard: u64,
    bin_end: u64,
    /// Of each pair in the running bin.
    bin_energy: Vec<[f64; 2]>,
    bins: Bins,
    silence: Vec<f32>,
}

#[derive(Debug, Clone)]
struct Channel {
    weight: f64,
    sample_peak: f32,
    true_peak: Option<TruePeak>,
}

impl Meter {
    /// A meter with the standard's 4x true peak.
    pub fn new(rate: SampleRate, layout: Layout) -> Self {
        Self::with_true_peak(rate, layout, Some(Oversampling::Four))
    }

    /// A meter with another true peak, or none: the loudness figures are the same.
    pub fn with_true_peak(
        rate: SampleRate,
        layout: Layout,
        oversampling: Option<Oversampling>,
    ) -> Self {
        let channels = layout.speakers().iter().map(|speaker| Channel {
            weight: weight(*speaker),
            sample_peak: 0.0,
            true_peak: oversampling.map(TruePeak::new),
        });
        let mut meter = Self {
            rate,
            channels: channels.collect(),
            weighting: vec![KWeighting::new(rate); layout.channels().div_ceil(2)],
            heard: 0,
            bin_end: 0,
            bin_energy: vec![[0.0; 2]; layout.channels().div_ceil(2)],
            bins: Bins::new(),
            silence: Vec::new(),
        };
        meter.bin_end = meter.end_of_bin(1);
        meter
    }

    /// Hears one block: a slice per channel, all of one length.
    pub fn push(&mut self, planes: &[&[f32]]) {
        assert_eq!(planes.len(), self.channels.len(), "one slice per channel");
        let length = planes[0].len();
        let mut at = 0;
        while at < length {
            let count = ((self.bin_end - self.heard) as usize).min(length - at);
            self.push_within_bin(planes, at, at + count);
            at += count;
            if self.heard == self.bin_end {
                self.close_bin();
            }
        }
    }

    fn push_within_bin(&mut self, planes: &[&[f32]], from: usize, to: usize) {
        for (channel, plane) in self.channels.iter_mut().zip(planes) {
            let block = &plane[from..to];
            channel.sample_peak = peak(block, channel.sample_peak);
            if let Some(true_peak) = &mut channel.true_peak {
                true_peak.push(block);
            }
        }
        if self.silence.len() < to - from {
            self.silence.resize(to - from, 0.0);
        }
        for (pair, weighting) in self.weighting.iter_mut().enumerate() {
            let first = &planes[2 * pair][from..to];
            let second =
                planes.get(2 * pair + 1).map_or(&self.silence[..to - from], |p| &p[from..to]);
            self.bin_energy[pair] = weighting.energy(first, second, self.bin_energy[pair]);
        }
        self.heard += (to - from) as u64;
    }

    /// Bins end at whole frames nearest below k/100 s, so they neither drift nor differ by more
    /// than one frame at rates that 100 does not divide.
    fn end_of_bin(&self, count: u64) -> u64 {
        count * u64::from(self.rate.hz()) / BINS_PER_SECOND
    }

    fn close_bin(&mut self) {
        let energies = self.bin_energy.iter().flatten();
        let energy: f64 = self.channels.iter().zip(energies).map(|(c, e)| c.weight * e).sum();
        self.bins.push(energy * BINS_PER_SECOND as f64 / self.rate.hz_f64());
        self.bin_energy.fill([0.0; 2]);
        self.weighting.iter_mut().for_each(KWeighting::flush);
        self.bin_end = self.end_of_bin(self.bins.count + 1);
    }

    /// The readings, and the history behind them.
    pub fn finish(self) -> (Measurement, History) {
        let sample_peak = self.channels.iter().map(|c| c.sample_peak).fold(0.0, f32::max);
        let true_peak = self
            .channels
            .into_iter()
            .filter_map(|c| c.true_peak)
            .map(TruePeak::finish)
            .fold(0.0, f32::max);
        let level = |peak: f32| (peak > 0.0).then(|| Decibels::from_amplitude(f64::from(peak)));
        let bins = self.bins;
        let measurement = Measurement {
            integrated: integrated(&bins.blocks),
            range: bins.range(),
            max_momentary: above_gate(bins.max_momentary),
            max_short_term: above_gate(bins.max_short_term),
            true_peak: level(true_peak),
            sample_peak: level(sample_peak),
        };
        let history = History {
            momentary: bins.blocks.into_iter().map(above_gate).collect(),
            short_term: bins.short_terms.into_iter().map(above_gate).collect(),
        };
        (measurement, history)
    }
}

/// Measures a whole buffer with the standard's 4x true peak.
pub fn measure(buffer: &Buffer) -> (Measurement, History) {
    let mut meter = Meter::new(buffer.rate(), buffer.layout());
    let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    meter.push(&planes);
    meter.finish()
}

/// Integrated loudness of gating blocks: mean weighted powers of 400 ms each, 100 ms apart.
pub fn integrated(blocks: &[f64]) -> Option<Lufs> {
    gated_mean(blocks, RELATIVE_GATE).map(|(mean, _)| loudness(mean))
}

/// The last 3 s of energy, and what was read from it. All values are mean powers.
#[derive(Debug, Clone)]
struct Bins {
    /// Each bin twice, 300 apart, so that every window is one slice.
    ring: Vec<f64>,
    count: u64,
    /// One per 100 ms.
    blocks: Vec<f64>,
    short_terms: Vec<f64>,
    max_momentary: f64,
    max_short_term: f64,
}

impl Bins {
    fn new() -> Self {
        Self {
            ring: vec![0.0; 2 * SHORT_TERM_BINS],
            count: 0,
            blocks: Vec::new(),
            short_terms: Vec::new(),
            max_momentary: 0.0,
            max_short_term: 0.0,
        }
    }

    fn push(&mut self, power: f64) {
        let slot = (self.count % SHORT_TERM_BINS as u64) as usize;
        self.ring[slot] = power;
        self.ring[slot + SHORT_TERM_BINS] = power;
        self.count += 1;
        let end = slot + SHORT_TERM_BINS + 1;
        let on_step = self.count.is_multiple_of(BINS_PER_STEP);
        if self.count >= MOMENTARY_BINS as u64 {
            let power = mean(&self.ring[end - MOMENTARY_BINS..end]);
            self.max_momentary = self.max_momentary.max(power);
            if on_step {
                self.blocks.push(power);
            }
        }
        if self.count >= SHORT_TERM_BINS as u64 {
            let power = mean(&self.ring[end - SHORT_TERM_BINS..end]);
            self.max_short_term = self.max_short_term.max(power);
            if on_step {
                self.short_terms.push(power);
            }
        }
    }

    /// EBU Tech 3342: the spread between the 10th and the 95th percentile of gated short-term
    /// loudness.
    fn range(&self) -> Option<Decibels> {
        let mut tail = self.clone();
        for _ in 0..RANGE_TAIL_BINS {
            tail.push(0.0);
        }
        let (_, gate) = gated_mean(&tail.short_terms, RANGE_GATE)?;
        let mut kept: Vec<f64> = tail.short_terms.into_iter().filter(|p| *p >= gate).collect();
        kept.sort_by(f64::total_cmp);
        let percentile = |share: f64| kept[((kept.len() - 1) as f64 * share).round() as usize];
        Some(loudness(percentile(0.95)) - loudness(percentile(0.10)))
    }
}

/// Four sums side by side: quick, exact enough, and always in the same order.
fn mean(powers: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    for four in powers.chunks_exact(4) {
        for (sum, power) in sums.iter_mut().zip(four) {
            *sum += power;
        }
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) / powers.len() as f64
}

/// The mean of the powers that pass both gates, and the power of the relative gate.
fn gated_mean(powers: &[f64], relative_gate: f64) -> Option<(f64, f64)> {
    let absolute = power(ABSOLUTE_GATE);
    let mean_above = |gate: f64| {
        let (sum, count) = powers
            .iter()
            .filter(|p| **p >= gate)
            .fold((0.0, 0_u64), |(sum, count), p| (sum + p, count + 1));
        (count > 0).then(|| sum / count as f64)
    };
    let gate = absolute.max(mean_above(absolute)? * libm::pow(10.0, relative_gate / 10.0));
    mean_above(gate).map(|mean| (mean, gate))
}

/// L = -0.691 + 10 log10 of the weighted power (BS.1770-5 equation 2).
fn loudness(power: f64) -> Lufs {
    Lufs(-0.691 + 10.0 * libm::log10(power))
}

fn power(lufs: f64) -> f64 {
    libm::pow(10.0, (lufs + 0.691) / 10.0)
}

fn above_gate(value: f64) -> Option<Lufs> {
    (value >= power(ABSOLUTE_GATE)).then(|| loudness(value))
}

/// BS.1770-5 table 3: surround channels beside the listener count 1.5 dB more, LFE not at all.
pub fn weight(speaker: Speaker) -> f64 {
    match speaker {
        Speaker::Left | Speaker::Right | Speaker::Centre => 1.0,
        Speaker::LeftRear | Speaker::RightRear => 1.0,
        Speaker::LeftSurround | Speaker::RightSurround => 1.41,
        Speaker::Lfe => 0.0,
    }
}

fn peak(block: &[f32], so_far: f32) -> f32 {
    let mut lanes = [so_far; 8];
    let (eights, rest) = block.as_chunks::<8>();
    for eight in eights {
        for (lane, sample) in lanes.iter_mut().zip(eight) {
            let magnitude = sample.abs();
            *lane = if magnitude > *lane { magnitude } else { *lane };
        }
    }
    rest.iter().map(|s| s.abs()).chain(lanes).fold(so_far, f32::max)
}

#[cfg(test)]
mod tests;
