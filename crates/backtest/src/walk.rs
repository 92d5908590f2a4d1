//! Choosing on the past and trading what comes after it, again and again.
//!
//! A recording is cut into spans of one length. The settings that did best over some spans trade the
//! next one; then all moves on by a span. Only what is traded after it was chosen counts.

use clock::Nanos;
use fault::Silent;
use market::{Bar, Event, Fixed8, Flags, Notional, Timeframe};
use serde::Serialize;
use trading::strategy::{Strategy, View, Wishes};

use crate::page::calendar;
use crate::sweep::{Aim, Trial, Work, sweep};
use crate::{Drive, Error, Feed, Outcome, run};

/// How the recording is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// How many times something is chosen and traded, at least 1.
    pub folds: u32,
    /// Spans that are chosen on, at least 1.
    pub training: u32,
    /// Whether all of the past is chosen on, and not its last spans alone.
    pub anchored: bool,
    /// What is left out at the end of the training, in nanoseconds: no position that was counted
    /// in it may reach into what comes after.
    pub purge: i64,
    /// How long nothing is opened after the choice, in nanoseconds: what both sides remember of
    /// each other fades.
    pub embargo: i64,
    /// What is chosen by.
    pub aim: Aim,
}

/// One choice and what came of it.
#[derive(Debug, Clone, Serialize)]
pub struct Fold {
    /// First moment of the training, in milliseconds since 1970.
    pub train_from_ms: i64,
    /// Its end, purged.
    pub train_to_ms: i64,
    /// When trading begins, after the embargo.
    pub test_from_ms: i64,
    /// When it ends.
    pub test_to_ms: i64,
    /// Which point was chosen.
    pub chosen: usize,
    /// What it came to in the training.
    pub training: Trial,
    /// What it came to afterwards; what was open at its end is taken for closed there, with its costs.
    pub test: Trial,
    /// The account while it traded.
    #[serde(skip)]
    pub equity: Vec<(Nanos, Notional)>,
}

/// The moments of a fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cut {
    train_from: Nanos,
    train_to: Nanos,
    test_from: Nanos,
    test_to: Nanos,
}

impl Walk {
    fn cuts(&self, from: Nanos, to: Nanos) -> Result<Vec<Cut>, Error> {
        let spans = i64::from(self.training) + i64::from(self.folds);
        let span = to.since(from) / spans;
        let training = span * i64::from(self.training);
        if self.purge >= training || self.embargo >= span {
            let day = |nanos: i64| nanos as f64 / 86_400e9;
            return Err(Error::Walk(format!(
                "the recording gives {:.2} days to train and {:.2} to trade, which a purge of {:.2} days \
                 and an embargo of {:.2} leave nothing of; ask for fewer folds",
                day(training),
                day(span),
                day(self.purge),
                day(self.embargo)
            )));
        }
        self.aim.suits(training - self.purge)?;
        let folds = i64::from(self.folds);
        Ok((0..folds)
            .map(|fold| {
                let boundary = from.plus(training + fold * span);
                let back = if self.anchored { from } else { from.plus(fold * span) };
                Cut {
                    train_from: back,
                    train_to: boundary.plus(-self.purge),
                    test_from: boundary.plus(self.embargo),
                    // What is left over by the division is the last fold's.
                    test_to: if fold + 1 == folds { to } else { boundary.plus(span) },
                }
            })
            .collect())
    }
}

