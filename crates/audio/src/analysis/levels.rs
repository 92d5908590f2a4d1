use crate::analysis::programme::{SLABS_PER_SECOND, Slab};
use crate::analysis::{Programme, dynamic_range};
use crate::{Buffer, Decibels, Layout, SampleRate};

/// A sample at or beyond this is at full scale: the largest of 16 bits is 0.99997.
pub(super) const FULL_SCALE: f32 = 0.9999;
/// As many in a row are a clipped run.
pub(super) const CLIPPED_RUN: u32 = 3;
/// What is this far under the loudest second says nothing of dynamics, dB.
const FLOOR_DB: f64 = 60.0;
/// What is this far under the loudest tenth of a second is silence, dB.
const SILENCE_DB: f64 = 40.0;

/// Energies and peaks ten times a second, and what follows from them.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    rate: SampleRate,
    channels: Vec<Channel>,
    /// Energy of the left and right of the downmix, and the sum of their products.
    left: f64,
    right: f64,
    product: f64,
}

#[derive(Debug, Clone, Default)]
struct Channel {
    /// Of each slab the sum of squares, then the peak.
    slabs: Vec<(f64, f32)>,
    sum: f64,
    /// Samples at full scale up to now without a break, and how many such runs were long enough.
    run: u32,
    clipped_runs: u64,
}

impl Levels {
    pub(super) fn new(rate: SampleRate, layout: Layout) -> Self {
        let channels = vec![Channel::default(); layout.channels()];
        Self { rate, channels, left: 0.0, right: 0.0, product: 0.0 }
    }

    /// The levels of a whole sound.
    pub(super) fn of(buffer: &Buffer) -> Self {
        let mut levels = Self::new(buffer.rate(), buffer.layout());
        let mut programme = Programme::new(buffer.rate(), buffer.layout());
        let planes: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
        programme.push(&planes, |slab| levels.push(slab));
        programme.finish(|slab| levels.push(slab));
        levels
    }

    pub(super) fn push(&mut self, slab: &Slab<'_>) {
        for (channel, plane) in self.channels.iter_mut().zip(slab.planes) {
            channel.push(plane);
        }
        let (left, right) = (slab.stereo.left, slab.stereo.right);
        self.left += products(left, left);
        self.right += products(right, right);
        self.product += products(left, right);
    }

    /// The level over the whole length and all channels.
    pub(super) fn rms(&self, frames: u64) -> Option<Decibels> {
        let energy: f64 = self.channels.iter().map(Channel::energy).sum();
        let count = (frames * self.channels.len() as u64) as f64;
        (energy > 0.0).then(|| Decibels::from_amplitude((energy / count).sqrt()))
    }

    /// Peak over RMS of each channel that sounds, dB; the mean over them.
    pub(super) fn crest(&self, frames: u64) -> Option<Decibels> {
        let of_channel = |channel: &Channel| {
            let (energy, peak) = (channel.energy(), channel.peak(0, usize::MAX));
            (energy > 0.0)
                .then(|| 20.0 * libm::log10(f64::from(peak) / (energy / frames as f64).sqrt()))
        };
        let crests: Vec<f64> = self.channels.iter().filter_map(of_channel).collect();
        mean(&crests).map(Decibels)
    }

    /// The mean of the channel that is furthest off zero.
    pub(super) fn dc_offset(&self, frames: u64) -> f64 {
        let means = self.channels.iter().map(|channel| channel.sum / frames.max(1) as f64);
        means.fold(0.0, |most: f64, m| if m.abs() > most.abs() { m } else { most })
    }

    pub(super) fn clipped_runs(&self) -> u64 {
        self.channels.iter().map(|channel| channel.clipped_runs).sum()
    }

    pub(super) fn dynamic_range(&self, frames: u64) -> Option<Decibels> {
        let block = dynamic_range::BLOCK_S * SLABS_PER_SECOND;
        let block_frames = dynamic_range::BLOCK_S * u64::from(self.rate.hz());
        let of_channel = |channel: &Channel| {
            let blocks = channel.slabs.chunks(block as usize).enumerate().map(|(n, slabs)| {
                let length = block_frames.min(frames - n as u64 * block_frames);
                let energy: f64 = slabs.iter().map(|(energy, _)| energy).sum();
                let peak = slabs.iter().fold(0.0_f32, |peak, (_, p)| peak.max(*p));
                (energy / length as f64, f64::from(peak))
            });
            dynamic_range::of_blocks(blocks.collect())
        };
        let ranges: Option<Vec<f64>> = self.channels.iter().map(of_channel).collect();
        mean(&ranges?).map(Decibels)
    }

    /// Likeness of the two channels of the downmix; `None` if one is silent.
    pub(super) fn correlation(&self) -> Option<f64> {
        correlation(self.left, self.right, self.product)
    }

    /// Side against mid and side, amplitudes; `None` for silence.
    pub(super) fn width(&self) -> Option<f64> {
        width(self.left, self.right, self.product)
    }

