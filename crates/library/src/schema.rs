//! The part of the database that is the library's.

use store::Chapter;

/// Tables of the collection and of what listeners do with it. They refer to a table `user` with the
/// key `id`, which stands in a chapter taken before this one.
pub const SCHEMA: Chapter = Chapter { name: "library", steps: &[include_str!("schema/1.sql")] };
