use std::path::PathBuf;

use clap::Args;
use clock::Seed;
use compose::Wishes;
use fault::Cancel;
use instruments::Kernel;
use ops::console::{self, Display, Failure};
use ops::settings::Settings;
use score::Key;
use studio::genre::Genres;
use studio::make::{Delivery, Made, MakeOrder, make};
use studio::report::Report;
use studio::verdict;

use crate::settings::Resolved;

pub(crate) const EXAMPLES: &str = "\
Examples:
  aether make \"rainy night lo-fi with a rhodes, 80 bpm, two minutes\" --seed 7 --out rain
  aether make \"fast jazz in B flat with a tenor sax, no drums\" --duration 1:30 --out jazz
  aether make \"dark synthwave, builds up\" --genre synthwave --target club --formats wav --out night

What a flag says wins over the sentence. The folder holds song.mid, stems, the masters,
report.html, report.json and recipe.json; the exit code is 0 only if the delivered files are
what was asked. The same sentence, flags, seed and version give the same bytes.";

#[derive(Debug, Args)]
pub(crate) struct MakeArgs {
    /// What the song should be, in your words
    sentence: String,
    /// The folder to deliver into
    #[arg(short, long, value_name = "DIR")]
    out: PathBuf,
    /// All chance comes from this number; another seed is another song
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// lo-fi-hip-hop, house, synthwave, jazz, rock or cinematic
    #[arg(long)]
    genre: Option<String>,
    /// Quarter notes a minute, 20 to 300
    #[arg(long)]
    bpm: Option<f64>,
    /// Such as "Bb minor", F#m, C or "D dorian"
    #[arg(long)]
    key: Option<String>,
    /// Seconds, or minutes and seconds as in 1:30; 15 s to 15 min
    #[arg(long, value_name = "TIME")]
    duration: Option<String>,
    /// The song's title
    #[arg(long)]
    title: Option<String>,
    /// The artist in the tags
    #[arg(long)]
    artist: Option<String>,
    /// The album in the tags
    #[arg(long)]
    album: Option<String>,
    /// What to reach: spotify, youtube, amazon, tidal, apple, broadcast-eu, broadcast-us, club, cd
    #[arg(long, value_name = "NAME")]
    target: Option<String>,
    /// Formats of the master, such as wav,flac,mp3
    #[arg(long, value_name = "LIST")]
    formats: Option<String>,
    /// Bits of WAV and FLAC: 16 or 24
    #[arg(long, value_name = "BITS")]
    bit_depth: Option<String>,
    /// Sample rate in Hz: 44100, 48000, 88200 or 96000
    #[arg(long, value_name = "HZ")]
    rate: Option<String>,
    /// Bits of MP3: 320, V0, V2 or V4
    #[arg(long, value_name = "QUALITY")]
    mp3_quality: Option<String>,
    /// Deliver no stems
    #[arg(long)]
    no_stems: bool,
    /// Threads that play the parts, 0 for one per processor; the song is the same
    #[arg(long, value_name = "N")]
    threads: Option<String>,
    /// Do without wide registers; the song is the same
    #[arg(long)]
    no_simd: bool,
    /// Replace the folder if it is not empty
    #[arg(long)]
    force: bool,
}

impl MakeArgs {
    /// Flags win over every other origin.
    pub(crate) fn lay_over(&self, settings: Settings) -> Settings {
        settings
            .with_flag("make.artist", self.artist.clone())
            .with_flag("make.album", self.album.clone())
            .with_flag("make.formats", self.formats.clone())
            .with_flag("make.rate", self.rate.clone())
            .with_flag("make.threads", self.threads.clone())
            .with_flag("master.target", self.target.clone())
            .with_flag("master.bit-depth", self.bit_depth.clone())
            .with_flag("master.mp3-quality", self.mp3_quality.clone())
    }

    fn wishes(&self) -> Result<Wishes, Failure> {
        Ok(Wishes {
            genre: self.genre.clone(),
            bpm: self.bpm,
            key: self.key.as_ref().map(|key| key.parse::<Key>()).transpose()?,
            meter: None,
            duration: self.duration.as_ref().map(|text| seconds(text)).transpose()?,
            title: self.title.clone(),
        })
    }
}