/// Chooses and trades, fold by fold. What trades has seen the training before, without acting on it, so
/// that its readings stand when its time begins. What it wanted before that is lost: a cross of averages
/// waits for its next cross, and a strategy that asks only once never trades.
///
/// # Errors
/// [`Error::Walk`] where purge and embargo leave nothing; [`Error::Empty`] for a feed or a span without
/// events; as [`sweep`].
pub fn walk<P: Sync, S: Strategy, E: From<Error> + Send>(
    feed: &Feed,
    drive: &Drive,
    plan: &Walk,
    points: &[P],
    make: impl Fn(&P) -> Result<S, E> + Sync,
    work: Work<'_>,
) -> Result<Vec<Fold>, E> {
    let events = feed.events();
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Err(Error::Empty.into());
    };
    // The last event belongs to the last span.
    let cuts = plan.cuts(first.receive, last.receive.plus(1))?;
    for (at, cut) in cuts.iter().enumerate() {
        for (from, to, what) in
            [(cut.train_from, cut.train_to, "choose on"), (cut.test_from, cut.test_to, "trade")]
        {
            if feed.between(from, to).events().is_empty() {
                let (from, to) = (calendar::minute(from.millis()), calendar::minute(to.millis()));
                let fold = at + 1;
                return Err(Error::Walk(format!(
                    "fold {fold} has nothing to {what} from {from} to {to}: the recording has a hole there"
                ))
                .into());
            }
        }
    }
    let mut folds = Vec::with_capacity(cuts.len());
    for (at, cut) in cuts.iter().enumerate() {
        work.progress.stage(&format!("Fold {} of {}", at + 1, cuts.len()));
        let past = feed.between(cut.train_from, cut.train_to);
        let trials = sweep(&past, drive, points, &make, work)?;
        let Some(chosen) = plan.aim.best(&trials) else {
            let fold = at + 1;
            return Err(Error::Walk(format!(
                "fold {fold}: no setting lasted long enough to be compared with another"
            ))
            .into());
        };
        let strategy = make(&points[chosen])?;
        let (until, unheard) = (cut.test_from, Wishes::default());
        let strategy = Waiting { strategy, until, unheard };
        let whole = feed.between(cut.train_from, cut.test_to);
        let mut outcome = run(&whole, drive, strategy, &Silent, work.cancel)?;
        // Before it there was the deposit, and nothing happened to it.
        outcome.equity.retain(|(at, _)| *at >= cut.test_from);
        outcome.equity.insert(0, (cut.test_from, drive.settings.deposit));
        outcome.from = cut.test_from;
        close_all(&mut outcome, drive)?;
        folds.push(Fold {
            train_from_ms: cut.train_from.millis(),
            train_to_ms: cut.train_to.millis(),
            test_from_ms: cut.test_from.millis(),
            test_to_ms: cut.test_to.millis(),
            chosen,
            training: trials[chosen].clone(),
            test: Trial::of(&outcome),
            equity: outcome.equity,
        });
    }
    Ok(folds)
}

/// Takes what is open at the end of a fold for closed there: the next fold begins with nothing held,
/// and getting there costs a fee and the slippage that is taken for granted.
fn close_all(outcome: &mut Outcome, drive: &Drive) -> Result<(), Error> {
    if outcome.liquidated.is_some() {
        return Ok(());
    }
    let part = |rate: Fixed8| outcome.worth.gross.times(rate).ok_or(trading::Error::Overflow);
    let (fee, slipped) = (part(drive.rules.fees.taker)?, part(drive.rules.slippage)?);
    outcome.worth.fees = Notional(outcome.worth.fees.0 + fee.0);
    if let Some((_, equity)) = outcome.equity.last_mut() {
        *equity = Notional(equity.0 - fee.0 - slipped.0);
    }
    Ok(())
}

/// A strategy that sees everything and wants nothing before its time.
struct Waiting<S> {
    strategy: S,
    until: Nanos,
    /// What it wanted too early.
    unheard: Wishes,
}

impl<S> Waiting<S> {
    fn heard(
        &mut self,
        view: &View<'_>,
        wishes: &mut Wishes,
        say: impl FnOnce(&mut S, &mut Wishes),
    ) {
        if view.now >= self.until {
            return say(&mut self.strategy, wishes);
        }
        say(&mut self.strategy, &mut self.unheard);
        self.unheard.clear();
    }
}

impl<S: Strategy> Strategy for Waiting<S> {
    fn name(&self) -> String {
        self.strategy.name()
    }

    fn timeframes(&self) -> &[Timeframe] {
        self.strategy.timeframes()
    }

    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, wishes: &mut Wishes) {
        self.heard(view, wishes, |strategy, wishes| strategy.on_bar(bar, flags, view, wishes));
    }

    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        self.heard(view, wishes, |strategy, wishes| strategy.on_event(event, view, wishes));
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, Walk};
    use clock::Nanos;

    const PLAN: Walk =
        Walk { folds: 3, training: 2, anchored: false, purge: 5, embargo: 3, aim: Aim::Profit };

    #[test]
    fn training_ends_before_the_purge_and_trading_begins_after_the_embargo() {
        let cuts = PLAN.cuts(Nanos(1_000), Nanos(1_500)).unwrap();
        let read: Vec<[i64; 4]> = cuts
            .iter()
            .map(|c| [c.train_from.0, c.train_to.0, c.test_from.0, c.test_to.0])
            .collect();
        assert_eq!(
            read,
            [
                [1_000, 1_195, 1_203, 1_300],
                [1_100, 1_295, 1_303, 1_400],
                [1_200, 1_395, 1_403, 1_500]
            ]
        );
        let anchored = Walk { anchored: true, ..PLAN }.cuts(Nanos(1_000), Nanos(1_500)).unwrap();
        assert!(anchored.iter().all(|cut| cut.train_from == Nanos(1_000)));
        assert!(Walk { embargo: 100, ..PLAN }.cuts(Nanos(1_000), Nanos(1_500)).is_err());
        assert!(Walk { purge: 200, ..PLAN }.cuts(Nanos(1_000), Nanos(1_500)).is_err());
    }
}
