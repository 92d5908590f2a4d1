//! How much of a ratio is luck.
//!
//! A Sharpe ratio of a short record is an estimate with an error, and the best of many is chosen
//! for its luck. What is left of it after both is a probability here, never a better number.

use clock::{Chance, Seed};
use serde::Serialize;

/// Returns below which nothing is said: moments of the fourth order need some.
pub(crate) const FEWEST_DAYS: usize = 10;
/// Draws of the bootstrap.
const DRAWS: usize = 2_000;

/// A value and between what it would lie in 95 of 100 records of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5 % lie below.
    pub low: f64,
    /// 2.5 % lie above.
    pub high: f64,
}

/// The first four moments of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Moments {
    count: f64,
    /// Mean over deviation; not by the year.
    sharpe: f64,
    skew: f64,
    /// Three for a normal one.
    kurtosis: f64,
}

impl Moments {
    fn of(returns: &[f64]) -> Option<Self> {
        // A mean of equal numbers is not always that number, and their deviation not always zero.
        if returns.len() < FEWEST_DAYS || returns.windows(2).all(|pair| pair[0] == pair[1]) {
            return None;
        }
        let count = returns.len() as f64;
        let mean = returns.iter().sum::<f64>() / count;
        let power = |n: usize| {
            let raised = |r: &f64| std::iter::repeat_n(r - mean, n).product::<f64>();
            returns.iter().map(raised).sum::<f64>() / count
        };
        let variance = power(2);
        let deviation = (variance * count / (count - 1.0)).sqrt();
        Some(Self {
            count,
            sharpe: mean / deviation,
            skew: power(3) / (variance * variance.sqrt()),
            kurtosis: power(4) / (variance * variance),
        })
    }

    /// How likely the true ratio is above `benchmark`, both per observation.
    fn exceeds(self, benchmark: f64) -> Option<f64> {
        let Self { count, sharpe, skew, kurtosis } = self;
        let spread = 1.0 - skew * sharpe + (kurtosis - 1.0) / 4.0 * sharpe * sharpe;
        (spread > 0.0).then(|| normal((sharpe - benchmark) * (count - 1.0).sqrt() / spread.sqrt()))
    }
}

/// The probability that a strategy with these returns, one an observation, has a Sharpe ratio
/// above zero (Bailey and Lopez de Prado 2012, equation 12: skew and fat tails counted). None of
/// fewer than ten returns, or of returns that are all the same.
pub fn probabilistic_sharpe(returns: &[f64]) -> Option<f64> {
    Moments::of(returns)?.exceeds(0.0)
}

/// The same for the best of several trials, given the Sharpe ratios of all of them, per observation:
/// the probability that it is above what the best of as many would have without any skill (Bailey and Lopez de
/// Prado 2014, equations 1 and 2). It takes the trials for independent, which is hard on a grid of
/// neighbours: the careful side.
pub fn deflated_sharpe(best: &[f64], trials: &[f64]) -> Option<f64> {
    Moments::of(best)?.exceeds(expected_best(trials)?)
}

/// The highest Sharpe ratio to be expected of so many trials without skill.
fn expected_best(trials: &[f64]) -> Option<f64> {
    let count = trials.len() as f64;
    if trials.len() < 2 {
        return Some(0.0);
    }
    let mean = trials.iter().sum::<f64>() / count;
    let variance = trials.iter().map(|t| (t - mean) * (t - mean)).sum::<f64>() / (count - 1.0);
    Some(variance.sqrt() * highest_of(count)?)
}

/// The expected highest of so many normal draws (the paper's own approximation).
fn highest_of(count: f64) -> Option<f64> {
    /// Euler and Mascheroni's constant.
    const GAMMA: f64 = 0.577_215_664_901_532_9;
    let first = quantile(1.0 - 1.0 / count)?;
    let second = quantile(1.0 - 1.0 / (count * std::f64::consts::E))?;
    Some((1.0 - GAMMA) * first + GAMMA * second)
}

/// Mean over deviation of the returns, one an observation; none where nothing varies.
pub(crate) fn sharpe(returns: &[f64]) -> Option<f64> {
    Moments::of(returns).map(|moments| moments.sharpe)
}

/// Between what `statistic` lies when the returns are drawn anew: the stationary bootstrap
/// (Politis and Romano 1994), which keeps what follows upon what in blocks of a random length, in
/// the mean the cube root of their number. None of fewer than ten, or where the statistic has no
/// value for some draw.
pub fn bootstrap(
    returns: &[f64],
    seed: Seed,
    statistic: impl Fn(&[f64]) -> Option<f64>,
) -> Option<Interval> {
    if returns.len() < FEWEST_DAYS {
        return None;
    }
    let mut chance = seed.stream("bootstrap");
    let block = libm::cbrt(returns.len() as f64).max(1.0);
    let mut drawn = Vec::with_capacity(returns.len());
    let mut values = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        draw(returns, block, &mut chance, &mut drawn);
        values.push(statistic(&drawn)?);
    }
    values.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| values[((DRAWS - 1) as f64 * share).round() as usize];
    Some(Interval { low: at(0.025), high: at(0.975) })
}

