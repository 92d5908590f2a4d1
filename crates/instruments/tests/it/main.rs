//! Instruments judged from outside: against the SoundFont specification, against damaged files,
//! and against themselves.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod built_bank;
mod channel_messages;
mod damaged_banks;
mod modulators;
mod parameters;
mod play;
mod sameness;
mod single_notes;
mod specification;
mod spectrum;
mod whole_patches;
