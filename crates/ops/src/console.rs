//! What a program says to the person at it, and to the programs that call it: answers on standard
//! output, progress and errors on standard error.

mod answer;
mod clean;
mod display;
mod failure;

pub use answer::{say, say_json, say_on};
pub use display::Display;
pub use failure::Failure;
