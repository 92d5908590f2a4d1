//! The journal against every damage, and the ring against processes that come, lag and die.
#![expect(clippy::unwrap_used, reason = "a test that cannot write its files has failed")]

mod allocation;
mod any;
mod contracts;
mod damage;
mod events;
mod folder;
mod follow;
mod foreign;
mod full_disk;
mod ring_errors;
mod ring_race;
mod ring_steps;
mod snapshots;
mod writer;
