use super::eight::{Eight, Plain};
use super::mix::{Gain, POINTS, SEGMENT};
use super::reader::BLOCK;

/// Voices filtered side by side: two times eight, so that one eight is worked on while the other
/// waits for its last result.
pub(crate) const LANES: usize = 16;

/// A two-pole low-pass as a trapezoidal state-variable filter (Zavalishin, The Art of VA Filter
/// Design, 2012, section 4.4): it stays stable however fast its cutoff moves.
///
/// Solved for its memory, so that a sample waits for the one before it through three operations
/// only: with `d = x - second`, `first' = keep first + push d`, `second' = second + push first +
/// pull d`, and the output is `level (second + second')`.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Coefficients {
    keep: f32,
    push: f32,
    pull: f32,
    level: f32,
}

/// What a filter remembers between blocks.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    first: f32,
    second: f32,
}

/// One voice's turn in a batch: where its block lies, how its filter and its gain move over it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lane {
    pub(crate) voice: usize,
    pub(crate) memory: Memory,
    pub(crate) from: Coefficients,
    pub(crate) to: Coefficients,
    pub(crate) points: [Gain; POINTS],
}

impl Coefficients {
    /// From a cutoff in Hz and a resonance in centibels above the gain at 0 Hz (section 8.1.2,
    /// generator 9): the gain at 0 Hz is half the resonance below unity, the peak stands the whole
    /// resonance above that, and a resonance of 0 gives the flattest curve, 3 dB down at the
    /// cutoff.
    pub(crate) fn new(cutoff: f32, resonance: f32, rate: f32) -> Self {
        let decibels = resonance * 0.1;
        let q = quality(decibels);
        let g = libm::tanf(std::f32::consts::PI * (cutoff / rate).min(0.49));
        let twice = 2.0 / (1.0 + g * (g + 1.0 / q));
        let push = g * twice;
        let level = 0.5 * crate::exponent::attenuated(decibels * 0.5);
        Self { keep: twice - 1.0, push, pull: g * push, level }
    }
}

/// The Q of a two-pole low-pass whose peak stands so many decibels above its gain at 0 Hz.
///
/// The square of that height is p = q^4 / (q^2 - 1/4); solved for q it is continuous down to a
/// height of nothing, where q is the square root of a half.
fn quality(decibels: f32) -> f32 {
    let p = crate::exponent::attenuated(-2.0 * decibels).max(1.0);
    libm::sqrtf(0.5 * (p + libm::sqrtf(p * (p - 1.0))))
}

/// Filters one block of up to sixteen voices and adds them to both sides. Lanes do not hear each
/// other.
pub(crate) fn batch(
    avx2: bool,
    lanes: &mut [Lane],
    waves: &[[f32; BLOCK]],
    left: &mut [f32],
    right: &mut [f32],
) {
    #[cfg(target_arch = "x86_64")]
    if avx2 {
        return wide::batch(lanes, waves, left, right);
    }
    choose::<Plain>(lanes, waves, left, right);
}

#[inline(always)]
fn choose<V: Eight>(
    lanes: &mut [Lane],
    waves: &[[f32; BLOCK]],
    left: &mut [f32],
    right: &mut [f32],
) {
    let moving = lanes.iter().any(|lane| lane.from != lane.to);
    // Adding a step of zero changes nothing, so leaving it out gives the same bits sooner.
    match (lanes.len() <= 8, moving) {
        (true, false) => run::<V, 1, false>(lanes, waves, left, right),
        (true, true) => run::<V, 1, true>(lanes, waves, left, right),
        (false, false) => run::<V, 2, false>(lanes, waves, left, right),
        (false, true) => run::<V, 2, true>(lanes, waves, left, right),
    }
}

