use std::f64::consts::PI;

use audio::dsp::{kaiser, kaiser_beta, sinc};
use audio::{Buffer, Frames, SampleRate};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;

use audio_file::Error;

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
    let length = resampled(buffer.length(), from, to).index();
    let mut converter = Converter::new(from, to)?;
    let planes = buffer.planes().iter().map(|plane| converter.convert(plane, length));
    Ok(Buffer::from_planes(to, planes.collect::<Result<_, _>>()?)?)
}

/// length * to / from, rounded.
fn resampled(length: Frames, from: SampleRate, to: SampleRate) -> Frames {
    let (from, to) = (u128::from(from.hz()), u128::from(to.hz()));
    let scaled = (u128::from(length.0) * to * 2 + from) / (from * 2);
    Frames(u64::try_from(scaled).unwrap_or(u64::MAX))
}

/// Overlap-add in the spectrum: a block is transformed at one rate, filtered, and the bins that both
/// rates have are transformed back at the other.
struct Converter {
    planner: RealFftPlanner<f64>,
    /// Frames of a block at either rate.
    block: (usize, usize),
    filter: Vec<Complex<f64>>,
}

impl Converter {
    fn new(from: SampleRate, to: SampleRate) -> Result<Self, Error> {
        let (from, to) = (from.hz() as usize, to.hz() as usize);
        let common = greatest_common_divisor(from, to);
        let (from, to) = (from / common, to / common);
        // Even, so that the middle of the filter is a frame at either rate.
        let parts = FILTER_FRAMES.div_ceil(from.min(to)).next_multiple_of(2);
        let block = (from * parts, to * parts);
        let mut planner = RealFftPlanner::new();
        let transform = planner.plan_fft_forward(2 * block.0);
        let mut kernel = kernel(block.0, block.0.min(block.1));
        kernel.resize(2 * block.0, 0.0);
        let mut filter = transform.make_output_vec();
        transform.process(&mut kernel, &mut filter).map_err(failed)?;
        // The inverse transform is not scaled: by the length of the forward one, for both rates.
        filter.iter_mut().for_each(|bin| *bin /= (2 * block.0) as f64);
        Ok(Self { planner, block, filter })
    }

    fn convert(&mut self, plane: &[f32], length: usize) -> Result<Vec<f32>, Error> {
        let (from, to) = self.block;
        let forward = self.planner.plan_fft_forward(2 * from);
        let back = self.planner.plan_fft_inverse(2 * to);
        let (mut sound, mut bins) = (forward.make_input_vec(), forward.make_output_vec());
        let (mut other_bins, mut other) = (back.make_input_vec(), back.make_output_vec());
        let mut overlap = vec![0.0; to];
        // The filter delays by half a block.
        let delay = to / 2;
        let mut out = Vec::with_capacity(length + delay + to);
        let mut blocks = plane.chunks(from);
        while out.len() < length + delay {
            let block = blocks.next().unwrap_or(&[]);
            sound.fill(0.0);
            for (sound, sample) in sound.iter_mut().zip(block) {
                *sound = f64::from(*sample);
            }
            forward.process(&mut sound, &mut bins).map_err(failed)?;
            other_bins.fill(Complex::default());
            let both = bins.iter().zip(&self.filter).map(|(bin, gain)| bin * gain);
            for (other, bin) in other_bins.iter_mut().zip(both) {
                *other = bin;
            }
            // A real signal has no phase at the ends of its spectrum.
            other_bins[0].im = 0.0;
            other_bins[to].im = 0.0;
            back.process(&mut other_bins, &mut other).map_err(failed)?;
            out.extend(overlap.iter().zip(&other).map(|(a, b)| (a + b) as f32));
            overlap.copy_from_slice(&other[to..]);
        }
        out.drain(..delay);
        out.truncate(length);
        Ok(out)
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
