use super::convolve::convolve;
use super::window::{kaiser, kaiser_beta, sinc};

/// Halves the rate of one channel: a half-band low-pass, and every second sample of what it gives.
///
/// Flat within 0.01 dB up to 0.2 of the incoming rate; what folds below that is 60 dB down. The
/// sums run over the taps in one order, so neither the cut of the blocks nor the width of the
/// registers changes a bit.
#[derive(Debug, Clone)]
pub struct Halver {
    /// The taps that are not zero beside the centre; they meet every second sample.
    taps: Vec<f32>,
    /// Samples at even and odd places that later outputs still hear.
    even: Vec<f32>,
    odd: Vec<f32>,
    /// Whether the next sample is at an odd place.
    at_odd: bool,
}

/// Taps beside the centre: with [`ATTENUATION_DB`] the band between is 0.1 of the incoming rate.
const TAPS: usize = 20;
const ATTENUATION_DB: f64 = 60.0;

impl Halver {
    /// A filter that has heard nothing but silence.
    pub fn new() -> Self {
        let beta = kaiser_beta(ATTENUATION_DB);
        let row: Vec<f64> = (0..TAPS)
            .map(|tap| {
                // Taps sit at odd distances from the centre.
                let x = 2.0 * tap as f64 - (TAPS as f64 - 1.0);
                sinc(x / 2.0) * kaiser(x / TAPS as f64, beta)
            })
            .collect();
        // Half the gain is in the centre, half here: 1 at DC.
        let gain: f64 = 2.0 * row.iter().sum::<f64>();
        Self {
            taps: row.iter().map(|tap| (tap / gain) as f32).collect(),
            even: vec![0.0; TAPS - 1],
            odd: vec![0.0; TAPS / 2],
            at_odd: false,
        }
    }

    /// Hears one block and appends to `out` the samples that are complete.
    pub fn push(&mut self, block: &[f32], out: &mut Vec<f32>) {
        let first_odd = usize::from(!self.at_odd);
        self.even.extend(block.iter().skip(1 - first_odd).step_by(2));
        self.odd.extend(block.iter().skip(first_odd).step_by(2));
        self.at_odd ^= !block.len().is_multiple_of(2);
        let count = (self.even.len() + 1).saturating_sub(TAPS);
        let count = count.min(self.odd.len());
        let start = out.len();
        out.resize(start + count, 0.0);
        self.filter(&mut out[start..]);
        self.even.drain(..count);
        self.odd.drain(..count);
    }

    fn filter(&self, out: &mut [f32]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
            unsafe {
                self.filter_avx2(out);
            }
            return;
        }
        self.filter_plain(out);
    }

    /// The plain kernel, compiled once more for wider registers. No contraction: same bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn filter_avx2(&self, out: &mut [f32]) {
        self.filter_plain(out);
    }

    #[inline(always)]
    fn filter_plain(&self, out: &mut [f32]) {
        convolve(&self.taps, &self.even, out);
        // The centre tap sits between the two middle ones of the row.
        for (out, centre) in out.iter_mut().zip(&self.odd) {
            *out += 0.5 * centre;
        }
    }
}

impl Default for Halver {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Halver;

    fn gain_at(cycles_per_sample: f64) -> f64 {
        let tone: Vec<f32> = (0..8_000)
            .map(|n| libm::sin(std::f64::consts::TAU * cycles_per_sample * f64::from(n)) as f32)
            .collect();
        let mut out = Vec::new();
        Halver::new().push(&tone, &mut out);
        let steady = &out[100..3_900];
        let power: f64 = steady.iter().map(|s| f64::from(*s) * f64::from(*s)).sum();
        (2.0 * power / steady.len() as f64).sqrt()
    }

    #[test]
    fn what_stays_is_flat_and_what_folds_is_gone() {
        for hz in [0.01, 0.1, 0.19] {
            assert!((gain_at(hz) - 1.0).abs() < 0.002, "{hz}: {}", gain_at(hz));
        }
        for hz in [0.31, 0.4, 0.49] {
            assert!(gain_at(hz) < 0.002, "{hz}: {}", gain_at(hz));
        }
    }

    #[test]
    fn blocks_change_nothing_nor_do_registers() {
        let noise: Vec<f32> = (0..3_001).map(|n| ((n * 7_919) % 1_009) as f32 / 1_009.0).collect();
        let mut whole = Vec::new();
        Halver::new().push(&noise, &mut whole);
        let mut cut = Vec::new();
        let mut halver = Halver::new();
        let mut rest = noise.as_slice();
        for length in [1, 2, 3, 0, 500, 77, 1, 1, 999].into_iter().cycle() {
            let (block, after) = rest.split_at(length.min(rest.len()));
            halver.push(block, &mut cut);
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
        assert_eq!(whole, cut);
        let mut plain = vec![0.0; 200];
        let mut wide = vec![0.0; 200];
        halver.even = noise[..300].to_vec();
        halver.odd = noise[300..600].to_vec();
        halver.filter_plain(&mut plain);
        halver.filter(&mut wide);
        assert_eq!(plain, wide);
    }
}
