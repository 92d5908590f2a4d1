//! The program as people meet it: a process, its words, its exit code and the files it leaves.

#![expect(clippy::unwrap_used, reason = "a test that cannot set up its place has failed")]

mod analysing;
mod batching;
mod bench;
mod comparing;
mod mastering;
mod player;
mod refusals;
mod serving;
mod settings;
mod stalling;
