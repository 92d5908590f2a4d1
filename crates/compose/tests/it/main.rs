//! Sentences in, songs out, judged by the bands that people's music falls in.
#![expect(clippy::unwrap_used, reason = "a test that cannot build its input has failed")]

mod bands;
mod effects;
mod genres;
mod golden;
mod lengths;
mod same;
mod sentences;
