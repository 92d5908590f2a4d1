//! What tests share: programs that are not ours, and the data folder.
//!
//! Holds: the rule of honest absence: what a machine lacks is named, and in CI it fails. Must
//! never know: any crate of ours, so that no test sees a second copy of a type.
//!
//! Contents: [`program`], [`data`] · [`golden`] · [`run`] · [`Counting`],
//! [`ALLOCATIONS`], [`HELD`], [`MOST_HELD`] · [`server`].

mod allocations;
pub mod server;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use allocations::{ALLOCATIONS, Counting, HELD, MOST_HELD};

/// The path of an independent program, or none with a line on standard error saying which test
/// did not run. Where the variable `CI` is set the absence fails the test instead.
pub fn program(name: &str, test: &str) -> Option<PathBuf> {
    let found = std::env::var_os("PATH").and_then(|paths| {
        std::env::split_paths(&paths).map(|dir| dir.join(name)).find(|path| path.is_file())
    });
    if found.is_none() {
        absent(&format!("the program {name}"), test);
    }
    found
}

/// A file or folder below `TRIAD_DATA`, or none under the same rule as [`program`].
pub fn data(relative: &str, test: &str) -> Option<PathBuf> {
    let found = std::env::var_os("TRIAD_DATA")
        .map(|root| Path::new(&root).join(relative))
        .filter(|path| path.exists());
    if found.is_none() {
        absent(&format!("{relative} below TRIAD_DATA"), test);
    }
    found
}

#[expect(clippy::print_stderr, reason = "a test says what it did not check")]
fn absent(what: &str, test: &str) {
    assert!(std::env::var_os("CI").is_none(), "{test} needs {what}");
    eprintln!("not run: {test} needs {what}");
}

/// Compares text with a golden file. With the variable `BLESS` set (`cargo xtask bless`) the file
/// is written instead; read the difference before you commit it.
pub fn golden(path: &Path, found: &str) {
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, found).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        return;
    }
    let expected = std::fs::read_to_string(path)
        .unwrap_or_else(|error| panic!("{}: {error}; try cargo xtask bless", path.display()));
    assert!(
        found == expected,
        "{} has drifted; if that is meant, raise the crate's REVISION and run cargo xtask bless.\n{found}",
        path.display()
    );
}

/// Runs a program to its end and returns standard output and standard error together; a failure
/// to start or a non-zero exit panics with both.
pub fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?} said:\n{text}");
    text
}
