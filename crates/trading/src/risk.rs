//! What may leave. Nothing becomes a command but what was approved here.

mod approved;
mod limits;
mod watch;

pub use approved::Approved;
pub use limits::{Limits, Window};
pub use watch::{Halt, Refused, Risk, Standing};
