//! The mix: each stem to its level and place, sends to a room and an echo, and the sum.

mod channel;
mod console;
mod duck;
mod table;

pub use channel::Channel;
pub use console::{Console, Returns};
pub use duck::Duck;
pub use table::{DuckTable, EchoTable, MixTable, RoomTable, Strip};
