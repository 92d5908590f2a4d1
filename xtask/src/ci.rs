//! What CI runs after the tests.

use anyhow::Result;

use crate::workspace::run;

pub(crate) fn run_all() -> Result<()> {
    run("cargo", &["fmt", "--all", "--check"])?;
    run("cargo", &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    crate::tidy::run()?;
    crate::audit::run()?;
    crate::licences::run()?;
    crate::budget::run_all()
}
