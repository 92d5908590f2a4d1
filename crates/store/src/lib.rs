//! One SQLite database: who writes, who reads, how its schema grows.
//!
//! Holds: the one writer and its batches, the readers, the migrator, backups, the id of a user that
//! every table of an owner names. Must never know: what any table means, any network, any clock.
//!
//! Contents: [`Store`] · [`Chapter`] · [`restore`] · [`UserId`] · [`Error`] · [`rusqlite`], whose
//! statements jobs are made of.

mod backup;
mod chapter;
mod error;
mod readers;
mod store;
mod user;
mod writer;

pub use backup::restore;
pub use chapter::Chapter;
pub use error::Error;
pub use rusqlite;
pub use store::Store;
pub use user::UserId;
