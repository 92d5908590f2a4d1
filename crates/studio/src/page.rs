//! `report.html`: the report as pictures and tables in one file.

use std::fs;
use std::path::Path;

use audio::Buffer;
use audio::analysis::{extremes, third_octaves};
use audio::loudness::History;
use figure::{Axis, Block, Chart, Colour, Layer, Page, Scale, Table, Verdict};
use score::{Role, Score};

use crate::Error;
use crate::charts::hertz_axis;
use crate::report::Report;
use crate::verdict;

/// Columns of the waveform: finer than any screen shows.
const COLUMNS: usize = 1_000;

/// Writes the page beside the report.
pub(crate) fn write(
    folder: &Path,
    report: &Report,
    score: &Score,
    sound: &Buffer,
    history: &History,
) -> Result<(), Error> {
    let path = folder.join("report.html");
    let html = build(report, score, sound, history).html();
    Ok(fs::write(&path, html).map_err(ops::Error::io("write", &path))?)
}

fn build(report: &Report, score: &Score, sound: &Buffer, history: &History) -> Page {
    let song = &report.song;
    let subtitle = format!(
        "{}, {:.0} bpm, {}, {}, {} bars, seed {}",
        song.genre, song.bpm, song.meter, song.key, song.bars, song.seed
    );
    let verdict = match verdict::summary(&report.checks) {
        Ok(()) => Verdict::Pass(format!("{} checks on the delivered files", report.checks.len())),
        Err(reason) => Verdict::Fail(reason),
    };
    let target = &report.mastering;
    let page = Page::new(&song.title, &subtitle).verdict(&verdict);
    reading(page, report)
        .heading("Form and piano roll")
        .chart(&roll(score, sound.seconds()), "Sections with their energy, and every note.")
        .table(&sections(report))
        .heading("Waveform")
        .chart(&waveform(sound), "The delivered master, all channels.")
        .heading("Loudness")
        .chart(
            &loudness(history, sound.seconds(), target.target_lufs),
            "Short-term (3 s, bright) and momentary (0.4 s) loudness of the delivered master.",
        )
        .heading("Spectrum")
        .chart(&spectrum(sound), "Third octaves of the delivered master over its whole length.")
        .heading("Delivered files")
        .table(&files(report))
        .heading("The band")
        .table(&parts(report))
        .heading("Checks")
        .table(&verdict::table(&report.checks))
}

fn reading(page: Page, report: &Report) -> Page {
    let reading = &report.reading;
    let table = reading.understood.iter().fold(
        Table::new(&["Understood", "as", "from the words"]),
        |table, line| {
            let words = if line.words.is_empty() { "command line" } else { &line.words };
            table.row([line.field.clone(), line.value.clone(), words.to_owned()])
        },
    );
    let mut page = page.heading("The sentence").text(&reading.sentence).table(&table);
    if reading.genre_was_chosen {
        page = page
            .text(&format!("No genre was named; {} suits the sentence best.", report.song.genre));
    }
    for wish in &reading.unmet {
        page = page.text(&format!("\"{}\": {}", wish.words, wish.answer));
    }
    if !reading.not_understood.is_empty() {
        page = page.text(&format!("Not understood: {}.", reading.not_understood.join(", ")));
    }
    page
}

/// Notes over time by pitch, one colour a part, the form behind them.
fn roll(score: &Score, seconds: f64) -> Chart {
    let pitched = score.parts.iter().filter(|part| !is_drums(part.role));
    let pitches: Vec<u8> =
        pitched.clone().flat_map(|p| p.notes.iter().map(|n| n.pitch.number())).collect();
    let low = f64::from(pitches.iter().min().copied().unwrap_or(36)) - 8.0;
    let high = f64::from(pitches.iter().max().copied().unwrap_or(84)) + 4.0;
    let at = |ticks| score.tempo.seconds(ticks);
    let bar = score.meter.bar();
    let form = score.sections.iter().map(|section| Block {
        x: (
            at(bar * u64::from(section.start_bar)),
            at(bar * u64::from(section.start_bar + section.bars)),
        ),
        y: (low, low + (high - low) * (0.15 + 0.85 * section.energy)),
        strength: 0.12,
        label: section.label.clone(),
    });
    let mut layers = vec![Layer::Blocks(Colour::Quiet, form.collect())];
    for (index, part) in pitched.enumerate() {
        let notes = part.notes.iter().map(|note| Block {
            x: (at(note.start), at(note.end())),
            y: (f64::from(note.pitch.number()) - 0.4, f64::from(note.pitch.number()) + 0.4),
            strength: 0.35 + 0.65 * f64::from(note.velocity.value()) / 127.0,
            label: String::new(),
        });
        layers.push(Layer::Blocks(Colour::Part(index as u8), notes.collect()));
    }
    layers.push(Layer::Blocks(Colour::Quiet, drum_ticks(score, low)));
    let octaves = (0..=10_u8)
        .map(|octave| (f64::from(octave) * 12.0, format!("C{}", i32::from(octave) - 1)))
        .filter(|(pitch, _)| (low..=high).contains(pitch));
    Chart {
        description: format!("Form and notes of {}", score.title),
        x: Axis::time(seconds),
        y: Axis {
            label: "pitch".to_owned(),
            from: low,
            to: high,
            scale: Scale::Linear,
            ticks: octaves.collect(),
        },
        layers,
        height: 420,
    }
}

