use anyhow::{Context, Result};
use audio::loudness::{Measurement, Meter, Oversampling};
use audio::{Buffer, Decibels};
use ebur128::{EbuR128, Mode};

use super::programme::Programme;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Loudness meter";
/// Frames fed at a time to every meter in this process.
const BLOCK: usize = 4_096;
const DECODE: &str = "ffmpeg, decode only";

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
) -> Result<Contest<'a>> {
    let sound = &programme.sound;
    let oracle = format!("ebur128 crate {}", locked("ebur128")?);
    let mut contestants = vec![
        Contestant::new("Triad, 4x true peak, M and S each 10 ms", || {
            ours(sound, Oversampling::Four)
        }),
        Contestant::new("Triad, 8x true peak, M and S each 10 ms", || {
            ours(sound, Oversampling::Eight)
        }),
        Contestant::new(format!("{oracle}, M and S not read"), || crate_meter(sound, BLOCK, false)),
        // Only so does it find the maxima that EBU Tech 3341 asks for.
        Contestant::new(format!("{oracle}, M and S each 10 ms"), || {
            crate_meter(sound, sound.rate().hz() as usize / 100, true)
        }),
    ];
    match ffmpeg {
        Some(peer) => contestants.extend([
            Contestant::new(DECODE, || {
                let (seconds, _) = peer.run(&to_nowhere(programme, "anull"))?;
                Ok((seconds, String::new()))
            }),
            Contestant::new(format!("{}, ebur128=peak=true", peer.name), || {
                let filter = "ebur128=peak=true:framelog=verbose";
                let (seconds, said) = peer.run(&to_nowhere(programme, filter))?;
                Ok((seconds, summary(&said)))
            })
            .less(DECODE),
        ]),
        None => contestants.push(Contestant::missing("ffmpeg, ebur128=peak=true")),
    }
    Ok(Contest {
        title: TITLE,
        about: "Integrated loudness, loudness range, true peak, and the maxima of momentary and \
                short-term loudness. Triad and the crate hear the same planes in memory; ffmpeg \
                reads a file of floats, and what it spends on the same file without a meter is \
                taken off."
            .to_owned(),
        unit: Unit::Sound,
        work: sound.seconds(),
        contestants,
    })
}

/// The version of a package in Cargo.lock.
fn locked(name: &str) -> Result<String> {
    let lock: toml::Table =
        std::fs::read_to_string(crate::workspace::root().join("Cargo.lock"))?.parse()?;
    let packages = lock["package"].as_array().context("Cargo.lock lists no packages")?;
    let found = packages.iter().find(|package| package["name"].as_str() == Some(name));
    let version = found.and_then(|package| package["version"].as_str());
    Ok(version.with_context(|| format!("{name} is not in Cargo.lock"))?.to_owned())
}

fn to_nowhere(programme: &Programme, filter: &str) -> Vec<String> {
    let file = programme.file.to_string_lossy();
    ["-hide_banner", "-nostdin", "-nostats", "-i", &file, "-af", filter, "-f", "null", "-"]
        .map(str::to_owned)
        .to_vec()
}

fn ours(sound: &Buffer, oversampling: Oversampling) -> Result<Turn> {
    let (seconds, heard) = cpu::of_this(|| {
        let mut meter = Meter::with_true_peak(sound.rate(), sound.layout(), Some(oversampling));
        for at in (0..sound.length().index()).step_by(BLOCK) {
            meter.push(&block(sound, at, BLOCK));
        }
        Ok(meter.finish().0)
    })?;
    Ok((seconds, reading(&heard)))
}

fn block(sound: &Buffer, at: usize, length: usize) -> Vec<&[f32]> {
    let end = (at + length).min(sound.length().index());
    sound.planes().iter().map(|plane| &plane[at..end]).collect()
}

/// Loudness, range and true peak in the words of every table.
pub(super) fn reading(heard: &Measurement) -> String {
    let Some(loudness) = heard.integrated else { return "silence".to_owned() };
    let shown =
        |value: Option<Decibels>| value.map_or("–".to_owned(), |db| format!("{:.2}", db.0));
    let (range, peak) = (shown(heard.range), shown(heard.true_peak));
    format!("{:.2} LUFS, {range} LU, {peak} dBTP", loudness.0)
}

fn crate_meter(sound: &Buffer, step: usize, read_maxima: bool) -> Result<Turn> {
    let (seconds, text) = cpu::of_this(|| {
        let mode = Mode::I | Mode::LRA | Mode::S | Mode::M | Mode::TRUE_PEAK;
        let channels = sound.layout().channels() as u32;
        let mut meter = EbuR128::new(channels, sound.rate().hz(), mode)?;
        let (mut momentary, mut short_term) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for at in (0..sound.length().index()).step_by(step) {
            meter.add_frames_planar_f32(&block(sound, at, step))?;
            if read_maxima {
                momentary = momentary.max(meter.loudness_momentary()?);
                short_term = short_term.max(meter.loudness_shortterm()?);
            }
        }
        std::hint::black_box((momentary, short_term));
        let peak = meter.true_peak(0)?.max(meter.true_peak(1)?);
        let peak = Decibels::from_amplitude(peak).0;
        let (loudness, range) = (meter.loudness_global()?, meter.loudness_range()?);
        Ok(format!("{loudness:.2} LUFS, {range:.2} LU, {peak:.2} dBTP"))
    })?;
    Ok((seconds, text))
}

/// The last readings of ffmpeg's summary.
fn summary(said: &str) -> String {
    let value = |label: &str| {
        let line = said.lines().rev().map(str::trim).find(|line| line.starts_with(label));
        line.and_then(|line| line.split_whitespace().nth(1)).unwrap_or("–").to_owned()
    };
    format!("{} LUFS, {} LU, {} dBTP", value("I:"), value("LRA:"), value("Peak:"))
}

/// Measures what a contestant wrote, with our 4x meter.
pub(super) fn read_file(path: &std::path::Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    let (sound, _) = audio_file::decode(std::io::Cursor::new(bytes))?;
    Ok(reading(&audio::loudness::measure(&sound).0))
}
