use std::path::{Path, PathBuf};
use std::time::Duration;

use backtest::{Recorded, Told};
use clap::{Args, ValueEnum};
use fault::Cancel;
use journal::contracts::Listed;
use journal::ring;
use journal::{Error, Start};
use market::Event;
use ops::console::{self, Failure};

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis tail --ring /dev/shm/aegis --contracts market
  aegis tail --ring /dev/shm/aegis --from now --count 100 --json
  aegis tail --journal market --once

Follows what another process writes, until it is done, until --count, or until Ctrl-C. A ring
knows its contracts by numbers; --contracts names them, and refuses a ring of another journal as
stale. A reader that is too slow goes on later and says how much it lost. Exit codes: 2 nothing
is there, or it is no ring, of another version, or stale; 3 its writer is gone without a word; 4
it is forbidden or damaged.";

/// Between two looks at a place where nothing is yet.
const NAP: Duration = Duration::from_millis(2);
/// So many naps without news, and it is asked whether anybody still writes.
const SILENCE: u32 = 50;
/// Events that are printed at once.
const BATCH: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum From {
    /// With the oldest that is there
    Start,
    /// With the next to come
    Now,
}

#[derive(Debug, Args)]
pub(crate) struct TailArgs {
    /// A ring in shared memory, as aegis replay --ring makes it
    #[arg(long, value_name = "PATH", required_unless_present = "journal")]
    ring: Option<PathBuf>,

    /// The journal whose contracts the ring's are: for their names and decimals
    #[arg(long, value_name = "DIR", requires = "ring")]
    contracts: Option<PathBuf>,

    /// Seconds to wait for a ring that is not there yet
    #[arg(long, value_name = "SECONDS", default_value_t = 0, requires = "ring")]
    wait: u16,

    /// A journal that grows, or has grown
    #[arg(long, value_name = "DIR", conflicts_with = "ring")]
    journal: Option<PathBuf>,

    /// Where to begin
    #[arg(long, value_enum, default_value_t = From::Start)]
    from: From,

    /// Stop after so many events
    #[arg(long)]
    count: Option<u64>,

    /// Stop where there are no more for now
    #[arg(long)]
    once: bool,
}

pub(crate) fn run(args: &TailArgs, json: bool, cancel: &Cancel) -> Result<(), Failure> {
    let (mut source, listed) = Source::open(args, cancel)?;
    let mut printer = Printer { json, listed, read: 0, lost: 0, lines: Vec::new() };
    let ended = follow(args, &mut source, &mut printer, cancel);
    // Whatever ended it, what was read is said.
    printer.end(&ended)?;
    ended.map(drop)
}

/// Why following stopped.
#[derive(Debug, Clone, Copy)]
enum Ended {
    Counted,
    NoMore,
    Closed,
    Interrupted,
    NobodyListens,
}

fn follow(
    args: &TailArgs,
    source: &mut Source,
    printer: &mut Printer,
    cancel: &Cancel,
) -> Result<Ended, Failure> {
    let (mut silent, mut gone) = (0, None);
    loop {
        if args.count.is_some_and(|count| printer.read >= count) {
            return Ok(Ended::Counted);
        }
        if cancel.is_cancelled() {
            return Ok(Ended::Interrupted);
        }
        if let Some(event) = source.poll()? {
            silent = 0;
            printer.lost(source.lost());
            printer.event(&event);
            if printer.lines.len() >= BATCH && !printer.flush()? {
                return Ok(Ended::NobodyListens);
            }
            continue;
        }
        if !printer.flush()? {
            return Ok(Ended::NobodyListens);
        }
        match gone {
            Some(Error::Closed(_)) => return Ok(Ended::Closed),
            Some(error) => return Err(error.into()),
            None if args.once => return Ok(Ended::NoMore),
            None => silent += 1,
        }
        if silent >= SILENCE {
            // What was written before the writer went is read first.
            gone = source.check_writer().err();
        }
        if gone.is_none() {
            std::thread::sleep(NAP);
        }
    }
}

/// What is followed.
enum Source {
    Ring(Box<ring::Reader>),
    Journal(Box<Recorded>),
}