/// Drums have no pitch: a line of ticks under the notes.
fn drum_ticks(score: &Score, low: f64) -> Vec<Block> {
    let drums = score.parts.iter().filter(|part| is_drums(part.role));
    drums
        .flat_map(|part| &part.notes)
        .map(|note| {
            let at = score.tempo.seconds(note.start);
            let lane = low + 0.5 + f64::from(note.pitch.number() % 6);
            Block {
                x: (at, at + 0.04),
                y: (lane, lane + 0.7),
                strength: f64::from(note.velocity.value()) / 127.0,
                label: String::new(),
            }
        })
        .collect()
}

fn is_drums(role: Role) -> bool {
    matches!(role, Role::Drums | Role::Percussion)
}

fn waveform(sound: &Buffer) -> Chart {
    let outline = extremes(sound, COLUMNS);
    let step = sound.seconds() / outline.len().max(1) as f64;
    let spans = outline
        .iter()
        .enumerate()
        .map(|(n, e)| ((n as f64 + 0.5) * step, f64::from(e.low), f64::from(e.high)));
    Chart {
        description: "Waveform".to_owned(),
        x: Axis::time(sound.seconds()),
        y: Axis::linear("full scale", -1.0, 1.0, 0.5),
        layers: vec![Layer::Area(Colour::Accent, spans.collect())],
        height: 200,
    }
}

fn loudness(history: &History, seconds: f64, target: f64) -> Chart {
    const FLOOR: f64 = -50.0;
    let line = |values: &[Option<audio::Lufs>], first_end: f64| {
        let at = |n: usize| first_end + n as f64 * 0.1;
        values.iter().enumerate().map(|(n, v)| (at(n), v.map(|l| l.0.max(FLOOR)))).collect()
    };
    Chart {
        description: "Loudness over time".to_owned(),
        x: Axis::time(seconds),
        y: Axis::linear("LUFS", FLOOR, 0.0, 10.0),
        layers: vec![
            Layer::Line(Colour::Quiet, line(&history.momentary, 0.4)),
            Layer::Line(Colour::Accent, line(&history.short_term, 3.0)),
            Layer::Rule(Colour::Limit, target, format!("target {target:.0} LUFS")),
        ],
        height: 240,
    }
}

fn spectrum(sound: &Buffer) -> Chart {
    let bands = third_octaves(sound);
    let edge = libm::pow(2.0, 1.0 / 6.5);
    let floor = -90.0;
    let bars = bands.iter().map(|band| Block {
        x: (band.centre_hz / edge, band.centre_hz * edge),
        y: (floor, band.level.0.max(floor)),
        strength: 0.9,
        label: String::new(),
    });
    Chart {
        description: "Spectrum in third octaves".to_owned(),
        x: hertz_axis(),
        y: Axis::linear("dB", floor, 0.0, 15.0),
        layers: vec![Layer::Blocks(Colour::Accent, bars.collect())],
        height: 240,
    }
}

fn sections(report: &Report) -> Table {
    report.sections.iter().fold(
        Table::new(&["Section", "bars", "energy", "chords"]),
        |table, section| {
            let last = section.start_bar + section.bars;
            table.row([
                section.label.clone(),
                format!("{}-{last}", section.start_bar + 1),
                format!("{:.2}", section.energy),
                section.chords.join(" "),
            ])
        },
    )
}

fn files(report: &Report) -> Table {
    let names: Vec<&str> = report.files.iter().map(|file| file.name.as_str()).collect();
    let headings: Vec<&str> = std::iter::once("").chain(names).collect();
    let columns: Vec<_> = report.files.iter().map(|file| file.measured.lines()).collect();
    let rows = columns.first().map_or(0, Vec::len);
    (0..rows).fold(Table::new(&headings), |table, row| {
        let name = columns[0][row].0.to_owned();
        table.row(std::iter::once(name).chain(columns.iter().map(|c| c[row].1.clone())))
    })
}

fn parts(report: &Report) -> Table {
    report.parts.iter().fold(
        Table::new(&["Part", "role", "sound", "notes", "gain"]),
        |table, part| {
            table.row([
                part.name.clone(),
                part.role.clone(),
                part.sound.clone(),
                part.notes.to_string(),
                format!("{:+.1} dB", part.gain_db),
            ])
        },
    )
}
