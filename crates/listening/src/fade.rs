/// The gains of what leaves and of what comes, `done` frames into a fade: of equal power, so that two
/// sounds that have nothing in common stay as loud as one.
pub(crate) fn gains(done: usize, length: usize) -> (f32, f32) {
    let angle = (done as f64 + 0.5) / length as f64 * std::f64::consts::FRAC_PI_2;
    (libm::cos(angle) as f32, libm::sin(angle) as f32)
}

#[cfg(test)]
mod tests {
    use super::gains;

    #[test]
    fn the_power_of_both_is_one_from_the_first_frame_to_the_last() {
        for done in 0..1_000 {
            let (leaving, coming) = gains(done, 1_000);
            assert!((leaving * leaving + coming * coming - 1.0).abs() < 1e-6);
        }
        assert!(gains(0, 1_000).0 > 0.999_99 && gains(999, 1_000).1 > 0.999_99);
    }
}
