//! What would have come of it: recorded markets through the core that also trades live.
//!
//! Holds: reading recorded markets, the simulated passage of orders, what came of a run and its
//! figures. Must never know: a real venue, a key, the machine's clock.
//!
//! Contents: [`Import`], [`Source`], [`Merge`], [`Opener`], [`Capture`], [`Quarantine`], [`Held`],
//! [`Inspection`], [`Inspector`] · [`record`], [`Recorded`], [`Damage`], [`listed`], [`Told`],
//! [`Playback`], [`Played`] · [`Feed`], [`synthetic`] · [`run`], [`Outcome`], [`Drive`] · [`sweep`],
//! [`Trial`], [`Aim`], [`Work`] · [`walk`], [`Walk`], [`Fold`] · [`Study`], [`STUDY_SCHEMA`],
//! [`Attempts`], [`Tried`], [`Point`], [`Forward`], [`study_page`], [`trials_csv`] · [`lookahead`],
//! [`Sight`], [`Altered`] · [`Figures`], [`Confidence`], [`Interval`], [`bootstrap`],
//! [`probabilistic_sharpe`], [`deflated_sharpe`] · [`Report`], [`REPORT_SCHEMA`], [`page`],
//! [`trades_csv`] · [`stories`], [`Story`], [`Cause`], [`Reply`], [`Closed`] · [`assumptions`] ·
//! [`Error`].

mod confidence;
mod digest;
mod error;
mod feed;
mod figures;
mod import;
mod inspection;
mod lookahead;
mod merge;
mod page;
mod passage;
mod playback;
mod recorded;
mod report;
mod run;
mod statistics;
mod story;
mod study;
mod sweep;
mod synthetic;
mod told;
mod walk;

pub use confidence::Confidence;
pub use error::Error;
pub use feed::Feed;
pub use figures::Figures;
pub use import::{Capture, Held, Import, Quarantine, Source};
pub use inspection::{BarInspection, BookInspection, Inspection, Inspector};
pub use lookahead::{Altered, Sight, lookahead};
pub use merge::{Merge, Opener};
pub use page::page;
pub use playback::{Playback, Played};
pub use recorded::{Damage, Recorded, listed, record};
pub use report::{REPORT_SCHEMA, Report, trades_csv};
pub use run::{Drive, Outcome, run};
pub use statistics::{Interval, bootstrap, deflated_sharpe, probabilistic_sharpe};
pub use story::{Cause, Closed, Reply, Story, stories};
pub use study::{Attempts, Forward, Point, STUDY_SCHEMA, Study, Tried, study_page, trials_csv};
pub use sweep::{Aim, Trial, Work, sweep};
pub use synthetic::synthetic;
pub use told::Told;
pub use walk::{Fold, Walk, walk};

use matching::Assumptions;

/// The assumptions that come with the program.
///
/// # Errors
/// [`Error::Matching`]; a test reads them.
pub fn assumptions() -> Result<Assumptions, Error> {
    Ok(Assumptions::parse(include_str!("../../../assets/backtest/assumptions.toml"))?)
}
