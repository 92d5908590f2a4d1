//! The embedded bank: the programs that assets/bank/README.md lists, out of FluidR3Mono.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use instruments::{Bank, subset};

use crate::workspace::root;

const PACKAGE: &str = "fluidr3mono-gm-soundfont";
const FILE: &str = "usr/share/sounds/sf3/FluidR3Mono_GM.sf3";
/// Larger, and the program no longer starts in its budget of size.
const MAX_BYTES: usize = 13_100_000;

/// Fetches the package, unpacks it beside the build, writes the subset and says its hash.
pub(crate) fn run() -> Result<()> {
    let work = root().join("target/bank");
    fs::create_dir_all(&work)?;
    shell(&work, "apt-get", &["download", PACKAGE])?;
    let package = fs::read_dir(&work)?
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .find(|path| path.extension().is_some_and(|e| e == "deb"))
        .context("apt-get downloaded no package")?;
    shell(&work, "dpkg-deb", &["-x", &package.to_string_lossy(), "unpacked"])?;
    let source = fs::read(work.join("unpacked").join(FILE))?;
    let bank = Bank::parse(Cow::Owned(source))?;
    let bytes = subset(&bank, &listed()?)?;
    ensure!(bytes.len() <= MAX_BYTES, "the bank has {} bytes, at most {MAX_BYTES}", bytes.len());
    let path = root().join("assets/bank/triad-gm.sf3");
    fs::write(&path, &bytes)?;
    crate::say(&format!("{} bytes", bytes.len()));
    shell(&work, "sha256sum", &[&path.to_string_lossy()])
}

/// Rows `| bank | program | name |` of the bank's README.
fn listed() -> Result<Vec<(u16, u8)>> {
    let readme = fs::read_to_string(root().join("assets/bank/README.md"))?;
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        Some((cells.first()?.parse().ok()?, cells.get(1)?.parse().ok()?))
    });
    let keep: Vec<(u16, u8)> = rows.collect();
    ensure!(!keep.is_empty(), "assets/bank/README.md lists no programs");
    Ok(keep)
}

fn shell(folder: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    let status = Command::new(program).args(arguments).current_dir(folder).status();
    ensure!(
        status.with_context(|| format!("cannot start {program}"))?.success(),
        "{program} failed"
    );
    Ok(())
}
