use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use fault::{Cancel, Progress, Silent};
use serde::Serialize;
use trading::strategy::Strategy;

use crate::figures::daily_returns;
use crate::statistics::{FEWEST_DAYS, sharpe};
use crate::{Drive, Error, Feed, Figures, Outcome, run};

/// What one setting of a strategy came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// What it comes to.
    pub figures: Figures,
    /// Returns from day to day.
    #[serde(skip)]
    pub daily: Vec<f64>,
    /// All commands and reports as one number.
    pub hash: String,
}

impl Trial {
    /// From what came of a run.
    pub fn of(outcome: &Outcome) -> Self {
        Self {
            figures: Figures::of(outcome),
            daily: daily_returns(&outcome.equity),
            hash: outcome.hash.clone(),
        }
    }

    /// Mean over deviation of its daily returns, not by the year; zero where nothing varies. None of
    /// fewer than [`FEWEST_DAYS`], as when the account was liquidated before.
    pub fn daily_sharpe(&self) -> Option<f64> {
        (self.daily.len() >= FEWEST_DAYS).then(|| sharpe(&self.daily).unwrap_or(0.0))
    }
}

/// What trials are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Aim {
    /// The Sharpe ratio of days.
    Sharpe,
    /// The profit after costs.
    Profit,
}

impl Aim {
    fn of(self, trial: &Trial) -> Option<f64> {
        match self {
            Self::Sharpe => trial.daily_sharpe(),
            Self::Profit => Some(trial.figures.profit),
        }
    }

    /// Which is best; of equals the first, none where nothing can be compared.
    pub fn best(self, trials: &[Trial]) -> Option<usize> {
        let known = trials.iter().enumerate().filter_map(|(at, t)| Some((at, self.of(t)?)));
        let best = known.reduce(|best, next| if next.1 > best.1 { next } else { best });
        best.map(|(at, _)| at)
    }

    /// Whether so much time is enough to compare by.
    ///
    /// # Errors
    /// [`Error::Walk`], which says what would do.
    pub fn suits(self, nanos: i64) -> Result<(), Error> {
        let days = nanos as f64 / 86_400e9;
        if self == Self::Profit || days >= FEWEST_DAYS as f64 {
            return Ok(());
        }
        Err(Error::Walk(format!(
            "{days:.2} days are too few to choose by the Sharpe ratio of days, which needs \
             {FEWEST_DAYS}: choose by profit, on a longer recording, or in fewer folds"
        )))
    }
}

/// Who does long work, who hears of it, who may stop it.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// How many threads.
    pub threads: NonZeroUsize,
    /// Who hears how far it is.
    pub progress: &'a dyn Progress,
    /// Who may stop it.
    pub cancel: &'a Cancel,
}

/// Runs every strategy that `make` makes of `points` over one feed. The trials come in the order of the points, whatever the threads did.
///
/// # Errors
/// The first error in the order of the points: as [`run`], and whatever `make` says.
pub fn sweep<P: Sync, S: Strategy, E: From<Error> + Send>(
    feed: &Feed,
    drive: &Drive,
    points: &[P],
    make: impl Fn(&P) -> Result<S, E> + Sync,
    work: Work<'_>,
) -> Result<Vec<Trial>, E> {
    let slots: Vec<Mutex<Option<Result<Trial, E>>>> =
        points.iter().map(|_| Mutex::new(None)).collect();
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let Work { threads, progress, cancel } = work;
    let try_points = || {
        while let Some((point, slot)) = {
            let at = next.fetch_add(1, Ordering::Relaxed);
            points.get(at).zip(slots.get(at))
        } {
            let trial = make(point)
                .and_then(|strategy| Ok(Trial::of(&run(feed, drive, strategy, &Silent, cancel)?)));
            let failed = trial.is_err();
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(trial);
            if failed {
                // Nobody begins another; those before it are finished.
                next.store(points.len(), Ordering::Relaxed);
            }
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.advance(done as f64 / points.len() as f64);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.get().min(points.len()) {
            scope.spawn(try_points);
        }
        try_points();
    });
    let taken =
        slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner));
    // A slot is empty only behind one that failed.
    taken.flatten().collect()
}