/// Eight frames at a time: the voices' waves are turned so that a vector holds one frame of eight
/// voices, and what comes out is added up across the voices.
#[inline(always)]
fn run<V: Eight, const WIDTH: usize, const MOVING: bool>(
    lanes: &mut [Lane],
    waves: &[[f32; BLOCK]],
    left: &mut [f32],
    right: &mut [f32],
) {
    let length = left.len();
    let waves: [[&[[f32; 8]]; 8]; WIDTH] = grid(|lane| match lanes.get(lane) {
        Some(lane) => waves[lane.voice].as_chunks().0,
        None => SILENCE.as_chunks().0,
    });
    let zero = V::all(0.0);
    let mut filters =
        [Filter { first: zero, second: zero, now: [zero; 4], step: [zero; 4] }; WIDTH];
    let mut gains = [[zero; 16]; WIDTH];
    for eight in 0..WIDTH {
        filters[eight] = Filter::gather(lanes, 8 * eight, length);
        gains[eight] = points(lanes, 8 * eight);
    }
    let mut inputs = [[zero; 8]; WIDTH];
    let mut ramps = [Ramp { gains: [zero; 2], steps: [zero; 2] }; WIDTH];
    let mut sides = [[zero; 8]; 2];
    for at in (0..length).step_by(8) {
        let count = (length - at).min(8);
        for eight in 0..WIDTH {
            for lane in 0..8 {
                inputs[eight][lane] = V::load(&waves[eight][lane][at / 8]);
            }
            inputs[eight] = V::turned(inputs[eight]);
            ramps[eight] = Ramp::at(&gains[eight], at, length);
        }
        for frame in 0..count {
            let (mut left, mut right) = (zero, zero);
            for eight in 0..WIDTH {
                let out = filters[eight].next::<MOVING>(inputs[eight][frame]);
                let ramp = &mut ramps[eight];
                left = left.plus(out.times(ramp.gains[0]));
                right = right.plus(out.times(ramp.gains[1]));
                ramp.advance();
            }
            (sides[0][frame], sides[1][frame]) = (left, right);
        }
        add::<V>(sides[0], &mut left[at..at + count]);
        add::<V>(sides[1], &mut right[at..at + count]);
    }
    for (eight, filter) in filters.into_iter().enumerate() {
        let (mut first, mut second) = ([0.0; 8], [0.0; 8]);
        filter.first.store(&mut first);
        filter.second.store(&mut second);
        for (lane, memory) in lanes.iter_mut().skip(8 * eight).zip(first.into_iter().zip(second)) {
            lane.memory = Memory { first: memory.0, second: memory.1 };
        }
    }
}

/// What an empty lane plays.
static SILENCE: [f32; BLOCK] = [0.0; BLOCK];

fn grid<T, const WIDTH: usize>(mut of: impl FnMut(usize) -> T) -> [[T; 8]; WIDTH] {
    std::array::from_fn(|eight| std::array::from_fn(|lane| of(8 * eight + lane)))
}

/// Adds the totals of the frames to a side.
#[inline(always)]
fn add<V: Eight>(frames: [V; 8], side: &mut [f32]) {
    let totals = V::totals(frames);
    if let Ok(side) = <&mut [f32; 8]>::try_from(&mut *side) {
        V::load(side).plus(totals).store(side);
    } else {
        let mut sums = [0.0; 8];
        totals.store(&mut sums);
        side.iter_mut().zip(sums).for_each(|(sample, sum)| *sample += sum);
    }
}

/// Eight lanes, turned: the n-th vector holds the n-th number of each. Empty lanes are zero.
#[inline(always)]
fn turned<V: Eight>(lanes: &[Lane], from: usize, of: impl Fn(&Lane) -> [f32; 8]) -> [V; 8] {
    let mut rows = [V::all(0.0); 8];
    for (row, lane) in rows.iter_mut().zip(lanes.iter().skip(from)) {
        *row = V::load(&of(lane));
    }
    V::turned(rows)
}