impl Source {
    fn open(args: &TailArgs, cancel: &Cancel) -> Result<(Self, Vec<Listed>), Failure> {
        if let Some(folder) = &args.journal {
            let mut recorded = Recorded::open(folder)?;
            if args.from == From::Now {
                recorded.skip_to_end()?;
            }
            let listed = recorded.listed().to_vec();
            return Ok((Self::Journal(Box::new(recorded)), listed));
        }
        let Some(path) = &args.ring else {
            return Err(Failure::user("--ring or --journal: one of them".to_owned()));
        };
        let named = args.contracts.as_deref().map(Recorded::open).transpose()?;
        let epoch = named.as_ref().and_then(Recorded::epoch);
        let start = match args.from {
            From::Start => Start::Oldest,
            From::Now => Start::Latest,
        };
        let naps = u32::from(args.wait) * 1_000 / NAP.as_millis() as u32;
        let reader = attach(path, naps, cancel, || ring::Reader::open(path, epoch, start))?;
        let listed = named.map_or_else(Vec::new, |named| named.listed().to_vec());
        Ok((Self::Ring(Box::new(reader)), listed))
    }

    fn poll(&mut self) -> Result<Option<Event>, Failure> {
        Ok(match self {
            Self::Ring(reader) => reader.poll_event()?,
            Self::Journal(recorded) => recorded.poll()?,
        })
    }

    fn lost(&self) -> u64 {
        match self {
            Self::Ring(reader) => reader.lost(),
            Self::Journal(_) => 0,
        }
    }

    /// Whether anybody still writes; a journal goes on whenever somebody does.
    fn check_writer(&self) -> Result<(), Error> {
        match self {
            Self::Ring(reader) => reader.check_writer(),
            Self::Journal(_) => Ok(()),
        }
    }
}

/// Opens a ring; one that is missing is looked for again.
fn attach(
    path: &Path,
    mut naps: u32,
    cancel: &Cancel,
    open: impl Fn() -> Result<ring::Reader, Error>,
) -> Result<ring::Reader, Failure> {
    loop {
        match open() {
            Err(Error::Missing { .. }) if naps > 0 && path.parent().is_none_or(Path::exists) => {
                naps -= 1;
                cancel.check()?;
                std::thread::sleep(NAP);
            }
            opened => return Ok(opened?),
        }
    }
}

/// Says events, and what was lost between them.
struct Printer {
    json: bool,
    listed: Vec<Listed>,
    read: u64,
    lost: u64,
    lines: Vec<String>,
}

impl Printer {
    fn event(&mut self, event: &Event) {
        self.read += 1;
        let told = Told::new(event, &self.listed);
        self.lines.push(if self.json { told.json().to_string() } else { told.line() });
    }

    /// Takes note of how many were lost until now.
    fn lost(&mut self, lost: u64) {
        let more = lost - self.lost;
        if more > 0 {
            let json = serde_json::json!({ "lost": more });
            self.lines.push(if self.json { json.to_string() } else { format!("{more} lost") });
        }
        self.lost = lost;
    }

    /// Whether anybody still listens.
    fn flush(&mut self) -> Result<bool, Failure> {
        let listens = console::say_on(&self.lines)?;
        self.lines.clear();
        Ok(listens)
    }

    fn end(&mut self, ended: &Result<Ended, Failure>) -> Result<(), Failure> {
        let why = match ended {
            Ok(Ended::Counted) => "as many as were asked for",
            Ok(Ended::NoMore) => "no more for now",
            Ok(Ended::Closed) => "closed by its writer",
            Ok(Ended::Interrupted) => "interrupted",
            Ok(Ended::NobodyListens) => return Ok(()),
            Err(_) => "ended by an error",
        };
        let (read, lost) = (self.read, self.lost);
        let end = serde_json::json!({ "end": { "why": why, "read": read, "lost": lost } });
        let words = format!("{read} read, {lost} lost: {why}");
        self.lines.push(if self.json { end.to_string() } else { words });
        self.flush().map(drop)
    }
}
