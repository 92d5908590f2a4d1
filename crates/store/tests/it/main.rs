//! The database as its users meet it: batches, readers, growth, kills, full disks, backups.

mod growth;
mod keeping;
