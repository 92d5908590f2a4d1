use std::collections::VecDeque;

use audio::{Decibels, SampleRate};

use super::MARGIN;

/// How long before a peak the gain begins to fall.
pub const LOOK_AHEAD_S: f64 = 0.005;
/// Recovery after a single peak.
const FAST_RELEASE_S: f64 = 0.060;
/// Reduction that lasts is remembered, and recovers slowly, so that dense music does not pump.
const SLOW_ATTACK_S: f64 = 0.400;
const SLOW_RELEASE_S: f64 = 1.200;
/// Gain reduction 1 - g in units of 2^-30.
const ONE: i64 = 1 << 30;
/// 2^-18 of the gain.
const SETTLE: i64 = 1 << 12;

fn threshold(ceiling: Decibels) -> f32 {
    (ceiling - MARGIN).amplitude() as f32
}

/// Turns peaks into gains: hold the largest reduction in sight, release at two speeds, and smooth
/// by two moving averages, all in whole numbers.
#[derive(Debug, Clone)]
pub struct GainCurve {
    threshold: f32,
    hold: SlidingMaximum,
    fast: i64,
    slow: i64,
    decay: Decay,
    averages: [MovingAverage; 2],
    latency: usize,
}

#[derive(Debug, Clone, Copy)]
struct Decay {
    fast: i64,
    slow_attack: i64,
    slow: i64,
}

impl GainCurve {
    /// A curve at rest.
    pub fn new(rate: SampleRate, ceiling: Decibels) -> Self {
        Self::coarse(rate.hz_f64(), ceiling)
    }

    /// One that takes the largest peak of several frames at a time, `steps` of them a second: a
    /// quick look at what the fine one would do.
    pub(crate) fn coarse(steps: f64, ceiling: Decibels) -> Self {
        let latency = ((steps * LOOK_AHEAD_S).round() as usize).max(2);
        let first = latency / 2 + 1;
        let second = latency + 1 - first + 1;
        let decay =
            |seconds: f64| (libm::exp(-1.0 / (seconds * steps)) * ONE as f64).floor() as i64;
        Self {
            threshold: threshold(ceiling),
            hold: SlidingMaximum::new(latency + 1),
            fast: 0,
            slow: 0,
            decay: Decay {
                fast: decay(FAST_RELEASE_S),
                slow_attack: ONE - decay(SLOW_ATTACK_S),
                slow: decay(SLOW_RELEASE_S),
            },
            averages: [MovingAverage::new(first), MovingAverage::new(second)],
            latency,
        }
    }

    /// Another ceiling from the next frame on; the gain glides to it.
    pub fn set_ceiling(&mut self, ceiling: Decibels) {
        self.threshold = threshold(ceiling);
    }

    /// Forgets the finest part of what lasts: rounds it up, so that two curves that saw the same
    /// for long enough become the same.
    pub fn settle(&mut self) {
        self.slow = (self.slow + SETTLE - 1) / SETTLE * SETTLE;
    }

    /// How many frames the gains lag behind the peaks.
    pub fn latency(&self) -> usize {
        self.latency
    }

    /// Takes the peak of a frame and gives the gain of the frame [`Self::latency`] before it:
    /// exactly 1 unless something near exceeds the ceiling.
    pub fn next(&mut self, peak: f32) -> f32 {
        let held = self.hold.next(self.needed(peak));
        self.fast = held.max((self.fast * self.decay.fast) >> 30);
        self.slow = if self.fast > self.slow {
            self.slow + (((self.fast - self.slow) * self.decay.slow_attack) >> 30)
        } else {
            (self.slow * self.decay.slow) >> 30
        };
        let [first, second] = &mut self.averages;
        let reduction = second.next(first.next(self.fast.max(self.slow)));
        (ONE - reduction) as f32 / ONE as f32
    }

    /// The reduction that brings a peak to the threshold, rounded up.
    fn needed(&self, peak: f32) -> i64 {
        if peak <= self.threshold {
            return 0;
        }
        let gain = f64::from(self.threshold) / f64::from(peak);
        ((1.0 - gain) * ONE as f64).ceil() as i64
    }
}

/// The largest of the last `width` values, in constant time each (Lemire 2006).
#[derive(Debug, Clone)]
struct SlidingMaximum {
    width: u64,
    clock: u64,
    /// Falling values and when they came.
    falling: VecDeque<(u64, i64)>,
}

impl SlidingMaximum {
    fn new(width: usize) -> Self {
        Self { width: width as u64, clock: 0, falling: VecDeque::with_capacity(width + 1) }
    }

    fn next(&mut self, value: i64) -> i64 {
        while self.falling.back().is_some_and(|(_, last)| *last <= value) {
            self.falling.pop_back();
        }
        self.falling.push_back((self.clock, value));
        if self.falling.front().is_some_and(|(at, _)| at + self.width <= self.clock) {
            self.falling.pop_front();
        }
        self.clock += 1;
        self.falling.front().map_or(0, |(_, value)| *value)
    }
}

/// The mean of the last values, rounded up so that it never promises less reduction than needed.
#[derive(Debug, Clone)]
struct MovingAverage {
    ring: Vec<i64>,
    at: usize,
    sum: i64,
}

impl MovingAverage {
    fn new(width: usize) -> Self {
        Self { ring: vec![0; width], at: 0, sum: 0 }
    }

    fn next(&mut self, value: i64) -> i64 {
        self.sum += value - self.ring[self.at];
        self.ring[self.at] = value;
        self.at = if self.at + 1 == self.ring.len() { 0 } else { self.at + 1 };
        if self.sum == 0 { 0 } else { (self.sum - 1) / self.ring.len() as i64 + 1 }
    }
}
