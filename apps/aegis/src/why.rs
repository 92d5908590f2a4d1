use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use backtest::Story;
use clap::Args;
use ops::console::{self, Failure};

use crate::delivery::ORDERS;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aegis why 17 --run out
  aegis why 17 --run out --json

Tells the story of one order: what was seen, how it was sized, what the venue said, what came of its
position. The folder is one that aegis backtest or aegis demo wrote.";

/// A line that is longer is no story.
const MAX_LINE: u64 = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct WhyArgs {
    /// Our number of the order
    #[arg(value_name = "ORDER_ID")]
    order: u64,

    /// Folder of the run
    #[arg(long, value_name = "DIR")]
    run: PathBuf,
}

pub(crate) fn run(args: &WhyArgs, json: bool) -> Result<(), Failure> {
    let path = args.run.join(ORDERS);
    let mut lines = BufReader::new(ops::open(&path)?);
    let (mut line, mut last) = (Vec::new(), None);
    loop {
        line.clear();
        let part = &mut std::io::Read::take(&mut lines, MAX_LINE);
        if part.read_until(b'\n', &mut line).map_err(ops::Error::io("read", &path))? == 0 {
            let known = last.map_or("none".to_owned(), |last: u64| format!("1 to {last}"));
            let order = args.order;
            return Err(Failure::user(format!("order {order}: the run sent {known}")));
        }
        let story: Story = serde_json::from_slice(&line).map_err(|error| {
            Failure::user(format!("{}: a line is no order of a run: {error}", path.display()))
        })?;
        if story.order == args.order {
            let told = if json {
                console::say_json(&serde_json::json!(story))
            } else {
                console::say(&story.lines())
            };
            return Ok(told?);
        }
        last = last.max(Some(story.order));
    }
}
