//! The pages of the browser: what is committed is what their source builds.

use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::root;

/// The oldest Node.js that the build runs on.
const NODE: (u32, u32) = (20, 19);

pub(crate) fn run() -> Result<()> {
    let said = Command::new("node")
        .arg("--version")
        .output()
        .context("the pages are built with Node.js 20.19 or later; the server builds without it")?;
    let said = String::from_utf8(said.stdout)?;
    let mut numbers = said.trim().trim_start_matches('v').split('.').map(str::parse::<u32>);
    let version = (numbers.next(), numbers.next());
    let (Some(Ok(major)), Some(Ok(minor))) = version else { anyhow::bail!("node is {said}") };
    ensure!((major, minor) >= NODE, "node is {major}.{minor}; the pages need 20.19 or later");
    npm(&["ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
    for chore in ["types", "check", "test", "build", "size"] {
        npm(&["run", chore])?;
    }
    let changed =
        Command::new("git").args(["status", "--porcelain", "web"]).current_dir(root()).output()?;
    let changed = String::from_utf8(changed.stdout)?;
    ensure!(
        changed.is_empty(),
        "what was built is not what is committed; look at the difference and commit it:\n{changed}"
    );
    Ok(())
}

fn npm(arguments: &[&str]) -> Result<()> {
    let status = Command::new("npm").args(arguments).current_dir(root().join("web")).status()?;
    ensure!(status.success(), "npm {} failed", arguments.join(" "));
    Ok(())
}
