//! Decibels at the rate of a detector: the same sums on every processor, a few nanoseconds each.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LOG10_2};

/// Silence, for a detector.
const FLOOR: f64 = 1e-20;

/// 10 log10 of a power, within 1e-8 dB; -200 dB for silence.
#[inline(always)]
pub(super) fn decibels(power: f64) -> f64 {
    let bits = power.max(FLOOR).to_bits();
    let mut exponent = ((bits >> 52) as i64 - 1_023) as f64;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if mantissa > 2.0 * FRAC_1_SQRT_2 {
        mantissa *= 0.5;
        exponent += 1.0;
    }
    // ln m = 2 artanh t, its series up to t^11; |t| <= 0.172.
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let s = t * t;
    let series = 1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s / 11.0))));
    10.0 * LOG10_2 * (exponent + 2.0 * t * series / LN_2)
}

/// The amplitude of a level, within 1e-8 of it; for -200 to 200 dB.
#[inline(always)]
pub(super) fn amplitude(decibels: f64) -> f64 {
    let octaves = decibels / (20.0 * LOG10_2);
    let whole = octaves.round();
    let x = (octaves - whole) * LN_2;
    // e^x for |x| <= 0.347 by its series up to x^8.
    let series = 1.0
        + x * (1.0
            + x / 2.0
                * (1.0
                    + x / 3.0
                        * (1.0
                            + x / 4.0
                                * (1.0
                                    + x / 5.0
                                        * (1.0 + x / 6.0 * (1.0 + x / 7.0 * (1.0 + x / 8.0)))))));
    series * f64::from_bits(((whole as i64 + 1_023) as u64) << 52)
}

#[cfg(test)]
mod tests {
    use super::{amplitude, decibels};

    #[test]
    fn both_ways_agree_with_the_library() {
        for step in -19_900..2_000 {
            let level = f64::from(step) / 100.0;
            let power = libm::pow(10.0, level / 10.0);
            assert!((decibels(power) - level).abs() < 1e-8, "{level} {}", decibels(power));
            let exact = libm::pow(10.0, level / 20.0);
            assert!((amplitude(level) / exact - 1.0).abs() < 1e-8, "{level}");
        }
        assert_eq!(decibels(0.0), decibels(1e-30));
        assert_eq!(amplitude(0.0), 1.0);
    }
}
