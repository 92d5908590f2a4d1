//! What CI runs after the tests.

use anyhow::Result;

use crate::workspace::run;

pub(crate) fn run_all() -> Result<()> {
    run("cargo", &["fmt", "--all", "--check"])?;
    run("cargo", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    // The build without LAME is a build too.
    run("cargo", &["test", "--quiet", "--locked", "-p", "audio-file", "--no-default-features"])?;
    run("cargo", &["check", "--quiet", "--locked", "-p", "aether", "--no-default-features"])?;
    crate::tidy::run()?;
    crate::audit::run()?;
    crate::licences::run()?;
    crate::budget::run_all()
}
