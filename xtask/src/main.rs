//! The workspace's own chores: `cargo xtask <chore>`.
//!
//! Holds: the rules that no compiler checks, CI, and the making of assets. Must never know: how
//! any engine works inside.

mod audit;
mod bank;
mod bench;
mod budget;
mod ci;
mod crowd;
mod licences;
mod listeners;
mod tidy;
mod web;
mod workspace;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <chore>

  ci      what CI runs after the tests: format, clippy, tidy, audit ledger, licences, budgets
  tidy    layers, charters, walks, names and sizes
  audit   the audit ledger: every closed finding names tests that exist
  bless   write the golden files anew; read the difference before you commit it
  bank    make the embedded sample bank from the Debian package fluidr3mono-gm-soundfont
  bench   speed beside the best peers, in CPU seconds; needs scripts/peers.sh once, and for
          markets the folder named by TRIAD_DATA;
          --runs <1..99> rounds, 5 unless told; --only <word of a title> for one contest;
          --write puts the tables in docs/benchmarks.md
  web     builds and tests the pages of the browser; what is committed must be what comes out
  crowd   a music server under many clients: <auralis> <folder of music> [<clients> [<seconds>]]
  listeners
          listeners at sockets, mastered: <auralis> <folder of music> [<listeners> [<seconds>]]
";

#[expect(clippy::print_stderr, reason = "a chore speaks to the person at the terminal")]
fn main() -> ExitCode {
    let chore = std::env::args().nth(1).unwrap_or_default();
    let outcome = match chore.as_str() {
        "ci" => ci::run_all(),
        "tidy" => tidy::run(),
        "audit" => audit::run(),
        "bless" => workspace::bless(),
        "bank" => bank::run(),
        "bench" => bench::run(),
        "web" => web::run(),
        "crowd" => crowd::run(),
        "listeners" => listeners::run(),
        _ => Err(anyhow::anyhow!("{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One line to the person at the terminal.
#[expect(clippy::print_stdout, reason = "a chore speaks to the person at the terminal")]
fn say(line: &str) {
    println!("{line}");
}
