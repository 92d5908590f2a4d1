use audio::dsp::settle;

use super::level::{amplitude, decibels};
use super::{Block, QUANTUM, TICK};
use crate::chain::Compressor;

/// Ticks of a quantum.
pub(super) const TICKS: usize = QUANTUM / TICK;

/// What follows a level and turns it into a gain, one value a tick: the power over some 5 ms, so that
/// a low tone has a level and not a ripple; the static curve with a soft knee; then the smooth decoupled peak detector on the reduction, in dB (Giannoulis, Massberg and
/// Reiss 2012, equations 4 and 17).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Follower {
    curve: Curve,
    window: f64,
    attack: f64,
    release: f64,
    /// The power, smoothed.
    power: f64,
    /// The reduction that is let go slowly, then the same with its attack: dB.
    held: f64,
    smooth: f64,
    /// The gain at the end of the last tick, a factor.
    gain: f64,
}

/// Level in dB to dB of change; always 0 or more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve {
    pub(super) threshold: f64,
    pub(super) slope: f64,
    pub(super) knee: f64,
    pub(super) range: f64,
    /// Whether the change is a lift; else a cut.
    pub(super) lifts: bool,
    /// A factor beside.
    pub(super) makeup: f64,
}

impl Follower {
    pub(super) fn new(
        ticks_per_second: f64,
        curve: Curve,
        attack_ms: f64,
        release_ms: f64,
    ) -> Self {
        let keep = |ms: f64| libm::exp(-1_000.0 / (ms * ticks_per_second));
        Self {
            curve,
            window: keep(WINDOW_MS),
            attack: keep(attack_ms),
            release: keep(release_ms),
            power: 0.0,
            held: 0.0,
            smooth: 0.0,
            gain: curve.makeup,
        }
    }

    pub(super) fn of(ticks_per_second: f64, c: &Compressor) -> Self {
        let curve = Curve {
            threshold: c.threshold_db,
            slope: 1.0 - 1.0 / c.ratio,
            knee: c.knee_db,
            range: c.range_db,
            lifts: false,
            makeup: libm::pow(10.0, c.makeup_db / 20.0),
        };
        Self::new(ticks_per_second, curve, c.attack_ms, c.release_ms)
    }

    /// Hears the mean power of a tick and gives the gain at its begin and at its end.
    #[inline(always)]
    pub(super) fn next(&mut self, power: f64) -> (f64, f64) {
        self.power = self.window * self.power + (1.0 - self.window) * power;
        // A full-scale sine, of power 1/2, is 0 dB.
        let wanted = self.curve.at(decibels(2.0 * self.power));
        self.held = wanted.max(self.release * self.held + (1.0 - self.release) * wanted);
        self.smooth = self.attack * self.smooth + (1.0 - self.attack) * self.held;
        let before = self.gain;
        let change = if self.curve.lifts { self.smooth } else { -self.smooth };
        self.gain =
            self.curve.makeup * if self.smooth < INAUDIBLE { 1.0 } else { amplitude(change) };
        (before, self.gain)
    }

    pub(super) fn inherit(&mut self, earlier: &Self) {
        (self.power, self.held) = (earlier.power, earlier.held);
        (self.smooth, self.gain) = (earlier.smooth, earlier.gain);
    }

    /// To a millionth of a dB: the reduction is forgotten sooner than a filter's state.
    pub(super) fn settle(&mut self) {
        let coarse = |x: f64| settle(x / SETTLE) * SETTLE;
        self.power = settle(self.power);
        (self.held, self.smooth, self.gain) =
            (coarse(self.held), coarse(self.smooth), coarse(self.gain));
    }
}

/// The time over which a level is heard.
const WINDOW_MS: f64 = 5.0;
/// dB: a ten-thousandth of the smallest step anyone hears.
const INAUDIBLE: f64 = 1e-5;
/// 2^20 times the grid of [`settle`]. A power of two: dividing by it is exact.
const SETTLE: f64 = 1_048_576.0;

impl Curve {
    #[inline(always)]
    fn at(&self, level: f64) -> f64 {
        let over = level - self.threshold;
        let bent = if 2.0 * over <= -self.knee {
            0.0
        } else if 2.0 * over < self.knee {
            let into = over + self.knee / 2.0;
            into * into / (2.0 * self.knee)
        } else {
            over
        };
        (self.slope * bent).min(self.range)
    }
}

