//! Powers for the inner loops: cheaper than `libm`, and still the same bits everywhere.

/// 2^x for x from -126 to 126 (held there), within 3e-7 of the true value.
///
/// The whole part goes into the exponent bits; the rest, from -1/2 to 1/2, through the first
/// eight terms of the series of `exp(x ln 2)`.
pub(crate) fn exp2(x: f32) -> f32 {
    let x = x.clamp(-126.0, 126.0);
    // Adding and taking away 1.5 * 2^23 rounds to a whole number without a call.
    let whole = (x + ROUNDER) - ROUNDER;
    let t = (x - whole) * std::f32::consts::LN_2;
    // In pairs, so that the processor can work on several at once.
    let square = t * t;
    let low = (1.0 + t) + square * (0.5 + t * (1.0 / 6.0));
    let high = (1.0 / 24.0 + t * (1.0 / 120.0)) + square * (1.0 / 720.0 + t * (1.0 / 5_040.0));
    let series = low + square * square * high;
    series * f32::from_bits(((whole as i32 + 127) as u32) << 23)
}

const ROUNDER: f32 = 12_582_912.0;

/// The amplitude of an attenuation in decibels.
pub(crate) fn attenuated(decibels: f32) -> f32 {
    // log2(10) / 20.
    exp2(-0.166_096_4 * decibels)
}

/// The frequency ratio of an interval in cents.
pub(crate) fn interval(cents: f32) -> f32 {
    exp2(cents * (1.0 / 1_200.0))
}

#[cfg(test)]
mod tests {
    use super::exp2;

    #[test]
    fn agrees_with_libm() {
        for step in -2_000..2_000 {
            let x = step as f32 * 0.061;
            let (ours, theirs) = (f64::from(exp2(x)), libm::exp2(f64::from(x)));
            assert!((ours / theirs - 1.0).abs() < 3e-7, "{x}: {ours} {theirs}");
        }
        assert_eq!(exp2(0.0), 1.0);
        assert_eq!(exp2(-3.0), 0.125);
    }
}
