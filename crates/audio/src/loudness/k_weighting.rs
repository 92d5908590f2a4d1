use crate::SampleRate;

/// The K-weighting of BS.1770 for two channels at once: a high shelf (the head) and a high-pass
/// (the RLB curve), in f64.
///
/// The standard prints coefficients for 48 kHz only; these come from the analogue prototypes
/// behind them by the bilinear transform, so every rate has the same curve.
#[derive(Debug, Clone)]
pub struct KWeighting {
    shelf: Coefficients,
    high_pass: Coefficients,
    state: [[f64; 2]; 4],
}

#[derive(Debug, Clone, Copy)]
struct Coefficients {
    b: [f64; 3],
    a: [f64; 2],
}

impl KWeighting {
    /// A weighting that has heard nothing but silence.
    pub fn new(rate: SampleRate) -> Self {
        Self { shelf: shelf(rate), high_pass: high_pass(rate), state: [[0.0; 2]; 4] }
    }

    /// Weighs one block and adds the energy (sum of squares) of each channel to what came before
    /// it, sample by sample: how a sound is cut changes no bit. Both slices must have one length.
    pub fn energy(&mut self, left: &[f32], right: &[f32], mut energy: [f64; 2]) -> [f64; 2] {
        let (shelf, high_pass) = (self.shelf, self.high_pass);
        let [mut s1, mut s2, mut h1, mut h2] = self.state;
        for (l, r) in left.iter().zip(right) {
            let x = [f64::from(*l), f64::from(*r)];
            // Two transposed direct form II sections, each lane one channel.
            for lane in 0..2 {
                let y = shelf.b[0] * x[lane] + s1[lane];
                s1[lane] = shelf.b[1] * x[lane] - shelf.a[0] * y + s2[lane];
                s2[lane] = shelf.b[2] * x[lane] - shelf.a[1] * y;
                let z = y + h1[lane];
                h1[lane] = high_pass.b[1] * y - high_pass.a[0] * z + h2[lane];
                h2[lane] = y - high_pass.a[1] * z;
                energy[lane] += z * z;
            }
        }
        self.state = [s1, s2, h1, h2];
        energy
    }

    /// Denormal state costs a hundredfold in time and is far below any threshold here: to be
    /// called now and then, always at the same places of a sound.
    pub fn flush(&mut self) {
        self.state = self.state.map(|lanes| lanes.map(|s| if s.abs() < 1e-30 { 0.0 } else { s }));
    }
}

fn shelf(rate: SampleRate) -> Coefficients {
    const CENTRE_HZ: f64 = 1_681.974_450_955_533;
    const GAIN_DB: f64 = 3.999_843_853_973_347;
    const Q: f64 = 0.707_175_236_955_419_6;
    const SLOPE: f64 = 0.499_666_774_154_541_6;
    let k = libm::tan(std::f64::consts::PI * CENTRE_HZ / rate.hz_f64());
    let high = libm::pow(10.0, GAIN_DB / 20.0);
    let band = libm::pow(high, SLOPE);
    let a0 = 1.0 + k / Q + k * k;
    Coefficients {
        b: [
            (high + band * k / Q + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - band * k / Q + k * k) / a0,
        ],
        a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0],
    }
}

fn high_pass(rate: SampleRate) -> Coefficients {
    const CORNER_HZ: f64 = 38.135_470_876_024_44;
    const Q: f64 = 0.500_327_037_323_877_3;
    let k = libm::tan(std::f64::consts::PI * CORNER_HZ / rate.hz_f64());
    let a0 = 1.0 + k / Q + k * k;
    Coefficients { b: [1.0, -2.0, 1.0], a: [2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0] }
}

#[cfg(test)]
mod tests {
    use super::{high_pass, shelf};
    use crate::SampleRate;

    /// BS.1770-5 tables 1 and 2.
    #[test]
    fn at_48_khz_the_coefficients_are_the_printed_ones() {
        let shelf = shelf(SampleRate::STUDIO);
        let printed = [1.535_124_859_586_97, -2.691_696_189_406_38, 1.198_392_810_852_85];
        for (ours, theirs) in shelf.b.iter().zip(printed) {
            assert!((ours - theirs).abs() < 1e-12, "{ours} {theirs}");
        }
        assert!((shelf.a[0] + 1.690_659_293_182_41).abs() < 1e-12);
        assert!((shelf.a[1] - 0.732_480_774_215_85).abs() < 1e-12);
        let high_pass = high_pass(SampleRate::STUDIO);
        assert!((high_pass.a[0] + 1.990_047_454_833_98).abs() < 1e-12);
        assert!((high_pass.a[1] - 0.990_072_250_366_21).abs() < 1e-12);
    }
}
