//! One SQLite database: who writes, who reads, how its schema grows.
//!
//! Holds: the one writer, the readers, the migrator, backups. Must never know: any table but its
//! own, any network.
