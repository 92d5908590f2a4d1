use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use studio::similar::{SimilarOrder, similar};

use crate::settings::Resolved;

pub(crate) const EXAMPLES: &str = "\
Examples:
  auralis similar song.flac music
  auralis similar --count 3 song.flac other.mp3 more/*.ogg
  auralis similar --json song.flac music | jq '.nearest[0].file'

Tracks are compared by their fingerprints: spectrum, dynamics, rhythm, harmony, image. 0 is the
same, some 6 is what two tracks have that have nothing to do with each other.";

#[derive(Debug, Args)]
pub(crate) struct SimilarArgs {
    /// The track
    query: PathBuf,
    /// Where to look: files, and folders with all that is below them
    #[arg(required = true, value_name = "DIR_OR_FILE")]
    places: Vec<PathBuf>,
    /// How many to tell
    #[arg(long, value_name = "COUNT", default_value_t = 5)]
    count: usize,
}

pub(crate) fn run(
    args: &SimilarArgs,
    settings: &Resolved,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let order = SimilarOrder {
        query: args.query.clone(),
        places: args.places.clone(),
        count: args.count,
        threads: settings.batch.threads,
    };
    let display = Display::stderr();
    let found = similar(&order, &display, cancel);
    display.finish();
    let found = found?;
    if json {
        return Ok(console::say_json(&serde_json::json!(found))?);
    }
    Ok(console::say(&found.lines())?)
}
