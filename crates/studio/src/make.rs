//! A sentence becomes a song: read, plan, compose, play, mix, master, write, check, publish.

mod check;
mod deliver;
mod order;
mod session;

pub use order::{Delivery, FileFormat, MakeOrder};
pub use session::{Made, Regenerated, make, regenerate};
