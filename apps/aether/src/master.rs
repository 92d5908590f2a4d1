use std::path::PathBuf;

use clap::Args;
use fault::Cancel;
use ops::console::{self, Display, Failure};
use ops::settings::Settings;
use studio::master::{Mastered, Order, master};
use studio::verdict;

use crate::measure;
use crate::settings::Delivery;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aether master mix.wav -o master.wav
  aether master mix.flac --target apple -o master.flac
  aether master mix.m4a --target club --mp3-quality 320 -o club.mp3

The master is one linear gain and a true-peak limiter; nothing else is done to the sound. The
file that was written is decoded and measured; the exit code is 0 only if it is at its target.";

#[derive(Debug, Args)]
pub(crate) struct MasterArgs {
    /// The sound to master
    input: PathBuf,
    /// Where to write: .wav, .flac or .mp3
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// What to reach: spotify, youtube, amazon, tidal, apple, broadcast-eu, broadcast-us, club, cd
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Bits of WAV and FLAC: 16 or 24
    #[arg(long, value_name = "BITS")]
    bit_depth: Option<String>,
    /// Bits of MP3: 320, V0, V2 or V4
    #[arg(long, value_name = "QUALITY")]
    mp3_quality: Option<String>,
    /// Replace the output if it exists; the input is never replaced
    #[arg(long)]
    force: bool,
}

impl MasterArgs {
    /// Flags win over every other origin.
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        settings
            .with_flag("master.target", self.target.clone())
            .with_flag("master.bit-depth", self.bit_depth.clone())
            .with_flag("master.mp3-quality", self.mp3_quality.clone())
    }
}

pub(crate) fn run(
    args: &MasterArgs,
    delivery: Delivery,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let order = Order {
        input: args.input.clone(),
        output: args.output.clone(),
        target: delivery.target,
        depth: delivery.depth,
        mp3_quality: delivery.mp3_quality,
        replace: args.force,
    };
    let display = Display::stderr();
    let mastered = master(&order, &display, cancel);
    display.finish();
    let mastered = mastered?;
    print(&mastered, json)?;
    verdict::summary(&mastered.checks).map_err(Failure::verdict)
}

fn print(mastered: &Mastered, json: bool) -> Result<(), ops::Error> {
    if json {
        return console::say_json(&serde_json::json!(mastered));
    }
    let mut lines = vec!["Before".to_owned()];
    lines.extend(measure::lines(&mastered.before));
    lines.push("After, measured on the file that was written".to_owned());
    lines.extend(measure::lines(&mastered.after));
    lines.push(format!(
        "Gain {:+.2} dB, limiter at most {:.2} dB{}",
        mastered.gain_db,
        mastered.limiting_db,
        if mastered.held_back { "; held back: more would distort" } else { "" }
    ));
    console::say(&lines)
}
