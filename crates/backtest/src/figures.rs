use clock::Nanos;
use market::Notional;
use serde::Serialize;
use trading::Note;
use trading::portfolio::Trip;

use crate::Outcome;

const DAY: i64 = 86_400_000_000_000;
/// Crypto never closes.
pub(crate) const DAYS_A_YEAR: f64 = 365.0;

/// What a run comes to. Amounts are in the quote currency; what needs more than there is, such as
/// a deviation of one day, is absent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    /// Equity at the end, less the deposit.
    pub profit: f64,
    /// The same as a share of the deposit.
    pub profit_share: f64,
    /// The deepest fall from a highest equity, as a share of it.
    pub drawdown_share: f64,
    /// The longest time below a highest equity, in days.
    pub underwater_days: f64,
    /// Mean over deviation of daily returns, times the root of 365; days from the first moment on.
    pub sharpe: Option<f64>,
    /// Mean over the deviation of what was lost, likewise.
    pub sortino: Option<f64>,
    /// Positions that were closed.
    pub trades: usize,
    /// Those that made something after costs.
    pub wins: usize,
    /// What the winners made over what the losers lost, after costs.
    pub profit_factor: Option<f64>,
    /// The mean of a trade after costs.
    pub expectancy: Option<f64>,
    /// Profit before fees and funding, open positions included.
    pub gross_profit: f64,
    /// Paid in fees.
    pub fees: f64,
    /// Received in funding.
    pub funding: f64,
    /// Orders that left.
    pub orders: usize,
    /// Share of the time in which something was held.
    pub exposure: f64,
}

impl Figures {
    /// From what came of a run.
    pub fn of(outcome: &Outcome) -> Self {
        let worth = &outcome.worth;
        let deposit = amount(worth.deposit);
        let end = outcome.equity.last().map_or(worth.equity(), |(_, equity)| *equity);
        let profit = amount(end) - deposit;
        let (fees, funding) = (amount(worth.fees), amount(worth.funding));
        let trips: Vec<Trip> = trips(outcome).collect();
        let nets: Vec<f64> = trips.iter().map(|trip| amount(trip.net())).collect();
        let won: f64 = nets.iter().filter(|net| **net > 0.0).sum();
        let lost: f64 = nets.iter().filter(|net| **net < 0.0).sum();
        let returns = daily_returns(&outcome.equity);
        let (drawdown_share, underwater_days) = drawdown(&outcome.equity);
        Self {
            profit,
            profit_share: profit / deposit,
            drawdown_share,
            underwater_days,
            sharpe: sharpe(&returns),
            sortino: sortino(&returns),
            trades: trips.len(),
            wins: nets.iter().filter(|net| **net > 0.0).count(),
            profit_factor: (lost < 0.0).then(|| won / -lost),
            expectancy: (!nets.is_empty()).then(|| nets.iter().sum::<f64>() / nets.len() as f64),
            gross_profit: profit + fees - funding,
            fees,
            funding,
            orders: outcome.notes.iter().filter(|n| matches!(n, Note::Sent { .. })).count(),
            exposure: exposure(&trips, outcome),
        }
    }
}

/// Every position that was closed.
pub(crate) fn trips(outcome: &Outcome) -> impl Iterator<Item = Trip> + '_ {
    outcome.notes.iter().filter_map(|note| match note {
        Note::Closed { trip, .. } => Some(*trip),
        _ => None,
    })
}

/// As a number to look at: sums are exact, their pictures need not be.
pub(crate) fn amount(notional: Notional) -> f64 {
    notional.0 as f64 / 1e8
}

/// Returns from day to day. Days are whole: the first begins with the record, and what is left at its
/// end is no day.
pub(crate) fn daily_returns(equity: &[(Nanos, Notional)]) -> Vec<f64> {
    let Some((start, first)) = equity.first().copied() else { return Vec::new() };
    let mut returns = Vec::new();
    let (mut before, mut last, mut end) = (amount(first), amount(first), start.plus(DAY));
    for (at, equity) in equity {
        // What is told at the end of a day belongs to it; a silent day stays where it was.
        while *at > end {
            returns.push(last / before - 1.0);
            (before, end) = (last, end.plus(DAY));
        }
        last = amount(*equity);
        if *at == end {
            returns.push(last / before - 1.0);
            (before, end) = (last, end.plus(DAY));
        }
    }
    // Nothing grows from nothing.
    returns.retain(|daily| daily.is_finite());
    returns
}

/// Mean over the deviation from it, by the year (Sharpe 1994).
pub(crate) fn sharpe(returns: &[f64]) -> Option<f64> {
    let mean = mean(returns)?;
    by_the_year(mean, returns.iter().map(|r| (r - mean) * (r - mean)))
}

