//! What the program may cost: dependencies, size, start-up.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::workspace::{items, metadata, root, run, text};

/// Packages of others that end up in `aether`, build tools included.
const MAX_DEPENDENCIES: usize = 150;
/// The stripped executable with its 11.8 MB of samples.
const MAX_BYTES: u64 = 26_000_000;
/// From start to the end of `--version`, best of some runs.
const MAX_START: Duration = Duration::from_millis(50);
const STARTS: usize = 10;

pub(crate) fn run_all() -> Result<()> {
    let dependencies = dependencies_of("aether")?;
    ensure!(
        dependencies <= MAX_DEPENDENCIES,
        "aether has {dependencies} dependencies, at most {MAX_DEPENDENCIES}"
    );
    run("cargo", &["build", "--quiet", "--release", "--locked", "--package", "aether"])?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), Into::into);
    let program = target.join("release/aether");
    let bytes = fs::metadata(&program).with_context(|| program.display().to_string())?.len();
    ensure!(bytes <= MAX_BYTES, "aether has {bytes} bytes, at most {MAX_BYTES}");
    let start = start_of(&program)?;
    ensure!(start <= MAX_START, "aether starts in {start:?}, at most {MAX_START:?}");
    crate::say(&format!(
        "budgets: {dependencies} dependencies (at most {MAX_DEPENDENCIES}), {:.1} MB (at most {:.0}), \
         start-up {:.1} ms (at most {})",
        bytes as f64 / 1e6,
        MAX_BYTES as f64 / 1e6,
        start.as_secs_f64() * 1e3,
        MAX_START.as_millis()
    ));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "start-up is measured by the wall clock")]
fn start_of(program: &std::path::Path) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..STARTS {
        let begin = std::time::Instant::now();
        let output = Command::new(program).arg("--version").output()?;
        ensure!(output.status.success(), "aether --version failed");
        best = best.min(begin.elapsed());
    }
    Ok(best)
}

/// Foreign packages reachable by normal and build dependencies.
fn dependencies_of(name: &str) -> Result<usize> {
    let metadata = metadata()?;
    let nodes = items(&metadata["resolve"]["nodes"]);
    let members: BTreeSet<&str> = items(&metadata["workspace_members"]).iter().map(text).collect();
    let start =
        members.iter().find(|id| id.contains(&format!("/{name}#"))).context("no such member")?;
    let mut reached: BTreeSet<&str> = BTreeSet::from([*start]);
    let mut open = vec![*start];
    while let Some(id) = open.pop() {
        let node = nodes.iter().find(|node| text(&node["id"]) == id).context("no such node")?;
        for dependency in items(&node["deps"]) {
            let counts = items(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
            let id = text(&dependency["pkg"]);
            if counts && reached.insert(id) {
                open.push(id);
            }
        }
    }
    Ok(reached.iter().filter(|id| !members.contains(*id)).count())
}
