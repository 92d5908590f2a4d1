use clap::{Parser, Subcommand};
use fault::Cancel;
use ops::console::Failure;

use crate::{backtest, demo, download, import, inspect, lookahead, replay, sweep, tail, why};

/// A trading engine: recorded markets in, what would have come of it out.
#[derive(Debug, Parser)]
#[command(name = "aegis", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// Print results as JSON on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Fetch past markets from the venue's public archive
    #[command(after_help = download::EXAMPLES)]
    Download(Box<download::DownloadArgs>),
    /// Put recordings into a journal: the public archive, tables, raw frames
    #[command(after_help = import::EXAMPLES)]
    Import(Box<import::ImportArgs>),
    /// Run a strategy over a recorded market
    #[command(after_help = backtest::EXAMPLES)]
    Backtest(Box<backtest::BacktestArgs>),
    /// Tell why an order of a run was sent, and what became of it
    #[command(after_help = why::EXAMPLES)]
    Why(why::WhyArgs),
    /// Try many settings, choose on the past, and say how much of the best is luck
    #[command(after_help = sweep::EXAMPLES)]
    Sweep(Box<sweep::SweepArgs>),
    /// Prove that a strategy does not see the future
    #[command(after_help = lookahead::EXAMPLES)]
    LookaheadCheck(Box<lookahead::LookaheadArgs>),
    /// Read recordings as the engine would, and say what they hold
    #[command(after_help = inspect::EXAMPLES)]
    Inspect(inspect::InspectArgs),
    /// Play a journal, at full speed or as it came, and hand it to other processes
    #[command(after_help = replay::EXAMPLES)]
    Replay(replay::ReplayArgs),
    /// Follow a ring in shared memory, or a journal, and print its events
    #[command(after_help = tail::EXAMPLES)]
    Tail(tail::TailArgs),
    /// Make up a market, run a strategy over it, and write the report: needs nothing
    #[command(after_help = demo::EXAMPLES)]
    Demo(demo::DemoArgs),
}

impl Cli {
    /// The interrupt signal, then the command.
    pub(crate) fn run(self) -> Result<(), Failure> {
        let cancel = Cancel::new();
        ops::cancel_on_interrupt(&cancel)?;
        match self.command {
            Command::Download(args) => download::run(&args, self.json, &cancel),
            Command::Import(args) => import::run(&args, self.json, &cancel),
            Command::Backtest(args) => backtest::run(&args, self.json, &cancel),
            Command::Why(args) => why::run(&args, self.json),
            Command::Sweep(args) => sweep::run(&args, self.json, &cancel),
            Command::LookaheadCheck(args) => lookahead::run(&args, self.json, &cancel),
            Command::Inspect(args) => inspect::run(&args, self.json),
            Command::Replay(args) => replay::run(&args, self.json, &cancel),
            Command::Tail(args) => tail::run(&args, self.json, &cancel),
            Command::Demo(args) => demo::run(&args, self.json, &cancel),
        }
    }
}