/// Mean over the deviation of what was lost, by the year (Sortino and Price 1994, target zero).
fn sortino(returns: &[f64]) -> Option<f64> {
    by_the_year(mean(returns)?, returns.iter().map(|r| r.min(0.0)).map(|r| r * r))
}

fn mean(returns: &[f64]) -> Option<f64> {
    (returns.len() >= 2).then(|| returns.iter().sum::<f64>() / returns.len() as f64)
}

fn by_the_year(mean: f64, squares: impl ExactSizeIterator<Item = f64>) -> Option<f64> {
    let count = squares.len() as f64;
    let deviation = (squares.sum::<f64>() / (count - 1.0)).sqrt();
    (deviation > 0.0).then(|| mean / deviation * DAYS_A_YEAR.sqrt())
}

/// The deepest fall of an account with such returns, as a share of its highest.
pub(crate) fn fall(returns: &[f64]) -> f64 {
    let (mut equity, mut highest, mut deepest) = (1.0_f64, 1.0_f64, 0.0_f64);
    for daily in returns {
        equity *= 1.0 + daily;
        highest = highest.max(equity);
        deepest = deepest.max(1.0 - equity / highest);
    }
    deepest
}

/// The deepest fall as a share, and the longest time under water in days.
fn drawdown(equity: &[(Nanos, Notional)]) -> (f64, f64) {
    let (mut highest, mut since) = (f64::MIN, Nanos(0));
    let (mut deepest, mut longest) = (0.0_f64, 0_i64);
    for (at, equity) in equity {
        let equity = amount(*equity);
        if equity >= highest {
            (highest, since) = (equity, *at);
        } else if highest > 0.0 {
            deepest = deepest.max(1.0 - equity / highest);
            longest = longest.max(at.since(since));
        }
    }
    (deepest, longest as f64 / DAY as f64)
}

/// The share of the time in which any position was held.
fn exposure(trips: &[Trip], outcome: &Outcome) -> f64 {
    let closed = trips.iter().map(|trip| (trip.opened, trip.closed));
    let open = outcome.open.iter().map(|(_, since)| (*since, outcome.to));
    let mut spans: Vec<(Nanos, Nanos)> = closed.chain(open).collect();
    spans.sort_unstable();
    let (mut held, mut until) = (0_i64, outcome.from);
    for (from, to) in spans {
        held += to.since(from.max(until)).max(0);
        until = until.max(to);
    }
    let whole = outcome.to.since(outcome.from);
    if whole > 0 { held as f64 / whole as f64 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{DAY, daily_returns, drawdown, sharpe, sortino};
    use clock::Nanos;
    use market::Notional;

    fn curve(days: &[i64]) -> Vec<(Nanos, Notional)> {
        let point = |(day, equity): (usize, &i64)| {
            (Nanos(DAY * (day as i64 + 1)), Notional::whole(*equity))
        };
        days.iter().enumerate().map(point).collect()
    }

    #[test]
    fn ratios_by_hand() {
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        // A day from its first moment on, whenever that is; half a day at the end is none.
        let half = DAY / 2;
        let mut points = vec![(Nanos(half), Notional::whole(100))];
        points.extend(curve(&[105, 110, 99, 99]).into_iter().map(|(at, e)| (at.plus(half), e)));
        points.insert(2, (Nanos(DAY + half + 1), Notional::whole(120)));
        points.push((Nanos(5 * DAY), Notional::whole(50)));
        let returns = daily_returns(&points);
        assert_eq!(returns.len(), 4);
        near(returns[0], 0.05);
        near(returns[1], 110.0 / 105.0 - 1.0);
        near(returns[2], -0.1);
        near(returns[3], 0.0);
        near(sharpe(&[0.1, -0.1, 0.0]).unwrap(), 0.0);
        // Two days of silence are two days.
        let silent = [(Nanos(0), Notional::whole(100)), (Nanos(2 * DAY), Notional::whole(110))];
        let days = daily_returns(&silent);
        assert_eq!(days.len(), 2);
        near(days[0] + days[1], 0.1);
        near(sharpe(&[0.01, 0.03]).unwrap(), 0.02 / 0.0002_f64.sqrt() * 365_f64.sqrt());
        near(sortino(&[0.03, -0.01]).unwrap(), 0.01 / 0.01 * 365_f64.sqrt());
        assert_eq!(
            (sharpe(&[0.01]), sortino(&[0.01])),
            (None, None),
            "one day deviates from nothing"
        );
        assert_eq!((sharpe(&[0.01, 0.01]), sortino(&[0.01, 0.01])), (None, None));
    }

    #[test]
    fn a_fall_is_measured_from_the_highest_before_it() {
        let (deepest, longest) = drawdown(&curve(&[100, 120, 90, 110, 121, 120]));
        assert!((deepest - 0.25).abs() < 1e-12);
        assert!((longest - 2.0).abs() < 1e-12);
    }
}
