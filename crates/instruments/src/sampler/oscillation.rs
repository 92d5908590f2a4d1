/// A low-frequency oscillator: after a delay, a triangle that starts at 0 and rises (section 9.1.8).
#[derive(Debug, Clone)]
pub(crate) struct Oscillation {
    /// Frames of delay left.
    delay: f32,
    /// Periods since the delay, 0 to 1.
    phase: f32,
}

impl Oscillation {
    pub(crate) fn new(delay: f32) -> Self {
        Self { delay, phase: 0.0 }
    }

    /// Moves on by some frames at a frequency in periods per frame.
    pub(crate) fn advance(&mut self, frames: f32, frequency: f32) {
        let waited = frames.min(self.delay);
        self.delay -= waited;
        self.phase += (frames - waited) * frequency;
        // Never negative, so cutting off the fraction is rounding down.
        self.phase -= self.phase as u32 as f32;
    }

    /// -1 to 1.
    pub(crate) fn value(&self) -> f32 {
        let quarter = self.phase + 0.25;
        let turned = if quarter >= 1.0 { quarter - 1.0 } else { quarter };
        1.0 - 4.0 * (turned - 0.5).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::Oscillation;

    #[test]
    fn waits_then_rises_from_zero() {
        let mut it = Oscillation::new(100.0);
        it.advance(100.0, 0.01);
        assert_eq!(it.value(), 0.0);
        it.advance(25.0, 0.01);
        assert!((it.value() - 1.0).abs() < 1e-5);
        it.advance(50.0, 0.01);
        assert!((it.value() + 1.0).abs() < 1e-5);
    }
}
