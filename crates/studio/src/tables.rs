//! The part of the database that is the studio's.

use store::Chapter;

/// Tables of songs, the jobs that make them and the files they are. They refer to a table `user`
/// with the key `id`, which stands in a chapter taken before this one.
pub const SCHEMA: Chapter = Chapter {
    name: "studio",
    steps: &[include_str!("tables/1.sql"), include_str!("tables/2.sql")],
};
