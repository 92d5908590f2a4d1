//! How a position ends, other than by its strategy.

use clock::Nanos;
use market::{Fixed8, Side, Ticks};

use crate::strategy::Score;

/// Where a position ends. Stop and target wait at the venue; the others are looked at whenever a
/// price comes.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Exits {
    /// The price at which it has gone wrong.
    pub stop: Option<Ticks>,
    /// The price at which it has gone well.
    pub target: Option<Ticks>,
    /// How far the stop follows behind the best price.
    pub trail: Option<Ticks>,
    /// The longest it may last, in nanoseconds.
    pub longest: Option<i64>,
    /// How long it may stand still, and what standing still is.
    pub stagnation: Option<Stagnation>,
    /// Below what score it is no longer wanted, as its strategy scores it while it lasts.
    pub least: Option<Score>,
}

/// A position that goes nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stagnation {
    /// After so many nanoseconds,
    pub after: i64,
    /// if its price is within this share of where it was entered: 0.001 is 0.1 %.
    pub within: Fixed8,
}

/// Why an order of ours ends a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExitReason {
    /// Its strategy said so.
    Signal(&'static str),
    /// It turns over to the other side.
    Turn,
    /// A better chance takes its place.
    Rotation,
    /// It lasted too long.
    Time,
    /// It went nowhere.
    Stagnation,
    /// What was seen in it faded: its score fell below the least.
    Decay,
    /// Its stop or target was refused: the price is past it already.
    Unguarded,
}

/// The course of an open position, as its exits see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Course {
    pub(crate) side: Side,
    pub(crate) entered: Ticks,
    pub(crate) since: Nanos,
    /// The best price there was.
    pub(crate) best: Ticks,
}

impl Course {
    /// Takes in a price.
    pub(crate) fn saw(&mut self, price: Ticks) {
        self.best = match self.side {
            Side::Buy => self.best.max(price),
            Side::Sell => self.best.min(price),
        };
    }

    /// Whether the clock ends it.
    pub(crate) fn due(&self, exits: &Exits, now: Nanos, price: Ticks) -> Option<ExitReason> {
        let held = now.since(self.since);
        if exits.longest.is_some_and(|longest| held >= longest) {
            return Some(ExitReason::Time);
        }
        let still = exits.stagnation.is_some_and(|Stagnation { after, within }| {
            let moved = i128::from(price.0.abs_diff(self.entered.0));
            held >= after
                && moved * i128::from(Fixed8::ONE.0)
                    < i128::from(self.entered.0) * i128::from(within.0)
        });
        still.then_some(ExitReason::Stagnation)
    }

    /// Where its stop belongs now; it only ever moves towards the price.
    pub(crate) fn stop(&self, exits: &Exits) -> Option<Ticks> {
        let trailing = exits.trail.map(|trail| match self.side {
            Side::Buy => Ticks(self.best.0.saturating_sub(trail.0)),
            Side::Sell => Ticks(self.best.0.saturating_add(trail.0)),
        });
        match (exits.stop, trailing, self.side) {
            (Some(stop), Some(trailing), Side::Buy) => Some(stop.max(trailing)),
            (Some(stop), Some(trailing), Side::Sell) => Some(stop.min(trailing)),
            (stop, trailing, _) => stop.or(trailing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, ExitReason, Exits, Stagnation};
    use clock::Nanos;
    use market::{Fixed8, Side, Ticks};

    const LONG: Course =
        Course { side: Side::Buy, entered: Ticks(1_000), since: Nanos(0), best: Ticks(1_000) };

    #[test]
    fn a_trailing_stop_follows_the_best_price_and_never_goes_back() {
        let exits = Exits { stop: Some(Ticks(980)), trail: Some(Ticks(30)), ..Exits::default() };
        let mut long = LONG;
        assert_eq!(long.stop(&exits), Some(Ticks(980)), "the stop stands nearer");
        let stops = [1_020, 1_050, 1_010].map(|price| {
            long.saw(Ticks(price));
            long.stop(&exits).unwrap().0
        });
        assert_eq!(stops, [990, 1_020, 1_020]);
        let mut short = Course { side: Side::Sell, ..LONG };
        short.saw(Ticks(900));
        let exits = Exits { trail: Some(Ticks(30)), ..Exits::default() };
        assert_eq!(short.stop(&exits), Some(Ticks(930)));
    }

    #[test]
    fn time_and_standing_still_end_it() {
        let exits = Exits {
            longest: Some(100),
            stagnation: Some(Stagnation { after: 50, within: Fixed8(100_000) }),
            ..Exits::default()
        };
        assert_eq!(LONG.due(&exits, Nanos(49), Ticks(1_000)), None);
        assert_eq!(LONG.due(&exits, Nanos(50), Ticks(1_000)), Some(ExitReason::Stagnation));
        assert_eq!(LONG.due(&exits, Nanos(50), Ticks(1_001)), None, "0.1 % is a move");
        assert_eq!(LONG.due(&exits, Nanos(100), Ticks(2_000)), Some(ExitReason::Time));
    }
}