/// The points of the gain, left before right.
#[inline(always)]
fn points<V: Eight>(lanes: &[Lane], from: usize) -> [V; 16] {
    let part = |lane: &Lane, first: usize| {
        let points = lane.points.as_flattened();
        std::array::from_fn(|n| points.get(first + n).copied().unwrap_or(0.0))
    };
    let [a, b, c, d, e, f, g, h] = turned::<V>(lanes, from, |lane| part(lane, 0));
    let [i, j, k, l, m, n, o, p] = turned::<V>(lanes, from, |lane| part(lane, 8));
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

/// Eight voices' gains that move in straight lines.
#[derive(Clone, Copy)]
struct Ramp<V> {
    gains: [V; 2],
    steps: [V; 2],
}

impl<V: Eight> Ramp<V> {
    /// As they stand `at` frames into the block.
    #[inline(always)]
    fn at(points: &[V; 16], at: usize, length: usize) -> Self {
        let (segment, done) = (at / SEGMENT, at % SEGMENT);
        let frames = (length - segment * SEGMENT).min(SEGMENT);
        let (share, done) = (V::all(1.0 / frames as f32), V::all(done as f32));
        let (mut gains, mut steps) = ([share; 2], [share; 2]);
        for side in 0..2 {
            let (from, to) = (points[2 * segment + side], points[2 * segment + 2 + side]);
            steps[side] = to.minus(from).times(share);
            gains[side] = from.plus(steps[side].times(done));
        }
        Self { gains, steps }
    }

    #[inline(always)]
    fn advance(&mut self) {
        for side in 0..2 {
            self.gains[side] = self.gains[side].plus(self.steps[side]);
        }
    }
}

/// Eight filters.
#[derive(Clone, Copy)]
struct Filter<V> {
    first: V,
    second: V,
    /// `keep`, `push`, `pull`, `level`, and their steps from frame to frame.
    now: [V; 4],
    step: [V; 4],
}

impl<V: Eight> Filter<V> {
    #[inline(always)]
    fn gather(lanes: &[Lane], from: usize, length: usize) -> Self {
        let [first, second, ..] = turned::<V>(lanes, from, |lane| {
            [lane.memory.first, lane.memory.second, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
        });
        let course = turned::<V>(lanes, from, |Lane { from, to, .. }| {
            [from.keep, from.push, from.pull, from.level, to.keep, to.push, to.pull, to.level]
        });
        let share = V::all(1.0 / length as f32);
        let [keep, push, pull, level, ..] = course;
        let (now, mut step) = ([keep, push, pull, level], [share; 4]);
        for n in 0..4 {
            step[n] = course[n + 4].minus(now[n]).times(share);
        }
        Self { first, second, now, step }
    }

    #[inline(always)]
    fn next<const MOVING: bool>(&mut self, sample: V) -> V {
        let [keep, push, pull, level] = self.now;
        let (first, before) = (self.first, self.second);
        let d = sample.minus(before);
        self.second = before.plus(push.times(first)).plus(pull.times(d));
        self.first = keep.times(first).plus(push.times(d));
        if MOVING {
            for n in 0..4 {
                self.now[n] = self.now[n].plus(self.step[n]);
            }
        }
        level.times(before.plus(self.second))
    }
}

/// The same code on AVX registers.
#[cfg(target_arch = "x86_64")]
mod wide {
    #![expect(unsafe_code, reason = "the call into code compiled for AVX2")]

    use super::{BLOCK, Lane, choose};
    use crate::sampler::eight::Register;

    pub(super) fn batch(
        lanes: &mut [Lane],
        waves: &[[f32; BLOCK]],
        left: &mut [f32],
        right: &mut [f32],
    ) {
        // SAFETY: the caller asks for this path only after detecting AVX2.
        unsafe { inner(lanes, waves, left, right) }
    }

    #[target_feature(enable = "avx2")]
    fn inner(lanes: &mut [Lane], waves: &[[f32; BLOCK]], left: &mut [f32], right: &mut [f32]) {
        choose::<Register>(lanes, waves, left, right);
    }
}
