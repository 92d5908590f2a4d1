//! Speed beside the best peers: contests in one run on one machine, in CPU seconds.
//!
//! `cargo xtask` is a debug build; there `bench` starts itself again as a release build.

mod contest;
mod cpu;
mod guest;
mod markets;
mod peer;
mod sound;

use std::fmt::Write;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::workspace::root;

const PAGE: &str = "docs/benchmarks.md";
const USAGE: &str = "cargo xtask bench [--runs <1..99>] [--only <word of a title>] [--write]";
const DEFAULT_RUNS: usize = 5;

pub(crate) fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let wanted = Wanted::read(&arguments)?;
    if cfg!(debug_assertions) {
        let again = ["run", "--quiet", "--release", "--package", "xtask", "--", "bench"];
        let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(again)
            .args(&arguments)
            .current_dir(root())
            .status()
            .context("cannot start cargo")?;
        ensure!(status.success(), "the benchmark failed");
        return Ok(());
    }
    let page = page(&wanted)?;
    crate::say(page.trim_end());
    if wanted.write {
        fs::create_dir_all(root().join("docs"))?;
        fs::write(root().join(PAGE), page)?;
    }
    Ok(())
}

/// What the command line asks for.
struct Wanted {
    runs: usize,
    /// In lower case; every title contains the empty word.
    only: String,
    write: bool,
}

impl Wanted {
    /// Whether a contest of this title is asked for.
    fn names(&self, title: &str) -> bool {
        title.to_lowercase().contains(&self.only)
    }

    fn read(arguments: &[String]) -> Result<Self> {
        let mut wanted = Self { runs: DEFAULT_RUNS, only: String::new(), write: false };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--only" => wanted.only = rest.next().context(USAGE)?.to_lowercase(),
                "--write" => wanted.write = true,
                "--runs" => {
                    let runs = rest.next().and_then(|text| text.parse().ok());
                    wanted.runs = runs.filter(|runs| (1..=99).contains(runs)).context(USAGE)?;
                }
                _ => anyhow::bail!("{USAGE}"),
            }
        }
        ensure!(wanted.only.is_empty() || !wanted.write, "the page holds every contest");
        Ok(wanted)
    }
}

fn page(wanted: &Wanted) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let load_before = load()?;
    let mut tables = sound::tables(wanted, folder)?;
    tables.extend(markets::tables(wanted, folder)?);
    ensure!(!tables.is_empty(), "no contest has \"{}\" in its title", wanted.only);
    Ok(format!("{}\n{}", head(wanted, &load_before)?, tables.join("\n")))
}

/// What the figures are, and where they come from.
fn head(wanted: &Wanted, load_before: &str) -> Result<String> {
    let processors = fs::read_to_string("/proc/cpuinfo")?;
    let models =
        processors.lines().filter_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let names: Vec<&str> = models.map(|(_, name)| name.trim()).collect();
    let runs = wanted.runs;
    let mut text = String::from("# Benchmarks\n\n");
    writeln!(
        text,
        "Written by `cargo xtask bench --runs {runs} --write`; `scripts/peers.sh` installs the \
         peers. Figures are CPU seconds, user and system, of one process unless a table says \
         otherwise: contestants take turns, best and median of {runs} are shown. Net is the best \
         less the best of the row that does everything but the job; speed is the work by it, or by \
         the best where nothing is taken off. Peers in Python load, convert and compile before \
         their first turn, in a process that stays for the whole contest; that is not counted. \
         Figures of one table may be compared; those of two machines may not.\n"
    )?;
    writeln!(text, "| | |\n|---|---|")?;
    writeln!(text, "| Date | {} |", output("date", &["-u", "+%Y-%m-%d"])?)?;
    writeln!(text, "| Commit | {} |", output("git", &["rev-parse", "--short", "HEAD"])?)?;
    let (first, count) = (names.first().unwrap_or(&"unknown"), names.len());
    writeln!(text, "| Processor | {first}, {count} threads |")?;
    writeln!(text, "| Load average over 1, 5 and 15 minutes, before | {load_before} |")?;
    writeln!(text, "| Load average over 1, 5 and 15 minutes, after | {} |", load()?)?;
    writeln!(text, "| Compiler | {} |", output("rustc", &["--version"])?)?;
    Ok(text)
}

fn load() -> Result<String> {
    let text = fs::read_to_string("/proc/loadavg")?;
    Ok(text.split_whitespace().take(3).collect::<Vec<_>>().join(", "))
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).current_dir(root()).output()?;
    ensure!(output.status.success(), "{program} failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Where the run is, beside the table that goes to the standard output.
#[expect(clippy::print_stderr, reason = "a chore speaks to the person at the terminal")]
fn progress(line: &str) {
    eprintln!("{line}");
}
