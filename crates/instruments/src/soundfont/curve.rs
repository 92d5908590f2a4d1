//! The source curves of SoundFont 2.04 section 8.2.4 over the unit interval.

/// Rises slowly, then steeply: `-20/96 log10((1 - x)^2)`, 0 to 1.
///
/// Read backwards over a velocity it gives the attenuation `40 log10(127 / v)` dB of 96.
pub(crate) fn concave(x: f32) -> f32 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        1.0
    } else {
        (-40.0 / 96.0 * libm::log10f(1.0 - x)).min(1.0)
    }
}

/// Rises steeply, then slowly: the concave curve turned by half a turn.
pub(crate) fn convex(x: f32) -> f32 {
    1.0 - concave(1.0 - x)
}

#[cfg(test)]
mod tests {
    use super::{concave, convex};

    #[test]
    fn velocity_111_is_two_and_a_third_decibels_below_127() {
        let attenuation = 96.0 * concave(1.0 - 111.0 / 127.0);
        assert!((attenuation - 2.34).abs() < 0.005, "{attenuation}");
    }

    #[test]
    fn both_curves_join_zero_and_one() {
        for curve in [concave, convex] {
            assert_eq!(curve(0.0), 0.0);
            assert_eq!(curve(1.0), 1.0);
        }
        assert!(concave(0.5) < 0.5 && convex(0.5) > 0.5);
    }
}
