use std::f64::consts::PI;
use std::sync::Arc;

use audio::dsp::{kaiser, kaiser_beta, sinc};
use audio::{Buffer, Frames, SampleRate};
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::Error;

/// How far what would fold back is below what is kept, dB.
const STOPBAND_DB: f64 = 135.0;
/// The filter is at least as long as so many frames of the lower rate: between 44.1 and 48 kHz it
/// passes all up to 21.7 kHz.
const FILTER_FRAMES: usize = 1_024;

/// The same sound at another rate: exactly round(length * to / from) frames, not delayed, flat to
/// within 0.01 dB up to 0.985 of half the lower rate, and what the lower rate cannot hold at least
/// 120 dB down. The same bits on every processor.
///
/// # Errors
/// Where a transform fails that should take what it is given.
pub fn resample(buffer: &Buffer, to: SampleRate) -> Result<Buffer, Error> {
    let from = buffer.rate();
    if from == to {
        return Ok(buffer.clone());
    }
    let mut resampler = Resampler::new(from, to, buffer.planes().len(), Frames(0))?;
    let length = resampler.resampled(buffer.length()).index();
    let mut out = vec![Vec::with_capacity(length); buffer.planes().len()];
    let whole: Vec<&[f32]> = buffer.planes().iter().map(Vec::as_slice).collect();
    resampler.push(&whole, &mut out)?;
    resampler.finish(&mut out)?;
    Ok(Buffer::from_planes(to, out)?)
}

/// [`resample`] for sound that comes in blocks, from any frame of it on: the bits are those of the
/// whole, whatever the blocks are and wherever it begins.
///
/// Overlap-add in the spectrum: a block is transformed at one rate, filtered, and the bins that both
/// rates have are transformed back at the other. Blocks lie where they lie in the whole sound.
pub(crate) struct Resampler {
    rates: (SampleRate, SampleRate),
    /// Frames of a block at either rate.
    block: (usize, usize),
    transforms: Transforms,
    channels: Vec<Channel>,
    /// Frames taken, those before the beginning included.
    taken: u64,
    /// Frames made, those before the beginning and the filter's delay included.
    made: u64,
    /// Of these the first one given.
    first: u64,
}

struct Channel {
    /// Less than a block.
    waiting: Vec<f32>,
    overlap: Vec<f64>,
}

struct Transforms {
    forward: Arc<dyn RealToComplex<f64>>,
    back: Arc<dyn ComplexToReal<f64>>,
    filter: Vec<Complex<f64>>,
    sound: Vec<f64>,
    bins: Vec<Complex<f64>>,
    other_bins: Vec<Complex<f64>>,
    other: Vec<f64>,
}

/// No sound reaches further, 2.9 years at 192 kHz, and a place times a rate fits.
const LAST_FRAME: u64 = 1 << 44;

impl Resampler {
    /// Of sound that is wanted from a frame on; it must be given from [`Self::begins`] on.
    pub(crate) fn new(
        from: SampleRate,
        to: SampleRate,
        channels: usize,
        at: Frames,
    ) -> Result<Self, Error> {
        let rates = (from, to);
        let (from, to) = (from.hz() as usize, to.hz() as usize);
        let common = greatest_common_divisor(from, to);
        let (from, to) = (from / common, to / common);
        // Even, so that the middle of the filter is a frame at either rate.
        let parts = FILTER_FRAMES.div_ceil(from.min(to)).next_multiple_of(2);
        let block = (from * parts, to * parts);
        let channel =
            || Channel { waiting: Vec::with_capacity(block.0), overlap: vec![0.0; block.1] };
        // A block reaches into the one after it, which therefore needs the one before it.
        let passed = (at.0.min(LAST_FRAME) / block.0 as u64).saturating_sub(1);
        let mut made = Self {
            rates,
            block,
            transforms: Transforms::new(block)?,
            channels: std::iter::repeat_with(channel).take(channels).collect(),
            taken: passed * block.0 as u64,
            made: passed * block.1 as u64,
            first: 0,
        };
        made.first = made.first_frame(at).0 + made.delay();
        Ok(made)
    }

    /// The frame from which on it must be given the sound: up to two blocks before the one wanted.
    pub(crate) fn begins(&self) -> Frames {
        Frames(self.taken)
    }

    /// The first frame at the other rate that is not before a frame of the sound.
    pub(crate) fn first_frame(&self, at: Frames) -> Frames {
        let (from, to) = (u64::from(self.rates.0.hz()), u64::from(self.rates.1.hz()));
        Frames((at.0.min(LAST_FRAME) * to).div_ceil(from))
    }

    /// Of a length of sound the one at the other rate: length * to / from, rounded.
    pub(crate) fn resampled(&self, length: Frames) -> Frames {
        let (from, to) = (u128::from(self.rates.0.hz()), u128::from(self.rates.1.hz()));
        let scaled = (u128::from(length.0) * to * 2 + from) / (from * 2);
        Frames(u64::try_from(scaled).unwrap_or(u64::MAX))
    }

