//! What would have come of it: recorded markets through the core that also trades live.
//!
//! Holds: reading recorded markets, the simulated passage of orders, what came of a run and its
//! figures. Must never know: a real venue, a key, the machine's clock.
//!
//! Contents: [`Import`], [`Capture`], [`Quarantine`], [`Inspection`] · [`Feed`], [`synthetic`] · [`run`], [`Outcome`], [`Drive`] · [`lookahead`], [`Sight`], [`Altered`] · [`Figures`] ·
//! [`Report`], [`REPORT_SCHEMA`], [`page`],
//! [`trades_csv`] · [`assumptions`] · [`Error`].

mod confidence;
mod digest;
mod error;
mod feed;
mod figures;
mod import;
mod inspection;
mod lookahead;
mod page;
mod passage;
mod report;
mod run;
mod statistics;
mod sweep;
mod synthetic;
mod walk;

pub use confidence::Confidence;
pub use error::Error;
pub use feed::Feed;
pub use figures::Figures;
pub use import::{Capture, Import, Quarantine};
pub use inspection::{BarInspection, BookInspection, Inspection};
pub use lookahead::{Altered, Sight, lookahead};
pub use page::page;
pub use report::{REPORT_SCHEMA, Report, trades_csv};
pub use run::{Drive, Outcome, run};
pub use statistics::{Interval, bootstrap, deflated_sharpe, probabilistic_sharpe};
pub use sweep::{Aim, Trial, Work, sweep};
pub use synthetic::synthetic;
pub use walk::{Fold, Walk, walk};

use matching::Assumptions;

/// The assumptions that come with the program.
///
/// # Errors
/// [`Error::Matching`]; a test reads them.
pub fn assumptions() -> Result<Assumptions, Error> {
    Ok(Assumptions::parse(include_str!("../../../assets/backtest/assumptions.toml"))?)
}
