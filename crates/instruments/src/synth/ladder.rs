/// A four-pole low-pass in the trapezoidal ("zero-delay feedback") form of a transistor ladder
/// (Zavalishin, The Art of VA Filter Design, 2012, chapter 5): stable however fast it moves.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ladder {
    poles: [f32; 4],
}

/// What a cutoff and a resonance mean at a sample rate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    /// Gain of one pole, and of its state.
    pass: f32,
    state: f32,
    feedback: f32,
    /// 1 / (1 + feedback pass^4).
    solve: f32,
    /// Half of what feedback takes from the bass is given back.
    makeup: f32,
}

impl Tuning {
    /// `resonance` from 0 to 1; full feedback of 4 would ring for ever, 3.9 is the most taken.
    pub(crate) fn new(cutoff: f32, resonance: f32, rate: f32) -> Self {
        let g = libm::tanf(std::f32::consts::PI * (cutoff / rate).clamp(0.000_2, 0.48));
        let pass = g / (1.0 + g);
        let feedback = 3.9 * resonance;
        let fourth = pass * pass * pass * pass;
        Self {
            pass,
            state: 1.0 / (1.0 + g),
            feedback,
            solve: 1.0 / (1.0 + feedback * fourth),
            makeup: 1.0 + 0.5 * feedback,
        }
    }
}

impl Ladder {
    /// Filters one sample. The loop saturates, so a high resonance sings instead of exploding.
    pub(crate) fn next(&mut self, input: f32, t: &Tuning) -> f32 {
        let [a, b, c, d] = self.poles;
        let states = ((a * t.pass + b) * t.pass + c) * t.pass + d;
        let loop_input = (input * t.makeup - t.feedback * states * t.state) * t.solve;
        let mut x = if t.feedback > 0.0 { saturate(loop_input) } else { loop_input };
        for pole in &mut self.poles {
            let step = (x - *pole) * t.pass;
            x = step + *pole;
            // The guard keeps a decaying state out of the denormal numbers.
            *pole = x + step + 1e-20;
        }
        x
    }
}

/// tanh to within 2.4 %, by its Padé approximant x (27 + x^2) / (27 + 9 x^2), held where that
/// reaches one.
pub(crate) fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

#[cfg(test)]
mod tests {
    use super::{Ladder, Tuning};

    /// Gain in dB at a frequency.
    fn gain(frequency: f32, tuning: &Tuning) -> f32 {
        let mut ladder = Ladder::default();
        let (mut sent, mut heard) = (0.0, 0.0);
        for n in 0..24_000 {
            let x = 0.01 * libm::sinf(std::f32::consts::TAU * frequency * n as f32 / 48_000.0);
            let y = ladder.next(x, tuning);
            if n > 12_000 {
                sent += x * x;
                heard += y * y;
            }
        }
        10.0 * libm::log10f(heard / sent)
    }

    #[test]
    fn falls_24_decibels_an_octave() {
        let tuning = Tuning::new(500.0, 0.0, 48_000.0);
        assert!(gain(50.0, &tuning).abs() < 0.3);
        assert!((gain(500.0, &tuning) + 12.0).abs() < 0.3);
        let slope = gain(2_000.0, &tuning) - gain(4_000.0, &tuning);
        assert!((23.0..26.0).contains(&slope), "{slope}");
    }

    #[test]
    fn full_resonance_stays_bounded() {
        let mut ladder = Ladder::default();
        let mut peak = 0.0_f32;
        for n in 0..48_000 {
            let tuning = Tuning::new(if n % 100 < 50 { 200.0 } else { 15_000.0 }, 1.0, 48_000.0);
            peak = peak.max(ladder.next(if n % 109 == 0 { 1.0 } else { -0.2 }, &tuning).abs());
        }
        assert!(peak < 4.0, "{peak}");
    }
}
