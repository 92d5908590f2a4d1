use std::io::{ErrorKind, Write, stdout};
use std::path::Path;

use super::clean::printable;
use crate::Error;

/// Writes the answer to a command to standard output, a line each, without control characters that
/// what it quotes may hold. A reader that has heard
/// enough, such as `head`, is no error; an answer that could not be written is.
pub fn say<L: AsRef<str>>(lines: &[L]) -> Result<(), Error> {
    say_on(lines).map(drop)
}

/// As [`say`], for answers without end: whether anybody still listens.
pub fn say_on<L: AsRef<str>>(lines: &[L]) -> Result<bool, Error> {
    let mut out = stdout().lock();
    let written = lines
        .iter()
        .try_for_each(|line| writeln!(out, "{}", printable(line.as_ref())))
        .and_then(|()| out.flush());
    match written {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::io("write", Path::new("standard output"))(error)),
    }
}

/// The answer as one line of JSON.
pub fn say_json(value: &serde_json::Value) -> Result<(), Error> {
    say(&[value.to_string()])
}
