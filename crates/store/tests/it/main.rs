//! The database as its users meet it: batches, readers, growth, kills, full disks, backups.
#![expect(clippy::unwrap_used, reason = "a test that cannot write its files has failed")]

mod growth;
mod keeping;
