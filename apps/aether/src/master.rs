use std::path::PathBuf;

use audio::Lufs;
use clap::Args;
use fault::Cancel;
use mastering::{Intensity, Target};
use ops::console::{self, Display, Failure};
use ops::settings::Settings;
use studio::master::{Mastered, Order, Terms, master};
use studio::treatment::Treatment;

use crate::measure;
use crate::settings::Delivery;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aether master mix.wav -o master.wav
  aether master mix.flac --target apple -o master.flac
  aether master mix.m4a --target club --mp3-quality 320 -o club.mp3
  aether master mix.wav --preset warm --intensity 0.6 --loudness -16 -o warm.wav --report warm.html

Presets: adaptive, gentle, warm, bright, punchy; without one, or with plain, the master is one
linear gain and a true-peak limiter and nothing else is done to the sound. A chain is a TOML file
of stages. Loudnesses for listening: -18, -16, -14, -11, or any from -30 to -6, under -1 dBTP. The
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
    /// What to reach, in LUFS
    #[arg(long, value_name = "LUFS", conflicts_with = "target", allow_negative_numbers = true)]
    loudness: Option<f64>,
    /// How: plain, adaptive, gentle, warm, bright or punchy
    #[arg(long, value_name = "NAME", default_value = studio::treatment::PLAIN)]
    preset: String,
    /// How much of it, 0 to 1; at 0 the sound stays as it came
    #[arg(long, value_name = "SHARE", default_value_t = 1.0, allow_negative_numbers = true)]
    intensity: f64,
    /// The stages written down in a TOML file, instead of a preset
    #[arg(long, value_name = "FILE.toml", conflicts_with = "preset")]
    chain: Option<PathBuf>,
    /// Another track that the master shall be like, in tone, loudness, width and density
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "chain", "loudness"])]
    reference: Option<PathBuf>,
    /// Write a page with pictures: a file .html, or a folder for report.html
    #[arg(long, value_name = "DIR_OR_FILE")]
    report: Option<PathBuf>,
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

    fn terms(&self, delivery: Delivery, cancel: &Cancel) -> Result<Terms, Failure> {
        Ok(Terms {
            target: match self.loudness {
                Some(lufs) => Target::listening(Lufs(lufs))?,
                None => delivery.target,
            },
            treatment: match (&self.chain, &self.reference) {
                (Some(path), _) => Treatment::from_file(path)?,
                (None, Some(path)) => Treatment::like(path, cancel)?,
                (None, None) => Treatment::named(&self.preset)?,
            },
            intensity: Intensity::new(self.intensity)?,
            depth: delivery.depth,
            mp3_quality: delivery.mp3_quality,
        })
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
        terms: args.terms(delivery, cancel)?,
        report: args.report.clone(),
        replace: args.force,
    };
    let display = Display::stderr();
    let mastered = master(&order, &display, cancel);
    display.finish();
    let mastered = mastered?;
    print(&mastered, json)?;
    mastered.verdict().map_err(Failure::verdict)
}

fn print(mastered: &Mastered, json: bool) -> Result<(), ops::Error> {
    if json {
        return console::say_json(&serde_json::json!(mastered));
    }
    let mut lines = vec!["Before".to_owned()];
    lines.extend(measure::lines(&mastered.before));
    lines.push("After, measured on the file that was written".to_owned());
    lines.extend(measure::lines(&mastered.after));
    lines.extend(mastered.lines());
    console::say(&lines)
}