fn draw(returns: &[f64], block: f64, chance: &mut Chance, drawn: &mut Vec<f64>) {
    drawn.clear();
    let mut at = chance.below(returns.len());
    while drawn.len() < returns.len() {
        drawn.push(returns[at]);
        // The record is a ring, so that its ends are drawn as often as its middle.
        at = if chance.happens(1.0 / block) {
            chance.below(returns.len())
        } else {
            (at + 1) % returns.len()
        };
    }
}

/// The distribution of a normal draw.
fn normal(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// Below what a normal draw lies with a probability; none outside 0 to 1. By halving: it is asked
/// for twice a report.
fn quantile(probability: f64) -> Option<f64> {
    if !(probability > 0.0 && probability < 1.0) {
        return None;
    }
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..100 {
        let middle = (low + high) / 2.0;
        if normal(middle) < probability { low = middle } else { high = middle }
    }
    Some((low + high) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::{
        Moments, bootstrap, deflated_sharpe, expected_best, highest_of, normal,
        probabilistic_sharpe, quantile,
    };
    use clock::Seed;

    fn near(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() <= within, "{a} {b}");
    }

    #[test]
    fn the_normal_distribution_as_tables_have_it() {
        for (x, p) in [(0.0, 0.5), (1.0, 0.841_344_746_068_542_9), (-1.959_963_984_540_054, 0.025)]
        {
            near(normal(x), p, 1e-15);
            near(quantile(p).unwrap(), x, 1e-12);
        }
        assert_eq!((quantile(0.0), quantile(1.0), quantile(f64::NAN)), (None, None, None));
    }

    /// The example of Bailey and Lopez de Prado (2014): five years of days, a Sharpe ratio of 2.5 by
    /// the year, skew -3, kurtosis 10, the best of 100 trials whose ratios by the year vary by 1/2.
    #[test]
    fn the_published_example_is_met() {
        let days = 250.0_f64;
        let benchmark = (0.5 / days).sqrt() * highest_of(100.0).unwrap();
        near(benchmark, 0.1132, 5e-5);
        let best = Moments { count: 1250.0, sharpe: 2.5 / days.sqrt(), skew: -3.0, kurtosis: 10.0 };
        near(best.exceeds(benchmark).unwrap(), 0.9004, 5e-5);
        // The same with normal returns, and with fewer trials, as the paper has them.
        let few = (0.5 / days).sqrt() * highest_of(46.0).unwrap();
        near(best.exceeds(few).unwrap(), 0.9505, 5e-5);
    }

    #[test]
    fn more_trials_and_fewer_days_leave_less() {
        let days: Vec<f64> = (0..126).map(|n| 0.001 + 0.01 * f64::from(n % 7 - 3)).collect();
        let alone = probabilistic_sharpe(&days).unwrap();
        let trials =
            |count: i32| -> Vec<f64> { (0..count).map(|n| 0.05 * f64::from(n % 5 - 2)).collect() };
        let of_ten = deflated_sharpe(&days, &trials(10)).unwrap();
        let of_many = deflated_sharpe(&days, &trials(1_000)).unwrap();
        assert!(alone > of_ten && of_ten > of_many, "{alone} {of_ten} {of_many}");
        near(deflated_sharpe(&days, &[0.1]).unwrap(), alone, 0.0);
        assert!(probabilistic_sharpe(&days[..63]).unwrap() < alone);
        assert_eq!(probabilistic_sharpe(&days[..9]), None);
        assert_eq!(probabilistic_sharpe(&[0.01; 50]), None);
        assert!(expected_best(&trials(100)).unwrap() > expected_best(&trials(10)).unwrap());
    }

    /// An interval that claims 95 of 100 must hold the truth about as often.
    #[test]
    fn the_interval_holds_the_truth_as_often_as_it_says() {
        let mean = |returns: &[f64]| Some(returns.iter().sum::<f64>() / returns.len() as f64);
        let mut held = 0;
        for seed in 0..200 {
            let mut chance = Seed(seed).stream("records");
            let returns: Vec<f64> = (0..250).map(|_| 0.3 + chance.normal()).collect();
            let interval = bootstrap(&returns, Seed(seed), mean).unwrap();
            held += u32::from(interval.low <= 0.3 && 0.3 <= interval.high);
        }
        // Blocks make it a little narrow: 93 % in the long run for a record of this length.
        assert!((178..=198).contains(&held), "{held} of 200");
        let few = [0.1; 9];
        assert_eq!(bootstrap(&few, Seed(1), mean), None);
    }
}
