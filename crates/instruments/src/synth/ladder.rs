/// Filters worked on side by side: four notes of two sides.
pub(crate) const LANES: usize = 8;

/// Four-pole low-passes in the trapezoidal ("zero-delay feedback") form of a transistor ladder
/// (Zavalishin, The Art of VA Filter Design, 2012, chapter 5), stable however fast they move.
///
/// Each is a chain in which every step waits for the one before; side by side they fill the
/// waiting. Lanes do not hear each other, so a note sounds the same in any company.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ladders {
    poles: [[f32; LANES]; 4],
    pass: [f32; LANES],
    keep: [f32; LANES],
    input: [f32; LANES],
    states: [f32; LANES],
    limit: [f32; LANES],
    cubic: [f32; LANES],
}

/// What one filter remembers.
pub(crate) type Poles = [f32; 4];

/// What a cutoff and a resonance mean at a sample rate, arranged so that as little as possible
/// waits for the sample before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    /// What one pole passes of its input, and of its state.
    pass: f32,
    keep: f32,
    /// What the loop takes of the input and of the states.
    input: f32,
    states: f32,
    /// Where the loop clips and how it bends before; not at all without feedback.
    limit: f32,
    cubic: f32,
}

impl Tuning {
    /// `resonance` from 0 to 1; full feedback of 4 would ring for ever, 3.9 is the most taken.
    /// Half of what feedback takes from the bass is given back.
    pub(crate) fn new(cutoff: f32, resonance: f32, rate: f32) -> Self {
        let g = libm::tanf(std::f32::consts::PI * (cutoff / rate).clamp(0.000_2, 0.48));
        let keep = 1.0 / (1.0 + g);
        let pass = g * keep;
        let feedback = 3.9 * resonance;
        let solve = 1.0 / (1.0 + feedback * pass * pass * pass * pass);
        Self {
            pass,
            keep,
            input: (1.0 + 0.5 * feedback) * solve,
            states: feedback * keep * solve,
            limit: if feedback > 0.0 { 1.5 } else { f32::MAX },
            cubic: if feedback > 0.0 { 4.0 / 27.0 } else { 0.0 },
        }
    }
}

impl Ladders {
    /// Seats a filter.
    pub(crate) fn seat(&mut self, lane: usize, poles: Poles, tuning: &Tuning) {
        for (row, pole) in self.poles.iter_mut().zip(poles) {
            row[lane] = pole;
        }
        self.pass[lane] = tuning.pass;
        self.keep[lane] = tuning.keep;
        self.input[lane] = tuning.input;
        self.states[lane] = tuning.states;
        self.limit[lane] = tuning.limit;
        self.cubic[lane] = tuning.cubic;
    }

    /// What a filter remembers now.
    pub(crate) fn poles(&self, lane: usize) -> Poles {
        self.poles.map(|row| row[lane])
    }

    /// Filters in place. The loop saturates along x - 4 x^3 / 27, held at 1.5, so a high
    /// resonance sings instead of exploding.
    pub(crate) fn run(&mut self, rows: &mut [[f32; LANES]]) {
        let [mut a, mut b, mut c, mut d] = self.poles;
        for row in rows {
            for lane in 0..LANES {
                let (pass, keep) = (self.pass[lane], self.keep[lane]);
                let states = ((a[lane] * pass + b[lane]) * pass + c[lane]) * pass + d[lane];
                let x = row[lane] * self.input[lane] - states * self.states[lane];
                let x = held(x, self.limit[lane]);
                let x = x - self.cubic[lane] * x * x * x;
                let first = x * pass + a[lane] * keep;
                let second = first * pass + b[lane] * keep;
                let third = second * pass + c[lane] * keep;
                let fourth = third * pass + d[lane] * keep;
                a[lane] = 2.0 * first - a[lane] + GUARD;
                b[lane] = 2.0 * second - b[lane] + GUARD;
                c[lane] = 2.0 * third - c[lane] + GUARD;
                d[lane] = 2.0 * fourth - d[lane] + GUARD;
                row[lane] = fourth;
            }
        }
        self.poles = [a, b, c, d];
    }
}

/// Keeps a decaying state out of the denormal numbers.
const GUARD: f32 = 1e-20;

/// Between minus and plus a limit, in the two comparisons a vector unit has.
#[inline(always)]
fn held(x: f32, limit: f32) -> f32 {
    let x = if x < limit { x } else { limit };
    if x > -limit { x } else { -limit }
}

/// tanh to within 2.4 %, by its Padé approximant x (27 + x^2) / (27 + 9 x^2), held where that
/// reaches one.
pub(crate) fn saturate(x: f32) -> f32 {
    let x = x.clamp(-3.0, 3.0);
    x * (27.0 + x * x) / (27.0 + 9.0 * x * x)
}

#[cfg(test)]
mod tests {
    use super::{LANES, Ladders, Poles, Tuning};

    /// One sample through a filter that remembers `poles`.
    fn next(poles: &mut Poles, input: f32, tuning: &Tuning) -> f32 {
        let mut ladders = Ladders::default();
        ladders.seat(3, *poles, tuning);
        let mut row = [[0.0; LANES]];
        row[0][3] = input;
        ladders.run(&mut row);
        *poles = ladders.poles(3);
        row[0][3]
    }

    /// Gain in dB at a frequency.
    fn gain(frequency: f32, tuning: &Tuning) -> f32 {
        let mut poles = Poles::default();
        let (mut sent, mut heard) = (0.0, 0.0);
        for n in 0..24_000 {
            let x = 0.01 * libm::sinf(std::f32::consts::TAU * frequency * n as f32 / 48_000.0);
            let y = next(&mut poles, x, tuning);
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
        let mut poles = Poles::default();
        let mut peak = 0.0_f32;
        for n in 0..48_000 {
            let tuning = Tuning::new(if n % 100 < 50 { 200.0 } else { 15_000.0 }, 1.0, 48_000.0);
            peak = peak.max(next(&mut poles, if n % 109 == 0 { 1.0 } else { -0.2 }, &tuning).abs());
        }
        assert!(peak < 4.0, "{peak}");
    }
}
