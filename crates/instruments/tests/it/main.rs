//! Instruments judged from outside: against the SoundFont specification, against damaged files,
//! and against themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a test that is not run says so")]

mod damaged_banks;
mod play;
mod sameness;
mod specification;
mod whole_patches;
