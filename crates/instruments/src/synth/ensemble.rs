/// A stereo ensemble as old string machines have it: three moving delays a side, the sides
/// turned against each other.
#[derive(Debug, Clone)]
pub(crate) struct Ensemble {
    depth: f32,
    left: Vec<f32>,
    right: Vec<f32>,
    at: usize,
    /// Phases of the slow and the fast oscillator, in periods.
    slow: f32,
    fast: f32,
    slow_step: f32,
    fast_step: f32,
    rate: f32,
}

/// Seconds of delay in the middle, and how far the two oscillators move it.
const CENTRE: f32 = 0.010;
const SLOW_SWING: f32 = 0.002_4;
const FAST_SWING: f32 = 0.000_35;
/// Frames between two positions of the delays; they move in straight lines between.
const SEGMENT: usize = 16;

impl Ensemble {
    pub(crate) fn new(depth: f32, rate: f32) -> Self {
        // A power of two, so that positions wrap with a mask.
        let longest = ((CENTRE + SLOW_SWING + FAST_SWING) * rate) as usize + 8;
        let length = longest.next_power_of_two();
        Self {
            depth,
            left: vec![0.0; length],
            right: vec![0.0; length],
            at: 0,
            slow: 0.0,
            fast: 0.0,
            slow_step: 0.63 / rate,
            fast_step: 6.1 / rate,
            rate,
        }
    }

    /// Turns both sides into the ensemble of themselves.
    pub(crate) fn run(&mut self, left: &mut [f32], right: &mut [f32]) {
        if self.depth <= 0.0 {
            return;
        }
        for (left, right) in left.chunks_mut(SEGMENT).zip(right.chunks_mut(SEGMENT)) {
            let from = self.delays();
            self.slow = turned(self.slow + self.slow_step * left.len() as f32);
            self.fast = turned(self.fast + self.fast_step * left.len() as f32);
            let to = self.delays();
            self.segment(&from, &to, left, right);
        }
    }

    fn segment(&mut self, from: &[f32; 6], to: &[f32; 6], left: &mut [f32], right: &mut [f32]) {
        let share = 1.0 / left.len() as f32;
        let wet = self.depth * 0.5;
        let dry = 1.0 - self.depth * 0.4;
        for (n, (l, r)) in left.iter_mut().zip(right).enumerate() {
            self.left[self.at] = *l;
            self.right[self.at] = *r;
            let now: [f32; 6] =
                std::array::from_fn(|tap| from[tap] + (to[tap] - from[tap]) * share * n as f32);
            let heard = |line: &[f32], taps: &[f32]| {
                taps.iter().map(|delay| tap(line, self.at, *delay)).sum::<f32>()
            };
            *l = dry * *l + wet * heard(&self.left, &now[..3]);
            *r = dry * *r + wet * heard(&self.right, &now[3..]);
            self.at = (self.at + 1) & (self.left.len() - 1);
        }
    }

    /// The six delays now, in frames: left taps, then right ones.
    fn delays(&self) -> [f32; 6] {
        std::array::from_fn(|tap| {
            let third = (tap % 3) as f32 / 3.0;
            let side = if tap < 3 { 0.0 } else { 0.5 };
            let sine = |phase: f32| libm::sinf(std::f32::consts::TAU * turned(phase));
            let swing = SLOW_SWING * sine(self.slow + third + side)
                + FAST_SWING * sine(self.fast + third + side);
            (CENTRE + swing) * self.rate
        })
    }
}

fn turned(phase: f32) -> f32 {
    phase - phase.floor()
}

/// The line `delay` frames before `at`, between samples by Hermite's cubic through four of them.
fn tap(line: &[f32], at: usize, delay: f32) -> f32 {
    let whole = delay as usize;
    let t = delay - whole as f32;
    let newest = at + line.len() + 1 - whole;
    let sample = |back: usize| line[(newest + line.len() - back) & (line.len() - 1)];
    let [before, here, next, after] = [sample(0), sample(1), sample(2), sample(3)];
    let leaving = 0.5 * (next - before);
    let arriving = 0.5 * (after - here);
    let cubic = 2.0 * (here - next) + leaving + arriving;
    let square = 3.0 * (next - here) - 2.0 * leaving - arriving;
    here + t * (leaving + t * (square + t * cubic))
}
