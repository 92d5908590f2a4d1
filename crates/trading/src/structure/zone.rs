use super::kept::Kept;
use super::settings::Rules;
use super::{Extreme, Finding, Swing, What};
use crate::Candle;

/// A liquidity zone: swings of one kind at nearly one level, where stops gather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zone {
    /// Highs or lows.
    pub extreme: Extreme,
    /// The first swing's price.
    pub level: f64,
    /// The farthest price that is still the zone; beyond it the zone is taken.
    pub edge: f64,
    /// How many swings.
    pub touches: u32,
    /// The number of the first swing's bar.
    pub pivot_index: u64,
    /// The number of the last swing's bar.
    pub last_index: u64,
}

impl Zone {
    fn holds(&self, level: f64) -> bool {
        (level - self.level).abs() <= (self.edge - self.level).abs()
    }

    /// Whether a bar traded beyond the edge.
    fn is_taken_by(&self, candle: &Candle) -> bool {
        match self.extreme {
            Extreme::High => candle.high() > self.edge,
            Extreme::Low => candle.low() < self.edge,
        }
    }
}

/// Gathers swings at one level, until price trades beyond it or leaves it alone for too long.
///
/// The first swing of a level stays its centre: a centre that moves would let a zone wander away
/// from where it was found.
#[derive(Debug, Clone)]
pub(super) struct Zones {
    touches: u32,
    share: f64,
    window: u64,
    highs: Kept<Zone>,
    lows: Kept<Zone>,
}

impl Zones {
    pub(super) fn new(rules: &Rules) -> Self {
        let kept = || Kept::new(rules.zones_kept);
        let (touches, share, window) = (rules.zone_touches, rules.zone_share, rules.zone_window);
        Self { touches, share, window, highs: kept(), lows: kept() }
    }

    pub(super) fn formed(&self) -> impl Iterator<Item = &Zone> {
        let all = self.highs.items().iter().chain(self.lows.items());
        all.filter(|zone| zone.touches >= self.touches)
    }

    pub(super) fn forgotten(&self) -> u64 {
        self.highs.forgotten() + self.lows.forgotten()
    }

    /// Lets a bar trade at the levels that were there before it.
    pub(super) fn trade(&mut self, index: u64, candle: &Candle, found: &mut Vec<Finding>) {
        let (touches, window) = (self.touches, self.window);
        for side in [&mut self.highs, &mut self.lows] {
            side.retain_mut(|zone| {
                if !zone.is_taken_by(candle) {
                    return index - zone.last_index <= window;
                }
                if zone.touches >= touches {
                    let close = candle.close().get();
                    let swept = match zone.extreme {
                        Extreme::High => close < zone.level,
                        Extreme::Low => close > zone.level,
                    };
                    let (pivot_index, confirmed_index) = (zone.pivot_index, index);
                    let what = What::ZoneTaken { zone: *zone, swept };
                    found.push(Finding { pivot_index, confirmed_index, what });
                }
                false
            });
        }
    }

    /// Counts a swing where it belongs: at the oldest level that holds it, else at one of its own.
    pub(super) fn confirm(&mut self, swing: &Swing, found: &mut Vec<Finding>) {
        let (extreme, level, index) = (swing.extreme, swing.level, swing.pivot_index);
        let (side, sign) = match extreme {
            Extreme::High => (&mut self.highs, 1.0),
            Extreme::Low => (&mut self.lows, -1.0),
        };
        let Some(zone) = side.items_mut().iter_mut().find(|zone| zone.holds(level)) else {
            let edge = level * (1.0 + sign * self.share);
            let (touches, pivot_index, last_index) = (1, index, index);
            side.push(Zone { extreme, level, edge, touches, pivot_index, last_index });
            return;
        };
        zone.touches += 1;
        zone.last_index = index;
        let what = match zone.touches {
            few if few < self.touches => return,
            enough if enough == self.touches => What::ZoneFormed(*zone),
            _ => What::ZoneTouched(*zone),
        };
        let pivot_index = zone.pivot_index;
        found.push(Finding { pivot_index, confirmed_index: swing.confirmed_index, what });
    }
}
