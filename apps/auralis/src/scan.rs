use clap::Args;
use fault::Cancel;
use library::scan::Options;
use ops::console::{self, Failure};

use crate::premises::Premises;
use crate::settings::Serving;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis scan
  auralis scan --full --threads 2 --json

Folders that look as they did are passed over; --full reads every file again. Nothing is deleted:
files that are gone are kept as missing, with all that listeners gave them. A root whose disk is not
there is named and left as it is; the exit code is 4 then.";

#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Read files again that look as they did
    #[arg(long)]
    full: bool,
    /// Threads that read files, 0 for one per processor
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    threads: usize,
}

/// How many threads read files where nothing is said.
pub(crate) fn threads(asked: usize) -> usize {
    if asked > 0 { asked } else { std::thread::available_parallelism().map_or(1, usize::from) }
}

pub(crate) fn run(
    args: &ScanArgs,
    serving: &Serving,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let premises = Premises::open(serving)?;
    premises.open_roots(serving)?;
    let options = Options { full: args.full, threads: threads(args.threads) };
    let outcomes = premises.library.scan(options, cancel)?;
    let mut failed = 0;
    let mut lines = Vec::new();
    let mut told = Vec::new();
    for outcome in &outcomes {
        let root = outcome.path.display().to_string();
        match &outcome.found {
            Ok(n) => {
                lines.push(format!(
                    "{root}: {} files in {} folders; {} new, {} changed, {} moved, {} missing, {} \
                     back, {} unreadable; {} playlists",
                    n.files,
                    n.folders,
                    n.added,
                    n.changed,
                    n.moved,
                    n.missing,
                    n.returned,
                    n.unreadable,
                    n.playlists
                ));
                told.push(serde_json::json!({
                    "root": root, "files": n.files, "folders": n.folders, "added": n.added,
                    "changed": n.changed, "moved": n.moved, "missing": n.missing,
                    "returned": n.returned, "unreadable": n.unreadable,
                    "playlists": n.playlists,
                }));
            }
            Err(error) => {
                failed += 1;
                lines.push(error.to_string());
                told.push(serde_json::json!({ "root": root, "error": error.to_string() }));
            }
        }
    }
    if json {
        console::say_json(&serde_json::Value::Array(told))?;
    } else {
        console::say(&lines)?;
    }
    if failed > 0 {
        return Err(Failure::verdict(format!(
            "{failed} of {} roots were not scanned",
            outcomes.len()
        )));
    }
    Ok(())
}