/// "90", "90s" or "1:30".
fn seconds(text: &str) -> Result<f64, studio::Error> {
    let number =
        |text: &str| text.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0);
    let parsed = match text.split_once(':') {
        Some((minutes, rest)) => {
            number(minutes).zip(number(rest).filter(|s| *s < 60.0)).map(|(m, s)| m * 60.0 + s)
        }
        None => number(text.strip_suffix('s').unwrap_or(text)),
    };
    parsed.ok_or_else(|| studio::Error::OutOfRange {
        setting: "duration",
        value: format!("\"{text}\""),
        accepted: "seconds such as 90, or minutes and seconds such as 1:30; 15 s to 15 min"
            .to_owned(),
    })
}

pub(crate) fn run(
    args: &MakeArgs,
    resolved: Resolved,
    json: bool,
    cancel: &Cancel,
) -> Result<(), Failure> {
    let (making, delivery) = (resolved.making, resolved.delivery);
    let order = MakeOrder {
        sentence: args.sentence.clone(),
        wishes: args.wishes()?,
        seed: Seed(args.seed),
        artist: making.artist,
        album: making.album,
        delivery: Delivery {
            target: delivery.target,
            formats: making.formats,
            depth: delivery.depth,
            rate: making.rate,
            mp3_quality: delivery.mp3_quality,
            stems: !args.no_stems,
        },
        out: args.out.clone(),
        replace: args.force,
        threads: making.threads,
        kernel: if args.no_simd { Kernel::Scalar } else { Kernel::Detect },
    };
    let genres = Genres::embedded()?;
    let display = Display::stderr();
    let made = make(&order, &genres, &display, cancel);
    display.finish();
    let made = made?;
    print(&made, json)?;
    verdict::summary(&made.report.checks).map_err(Failure::verdict)
}

/// What was understood, what was made, and the verdict.
pub(crate) fn print(made: &Made, json: bool) -> Result<(), ops::Error> {
    if json {
        let folder = made.folder.display().to_string();
        return console::say_json(&serde_json::json!({ "folder": folder, "report": made.report }));
    }
    let report = &made.report;
    let mut lines = reading(report);
    let song = &report.song;
    lines.push(format!(
        "\"{}\"  {}, {:.0} bpm, {}, {}, {:.1} s to the last bar line",
        song.title, song.genre, song.bpm, song.meter, song.key, song.last_bar_line_seconds
    ));
    let form: Vec<&str> = report.sections.iter().map(|s| s.label.as_str()).collect();
    lines.push(format!("  Form   {}", form.join(", ")));
    let band: Vec<String> =
        report.parts.iter().map(|p| format!("{} ({})", p.name, p.sound)).collect();
    lines.push(format!("  Band   {}", band.join(", ")));
    for file in &report.files {
        let figure = |value: Option<f64>, unit: &str| {
            value.map_or_else(|| "not measurable".to_owned(), |v| format!("{v:.2} {unit}"))
        };
        lines.push(format!(
            "  {:<12} {}, {}, {:.3} s",
            file.name,
            figure(file.measured.integrated_lufs, "LUFS"),
            figure(file.measured.true_peak_dbtp, "dBTP"),
            file.measured.seconds
        ));
    }
    let word = if report.passed { "pass" } else { "FAIL" };
    lines.push(format!(
        "  Verdict  {word}, {} checks; see {}/report.html",
        report.checks.len(),
        made.folder.display()
    ));
    console::say(&lines)
}

fn reading(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for line in &report.reading.understood {
        let words =
            if line.words.is_empty() { "flag".to_owned() } else { format!("\"{}\"", line.words) };
        lines.push(format!("  understood  {:<12} {:<24} from {words}", line.field, line.value));
    }
    if report.reading.genre_was_chosen {
        let genre = &report.song.genre;
        lines.push(format!("  chosen      {:<12} {genre:<24} no genre was named", "genre"));
    }
    for wish in &report.reading.unmet {
        lines.push(format!("  cannot      \"{}\": {}", wish.words, wish.answer));
    }
    if !report.reading.not_understood.is_empty() {
        lines.push(format!("  not understood: {}", report.reading.not_understood.join(", ")));
    }
    lines
}