    /// Takes the next frames of every channel and appends what is ready.
    pub(crate) fn push(&mut self, planes: &[&[f32]], out: &mut [Vec<f32>]) -> Result<(), Error> {
        let length = planes[0].len();
        let mut used = 0;
        while used < length {
            let end = length.min(used + self.block.0 - self.channels[0].waiting.len());
            for (channel, plane) in self.channels.iter_mut().zip(planes) {
                channel.waiting.extend_from_slice(&plane[used..end]);
            }
            self.taken += (end - used) as u64;
            used = end;
            if self.channels[0].waiting.len() == self.block.0 {
                self.turn(u64::MAX, out)?;
            }
        }
        Ok(())
    }

    /// Appends the rest: the sound has ended.
    pub(crate) fn finish(&mut self, out: &mut [Vec<f32>]) -> Result<(), Error> {
        let end = self.resampled(Frames(self.taken)).0 + self.delay();
        while self.made < end {
            self.turn(end, out)?;
        }
        Ok(())
    }

    /// The filter delays by half a block.
    fn delay(&self) -> u64 {
        self.block.1 as u64 / 2
    }

    /// Makes a block of what waits and of silence after it, and appends what of it lies between the
    /// first frame wanted and an end.
    fn turn(&mut self, end: u64, out: &mut [Vec<f32>]) -> Result<(), Error> {
        let (start, length) = (self.made, self.block.1);
        let from = self.first.saturating_sub(start).min(length as u64) as usize;
        let until = end.saturating_sub(start).min(length as u64) as usize;
        for (channel, out) in self.channels.iter_mut().zip(out) {
            let other = self.transforms.convert(&channel.waiting)?;
            let whole = channel.overlap.iter().zip(other).map(|(a, b)| (a + b) as f32);
            out.extend(whole.take(until).skip(from));
            channel.overlap.copy_from_slice(&other[length..]);
            channel.waiting.clear();
        }
        self.made += length as u64;
        Ok(())
    }
}

impl Transforms {
    fn new((from, to): (usize, usize)) -> Result<Self, Error> {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(2 * from);
        let back = planner.plan_fft_inverse(2 * to);
        let mut kernel = kernel(from, from.min(to));
        kernel.resize(2 * from, 0.0);
        let mut filter = forward.make_output_vec();
        forward.process(&mut kernel, &mut filter).map_err(failed)?;
        // The inverse transform is not scaled: by the length of the forward one, for both rates.
        filter.iter_mut().for_each(|bin| *bin /= (2 * from) as f64);
        let (sound, bins) = (forward.make_input_vec(), forward.make_output_vec());
        let (other_bins, other) = (back.make_input_vec(), back.make_output_vec());
        Ok(Self { forward, back, filter, sound, bins, other_bins, other })
    }

    /// Two blocks at the other rate: the second is to be added to the next one's first.
    fn convert(&mut self, block: &[f32]) -> Result<&[f64], Error> {
        self.sound.fill(0.0);
        for (sound, sample) in self.sound.iter_mut().zip(block) {
            *sound = f64::from(*sample);
        }
        self.forward.process(&mut self.sound, &mut self.bins).map_err(failed)?;
        self.other_bins.fill(Complex::default());
        let both = self.bins.iter().zip(&self.filter).map(|(bin, gain)| bin * gain);
        for (other, bin) in self.other_bins.iter_mut().zip(both) {
            *other = bin;
        }
        // A real signal has no phase at the ends of its spectrum.
        let last = self.other_bins.len() - 1;
        self.other_bins[0].im = 0.0;
        self.other_bins[last].im = 0.0;
        self.back.process(&mut self.other_bins, &mut self.other).map_err(failed)?;
        Ok(&self.other)
    }
}

/// A low-pass of a block's length around its middle, by Kaiser's window. `lower` is the length of a
/// block at the lower rate: the stop band begins at half that rate.
fn kernel(length: usize, lower: usize) -> Vec<f64> {
    // Kaiser's formula for the width of the transition, in cycles per frame of the lower rate.
    let width = (STOPBAND_DB - 8.0) / (2.285 * 2.0 * PI * lower as f64);
    let beta = kaiser_beta(STOPBAND_DB);
    let cutoff = (0.5 - width / 2.0) * lower as f64 / length as f64;
    let middle = (length / 2) as f64;
    let taps = (0..length).map(|n| {
        let away = n as f64 - middle;
        sinc(2.0 * cutoff * away) * kaiser(away / middle, beta)
    });
    let taps: Vec<f64> = taps.collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|tap| tap / sum).collect()
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn failed(error: realfft::FftError) -> Error {
    Error::Resampling(error.to_string())
}
