//! Indicators, one bar at a time.
//!
//! Each takes a closed bar (or its close) and gives its reading, or none while history is short.
//! An update costs the same whatever the period; windows keep exact sums that are renewed once a
//! round, so that no error of an old, larger price stays behind. Seeds and formulas are those of
//! TA-Lib, with one exception: a market that never moved has an RSI of 50, not 0.
//!
//! Contents: [`Sma`], [`Ema`], [`Slope`] · [`Rsi`], [`CutlerRsi`] · [`Atr`], [`Adx`], [`Direction`] · [`Macd`],
//! [`MacdReading`] · [`Bollinger`], [`Bands`] · [`Momentum`] · [`RollingVwap`], [`SessionVwap`] ·
//! [`VolumeRatio`], [`VolumeScore`], [`OrderFlow`], [`TakerTally`] · [`TopOfBook`],
//! [`liquidity_score`] · [`true_range`].

mod average;
mod bands;
mod direction;
mod flow;
mod liquidity;
mod macd;
mod momentum;
mod range;
mod strength;
mod volume;
mod vwap;
mod window;

pub use average::{Ema, Slope, Sma};
pub use bands::{Bands, Bollinger};
pub use direction::{Adx, Direction};
pub use flow::{OrderFlow, TakerTally};
pub use liquidity::{TopOfBook, liquidity_score};
pub use macd::{Macd, MacdReading};
pub use momentum::Momentum;
pub use range::{Atr, true_range};
pub use strength::{CutlerRsi, Rsi};
pub use volume::{VolumeRatio, VolumeScore};
pub use vwap::{RollingVwap, SessionVwap};

use average::Wilder;
use window::{Delay, RollingMoments, RollingSum};
