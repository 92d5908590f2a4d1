use std::fs::{self, File};
use std::io::{BufWriter, Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use audio::Buffer;
use audio::loudness::measure;
use audio_file::{Depth, Pcm, Tags, decode, write_wav};
use clock::Seed;
use fault::Cancel;
use mastering::{Chain, Target};
use serde_json::Value;

use super::meter::{read_file, reading};
use super::programme::{Programme, write_float};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Mastering to a target";
/// -14 LUFS, -1 dBTP.
const TARGET: Target = Target::DEFAULT;
const IMPORT: &str = "matchering, start of Python only";
/// Matches a target to a reference at 48 kHz, as the readme of matchering shows.
const MATCH: &str = "\
import sys, matchering as mg
mg.process(target=sys.argv[1], reference=sys.argv[2], results=[mg.pcm24(sys.argv[3])],
           config=mg.Config(internal_sample_rate=48000))
";

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
    matchering: Option<&'a Peer>,
    folder: &'a Path,
) -> Result<Contest<'a>> {
    let mut contestants = vec![
        Contestant::new("Triad, plan and apply in memory", || in_memory(&programme.sound)),
        Contestant::new("Triad, file to file", || file_to_file(programme, folder)),
        match ffmpeg {
            Some(peer) => Contestant::new(format!("{}, loudnorm in 2 passes", peer.name), || {
                loudnorm(peer, programme, folder)
            }),
            None => Contestant::missing("ffmpeg, loudnorm in 2 passes"),
        },
    ];
    match matchering {
        Some(peer) => {
            let reference = reference(programme, folder)?;
            contestants.push(Contestant::new(IMPORT, || {
                let (seconds, _) = peer.run(&["-c", "import matchering"])?;
                Ok((seconds, String::new()))
            }));
            let run = move || matched(peer, programme, &reference, folder);
            contestants.push(Contestant::new(peer.name.clone(), run).less(IMPORT));
        }
        None => contestants.push(Contestant::missing("matchering")),
    }
    Ok(Contest {
        title: TITLE,
        about: format!(
            "A file of 32-bit floats to a 24-bit WAVE at {} and {} true peak. loudnorm is asked \
             for a linear gain (LRA=20) and 48 kHz; matchering is given Triad's own master as its \
             reference and works at 48 kHz, on one thread. Results are measured by Triad's 4x \
             meter.",
            TARGET.loudness, TARGET.ceiling
        ),
        unit: Unit::Sound,
        work: programme.sound.seconds(),
        contestants,
    })
}

fn in_memory(sound: &Buffer) -> Result<Turn> {
    let (seconds, out) = cpu::of_this(|| master(sound))?;
    Ok((seconds, reading(&measure(&out).0)))
}

fn master(sound: &Buffer) -> Result<Buffer> {
    Ok(mastering::master(sound, &TARGET.on(Chain::default()), &Cancel::new())?.0)
}

fn file_to_file(programme: &Programme, folder: &Path) -> Result<Turn> {
    let to = folder.join("triad.wav");
    let (seconds, ()) = cpu::of_this(|| {
        let (sound, _) = decode(Cursor::new(fs::read(&programme.file)?))?;
        let pcm = Pcm::quantise(&master(&sound)?, Depth::TwentyFour, Seed(1));
        let mut out = BufWriter::new(File::create(&to)?);
        write_wav(&mut out, &pcm, &Tags::default())?;
        Ok(out.flush()?)
    })?;
    Ok((seconds, read_file(&to)?))
}

/// Measures, then applies: the way the filter's documentation recommends.
fn loudnorm(peer: &Peer, programme: &Programme, folder: &Path) -> Result<Turn> {
    let out = folder.join("loudnorm.wav");
    let (from, to) = (programme.file.to_string_lossy(), out.to_string_lossy());
    let goal = format!("loudnorm=I={}:TP={}:LRA=20", TARGET.loudness.0, TARGET.ceiling.0);
    let filter = format!("{goal}:print_format=json");
    let quiet = ["-hide_banner", "-nostdin", "-nostats", "-y", "-i", &from, "-af"];
    let (first, said) = peer.run(&[&quiet[..], &[&filter, "-f", "null", "-"]].concat())?;
    let found = report(&said)?;
    let of = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    let filter = format!(
        "{goal}:linear=true:measured_I={}:measured_TP={}:measured_LRA={}:measured_thresh={}:\
         offset={}:print_format=json",
        of("input_i"),
        of("input_tp"),
        of("input_lra"),
        of("input_thresh"),
        of("target_offset")
    );
    let write = [&filter, "-ar", "48000", "-c:a", "pcm_s24le", &to];
    let (second, said) = peer.run(&[&quiet[..], &write[..]].concat())?;
    let kind = report(&said)?["normalization_type"].as_str().unwrap_or("–").to_owned();
    Ok((first + second, format!("{}; it chose \"{kind}\"", read_file(&out)?)))
}

/// The JSON at the end of what loudnorm says.
fn report(said: &str) -> Result<Value> {
    let start = said.rfind('{').context("loudnorm reported nothing")?;
    let end = said.rfind('}').context("loudnorm's report has no end")?;
    Ok(serde_json::from_str(&said[start..=end])?)
}

fn reference(programme: &Programme, folder: &Path) -> Result<PathBuf> {
    let path = folder.join("reference.wav");
    write_float(&path, &master(&programme.sound)?)?;
    Ok(path)
}

fn matched(peer: &Peer, programme: &Programme, reference: &Path, folder: &Path) -> Result<Turn> {
    let out = folder.join("matchering.wav");
    let [from, like, to] = [&programme.file, reference, &out].map(|p| p.to_string_lossy());
    let (seconds, _) = peer.run(&["-c", MATCH, &from, &like, &to])?;
    Ok((seconds, read_file(&out)?))
}