    /// Left over right, dB; `None` if one is silent.
    pub(super) fn balance(&self) -> Option<Decibels> {
        let both_sound = self.left > 0.0 && self.right > 0.0;
        both_sound.then(|| Decibels(10.0 * libm::log10(self.left / self.right)))
    }

    /// The share of the sound that is silent against its loudest tenth of a second.
    pub(super) fn silence_share(&self) -> Option<f64> {
        let powers = self.stretches(1).map(|(energy, _)| energy).collect::<Vec<_>>();
        let loudest = powers.iter().fold(0.0, |a: f64, b| a.max(*b));
        let gate = loudest * libm::pow(10.0, -SILENCE_DB / 10.0);
        let silent = powers.iter().filter(|power| **power < gate).count();
        (loudest > 0.0).then(|| silent as f64 / powers.len() as f64)
    }

    /// Level, dB, and peak of each whole second that is not silent.
    pub(super) fn seconds(&self) -> Vec<(f64, f64)> {
        let per_second = SLABS_PER_SECOND as usize;
        let samples = self.rate.hz_f64() * self.channels.len() as f64;
        let whole = self.slabs() / per_second;
        let seconds: Vec<(f64, f32)> = self.stretches(per_second).take(whole).collect();
        let loudest = seconds.iter().fold(0.0, |a: f64, (energy, _)| a.max(*energy));
        let gate = loudest * libm::pow(10.0, -FLOOR_DB / 10.0);
        let sounding = seconds.iter().filter(|(energy, _)| *energy > 0.0 && *energy >= gate);
        let level = |energy: f64| 10.0 * libm::log10(energy / samples);
        sounding.map(|(energy, peak)| (level(*energy), f64::from(*peak))).collect()
    }

    fn slabs(&self) -> usize {
        self.channels[0].slabs.len()
    }

    /// Energy and peak over all channels of stretches of slabs.
    fn stretches(&self, slabs: usize) -> impl Iterator<Item = (f64, f32)> + '_ {
        (0..self.slabs()).step_by(slabs).map(move |start| {
            let end = start + slabs;
            let of = |channel: &Channel| {
                let energies = channel.slabs.iter().take(end).skip(start).map(|(e, _)| e);
                (energies.sum::<f64>(), channel.peak(start, end))
            };
            self.channels.iter().map(of).fold((0.0, 0.0), |a, b| (a.0 + b.0, b.1.max(a.1)))
        })
    }
}

impl Channel {
    fn push(&mut self, plane: &[f32]) {
        let peak =
            plane.iter().fold(0.0_f32, |peak, s| if s.abs() > peak { s.abs() } else { peak });
        self.slabs.push((products(plane, plane), peak));
        self.sum += sum(plane);
        if peak < FULL_SCALE {
            self.run = 0;
            return;
        }
        for sample in plane {
            self.run = if sample.abs() >= FULL_SCALE { self.run.saturating_add(1) } else { 0 };
            self.clipped_runs += u64::from(self.run == CLIPPED_RUN);
        }
    }

    fn energy(&self) -> f64 {
        self.slabs.iter().map(|(energy, _)| energy).sum()
    }

    fn peak(&self, start: usize, end: usize) -> f32 {
        let slabs = self.slabs.iter().take(end).skip(start);
        slabs.fold(0.0_f32, |peak, (_, p)| peak.max(*p))
    }
}

/// 1 the same, 0 unrelated, -1 opposite, from the energies and the sum of products.
pub(super) fn correlation(left: f64, right: f64, product: f64) -> Option<f64> {
    let norm = (left * right).sqrt();
    (norm > 0.0).then(|| (product / norm).clamp(-1.0, 1.0))
}

/// RMS of the side over RMS of mid and side together: 0 mono, 0.5 unrelated, 1 opposite.
pub(super) fn width(left: f64, right: f64, product: f64) -> Option<f64> {
    let root = |energy: f64| energy.max(0.0).sqrt();
    let (mid, side) = (root(left + right + 2.0 * product), root(left + right - 2.0 * product));
    (mid + side > 0.0).then(|| side / (mid + side))
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Sums side by side: quick, and always in the same order.
const LANES: usize = 8;

fn products(a: &[f32], b: &[f32]) -> f64 {
    let mut sums = [0.0_f64; LANES];
    let (a, rest_a) = a.as_chunks::<LANES>();
    let (b, rest_b) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            sums[lane] += f64::from(a[lane]) * f64::from(b[lane]);
        }
    }
    let rest: f64 = rest_a.iter().zip(rest_b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    sums.iter().sum::<f64>() + rest
}

fn sum(plane: &[f32]) -> f64 {
    let mut sums = [0.0_f64; LANES];
    let (chunks, rest) = plane.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            sums[lane] += f64::from(chunk[lane]);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|s| f64::from(*s)).sum::<f64>()
}
