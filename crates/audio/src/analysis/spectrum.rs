use realfft::RealFftPlanner;

use crate::{Buffer, Decibels};

/// The level of a sound in one third of an octave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// The nominal centre, 1000 Hz x 2^(k/3).
    pub centre_hz: f64,
    /// Mean power over the whole sound and all channels, a full-scale sine being -3.01 dB.
    pub level: Decibels,
}

const WINDOW: usize = 8_192;
/// 20 Hz to 20 kHz: bands k = -17 to 13 around 1 kHz.
const BANDS: std::ops::RangeInclusive<i32> = -17..=13;

/// The long-term spectrum in third octaves up to Nyquist: Hann windows of 8192, half overlapped.
/// Empty for sounds shorter than one window.
pub fn third_octaves(buffer: &Buffer) -> Vec<Band> {
    let power = mean_power(buffer);
    if power.is_empty() {
        return Vec::new();
    }
    let bin_hz = buffer.rate().hz_f64() / WINDOW as f64;
    let edge = libm::pow(2.0, 1.0 / 6.0);
    BANDS
        .map(|k| 1_000.0 * libm::pow(2.0, f64::from(k) / 3.0))
        .filter(|centre| centre * edge < buffer.rate().hz_f64() / 2.0)
        .map(|centre| {
            // Bins count by the share of them that lies in the band, so narrow bands have some.
            let (low, high) = (centre / edge / bin_hz, centre * edge / bin_hz);
            let sum: f64 = (low.floor() as usize..=high.ceil() as usize)
                .map(|bin| {
                    let (from, to) = (bin as f64 - 0.5, bin as f64 + 0.5);
                    power[bin] * (to.min(high) - from.max(low)).max(0.0)
                })
                .sum();
            Band { centre_hz: centre, level: Decibels(10.0 * libm::log10(sum.max(1e-20))) }
        })
        .collect()
}

/// Mean power per bin over windows and channels.
fn mean_power(buffer: &Buffer) -> Vec<f64> {
    let transform = RealFftPlanner::<f32>::new().plan_fft_forward(WINDOW);
    let hann: Vec<f32> = (0..WINDOW)
        .map(|n| {
            let turn = std::f64::consts::TAU * n as f64 / WINDOW as f64;
            (0.5 - 0.5 * libm::cos(turn)) as f32
        })
        .collect();
    // Two sides of the spectrum, and the energy of the window.
    let scale = 2.0 / (hann.iter().map(|h| f64::from(h * h)).sum::<f64>() * WINDOW as f64);
    let mut input = transform.make_input_vec();
    let mut output = transform.make_output_vec();
    let mut scratch = transform.make_scratch_vec();
    let mut power = vec![0.0; output.len()];
    let mut windows = 0_u32;
    for plane in buffer.planes() {
        for start in (0..plane.len().saturating_sub(WINDOW - 1)).step_by(WINDOW / 2) {
            for ((slot, sample), window) in input.iter_mut().zip(&plane[start..]).zip(&hann) {
                *slot = sample * window;
            }
            if transform.process_with_scratch(&mut input, &mut output, &mut scratch).is_err() {
                // The vectors were made by the plan itself, so their lengths are right.
                return Vec::new();
            }
            for (sum, bin) in power.iter_mut().zip(&output) {
                *sum += f64::from(bin.norm_sqr()) * scale;
            }
            windows += 1;
        }
    }
    if windows == 0 {
        return Vec::new();
    }
    power.iter().map(|p| p / f64::from(windows)).collect()
}

#[cfg(test)]
mod tests {
    use super::third_octaves;
    use crate::{Buffer, SampleRate};

    #[test]
    fn a_sine_stands_in_its_band() {
        let tone: Vec<f32> = (0..96_000)
            .map(|n| libm::sin(std::f64::consts::TAU * 1_000.0 * f64::from(n) / 48_000.0) as f32)
            .collect();
        let bands = third_octaves(&Buffer::mono(SampleRate::STUDIO, tone));
        assert_eq!(bands.len(), 31);
        for band in &bands {
            let at_tone = (band.centre_hz - 1_000.0).abs() < 1.0;
            if at_tone {
                assert!((band.level.0 + 3.01).abs() < 0.05, "{}", band.level.0);
            } else {
                assert!(band.level.0 < -40.0, "{} Hz {}", band.centre_hz, band.level.0);
            }
        }
        assert!(third_octaves(&Buffer::mono(SampleRate::STUDIO, vec![0.1; 100])).is_empty());
    }
}
