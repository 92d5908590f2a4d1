//! The simulated venue, order by order.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its venue has failed")]

mod ages;
mod bars;
mod lone;
mod quotes;
mod rules;
mod scene;