/// One follower over all channels.
#[derive(Debug, Clone)]
pub(super) struct Squeeze {
    follower: Follower,
}

impl Squeeze {
    pub(super) fn new(ticks_per_second: f64, compressor: &Compressor) -> Self {
        Self { follower: Follower::of(ticks_per_second, compressor) }
    }

    #[inline(always)]
    pub(super) fn process(&mut self, sound: &mut [Block]) {
        for tick in 0..TICKS {
            let span = tick * TICK..(tick + 1) * TICK;
            let power = sound.iter().map(|block| power(&block[span.clone()])).fold(0.0, f64::max);
            let (from, to) = self.follower.next(power);
            for block in sound.iter_mut() {
                ramp(&mut block[span.clone()], from, to);
            }
        }
    }

    pub(super) fn inherit(&mut self, earlier: &Self) {
        self.follower.inherit(&earlier.follower);
    }

    pub(super) fn settle(&mut self) {
        self.follower.settle();
    }
}

/// The mean power of the louder of two channels.
#[inline(always)]
pub(super) fn power(frames: &[[f64; 2]]) -> f64 {
    let mut sums = [0.0; 2];
    for frame in frames {
        for lane in 0..2 {
            sums[lane] += frame[lane] * frame[lane];
        }
    }
    sums[0].max(sums[1]) / TICK as f64
}

/// Multiplies by a gain that moves in a straight line.
#[inline(always)]
pub(super) fn ramp(frames: &mut [[f64; 2]], from: f64, to: f64) {
    let step = (to - from) / TICK as f64;
    let mut gain = from;
    for frame in frames {
        gain += step;
        for lane in frame {
            *lane *= gain;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Follower;
    use crate::chain::Compressor;

    const TICKS: f64 = 3_000.0;

    fn settled(level_db: f64, compressor: &Compressor) -> f64 {
        let mut follower = Follower::of(TICKS, compressor);
        let power = 0.5 * libm::pow(10.0, level_db / 10.0);
        let last = (0..9_000).map(|_| follower.next(power).1).last().unwrap();
        20.0 * libm::log10(last)
    }

    #[test]
    fn the_static_curve_is_the_one_that_is_set() {
        let c = Compressor {
            threshold_db: -20.0,
            ratio: 4.0,
            knee_db: 6.0,
            attack_ms: 10.0,
            release_ms: 100.0,
            range_db: 12.0,
            makeup_db: 0.0,
        };
        assert_eq!(settled(-24.0, &c), 0.0);
        // In the middle of the knee an eighth of its width, times the slope.
        assert!((settled(-20.0, &c) + 0.75 * 6.0 / 8.0).abs() < 1e-4);
        assert!((settled(-10.0, &c) + 7.5).abs() < 1e-4);
        assert!((settled(0.0, &c) + 12.0).abs() < 1e-4, "the range is kept");
    }

    #[test]
    fn attack_and_release_take_their_time() {
        let c = Compressor {
            threshold_db: -20.0,
            ratio: 2.0,
            knee_db: 0.0,
            attack_ms: 20.0,
            release_ms: 200.0,
            range_db: 24.0,
            makeup_db: 0.0,
        };
        let mut follower = Follower::of(TICKS, &c);
        let db = |gain: f64| 20.0 * libm::log10(gain);
        // The level is there first; then 10 dB of reduction, 63.2 % of it after one attack.
        for _ in 0..120 {
            follower.next(0.005);
        }
        follower.power = 0.5;
        let after = (0..60).map(|_| follower.next(0.5).1).last().unwrap();
        assert!((db(after) + 6.32).abs() < 0.05, "{}", db(after));
        for _ in 0..3_000 {
            follower.next(0.5);
        }
        follower.power = 0.0;
        let after = (0..600).map(|_| follower.next(0.0).1).last().unwrap();
        // 36.8 % is left after one release, and a little more that the attack keeps back.
        assert!((db(after) + 4.0).abs() < 0.15, "{}", db(after));
    }
}
