/// Triangular dither of +-1 step, so that what rounding to whole numbers loses is noise and not
/// distortion. The noise of a sample depends on its channel and its place alone: a sound rounded
/// from the middle on is the same as one rounded from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dither {
    seed: u64,
    bits: u32,
}

impl Dither {
    /// Dither to whole numbers of 1 to 32 bits, sign included.
    pub fn new(bits: u32, seed: u64) -> Self {
        assert!((1..=32).contains(&bits), "{bits} bits");
        Self { seed, bits }
    }

    /// Full scale: 2^(bits - 1).
    pub fn full_scale(&self) -> f64 {
        f64::from(1_u32 << (self.bits - 1))
    }

    /// A sample in steps, rounded; beyond full scale it is not clipped. Silence stays silent.
    #[inline(always)]
    pub fn whole(&self, sample: f32, channel: usize, frame: u64) -> f64 {
        if sample == 0.0 {
            return 0.0;
        }
        let bits = scatter(self.seed ^ scatter(frame ^ ((channel as u64) << 56)));
        let triangle = ((bits >> 32) as f64 + (bits & 0xffff_ffff) as f64) / 4_294_967_296.0 - 1.0;
        (f64::from(sample) * self.full_scale() + triangle).round()
    }
}

/// One step of SplitMix64 (Steele, Lea and Flood 2014).
#[inline(always)]
fn scatter(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::Dither;

    #[test]
    fn the_noise_is_triangular_and_white() {
        let dither = Dither::new(16, 7);
        let noise: Vec<f64> = (0..200_000).map(|frame| dither.whole(1e-30, 0, frame)).collect();
        // Before rounding the variance is 1/6 of a step squared; rounding a triangle of +-1 to
        // whole numbers gives -1, 0 and 1 with 1/8, 3/4 and 1/8: variance 1/4.
        let count = noise.len() as f64;
        let mean = noise.iter().sum::<f64>() / count;
        let variance = noise.iter().map(|x| x * x).sum::<f64>() / count;
        assert!(mean.abs() < 0.005 && (variance - 0.25).abs() < 0.005, "{mean} {variance}");
        for lag in 1..20 {
            let sum: f64 = noise.iter().zip(&noise[lag..]).map(|(a, b)| a * b).sum();
            assert!((sum / count / variance).abs() < 0.01, "lag {lag}");
        }
    }

    #[test]
    fn a_tone_under_one_step_survives_without_harmonics() {
        // -90 dBFS at 1 kHz, as AES17 asks: its third and fifth harmonic stay under -115 dBFS.
        let dither = Dither::new(16, 3);
        let amplitude = libm::pow(10.0, -90.0 / 20.0);
        let length = 480_000_u64;
        let turn = |hz: f64, n: u64| std::f64::consts::TAU * hz * n as f64 / 48_000.0;
        let level = |hz: f64| {
            let (mut re, mut im) = (0.0, 0.0);
            for n in 0..length {
                let x = (amplitude * libm::sin(turn(1_000.0, n))) as f32;
                let y = dither.whole(x, 0, n) / dither.full_scale();
                re += y * libm::cos(turn(hz, n));
                im += y * libm::sin(turn(hz, n));
            }
            20.0 * libm::log10(2.0 * (re * re + im * im).sqrt() / length as f64)
        };
        assert!((level(1_000.0) + 90.0).abs() < 0.3, "{}", level(1_000.0));
        for harmonic in [3_000.0, 5_000.0] {
            assert!(level(harmonic) < -115.0, "{harmonic} {}", level(harmonic));
        }
    }
}
