use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_owned()
}

/// Runs a command at the root; its failure is ours.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Result<()> {
    crate::say(&format!("$ {program} {}", arguments.join(" ")));
    let status = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    ensure!(status.success(), "{program} {} failed", arguments.join(" "));
    Ok(())
}

/// Runs the golden tests in the mode in which they write what they find.
pub(crate) fn bless() -> Result<()> {
    let status = Command::new("cargo")
        .args(["test", "--quiet", "-p", "compose", "golden"])
        .env("BLESS", "1")
        .current_dir(root())
        .status()
        .context("cannot start cargo")?;
    ensure!(status.success(), "the golden tests failed");
    Ok(())
}

/// What cargo knows of the workspace, dependencies included, as locked.
pub(crate) fn metadata() -> Result<Value> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root())
        .output()
        .context("cannot start cargo")?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The text of a JSON value, empty if it is none.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The items of a JSON array, none if it is none.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Every file git tracks or would, relative to the root.
pub(crate) fn files() -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .context("cannot start git")?;
    ensure!(output.status.success(), "git ls-files failed");
    let listed = String::from_utf8(output.stdout)?;
    let mut files: Vec<PathBuf> = listed.lines().map(PathBuf::from).collect();
    files.retain(|file| root().join(file).is_file());
    files.sort();
    Ok(files)
}
