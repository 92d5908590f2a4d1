//! Strategies that come with the engine: what others are held against.

mod buy_and_hold;
mod ema_cross;
mod random;
mod smc;

pub use buy_and_hold::BuyAndHold;
pub use ema_cross::EmaCross;
pub use random::Random;
pub use smc::{Retests, Smc, SmcSettings};
