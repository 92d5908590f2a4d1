use std::fs::{self, File};
use std::io::{BufReader, Cursor};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use audio::analysis::{Analysis, analyse};
use audio::{Buffer, Decibels, Frames};
use fault::Cancel;
use mastering::{liken, master, spectral_distance};

use super::programme::{Programme, write_float};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Matching a reference";
const CEILING: Decibels = Decibels(-1.0);
/// So much of each track, from its first third on.
const SECONDS: f64 = 60.0;
/// Matches at the rate of the files, as the readme of matchering shows.
const MATCH: &str = "\
import sys, matchering as mg
rate = int(sys.argv[4])
mg.process(target=sys.argv[1], reference=sys.argv[2], results=[mg.pcm24(sys.argv[3])],
           config=mg.Config(internal_sample_rate=rate))
";

/// A track, what it shall be like, and both as files.
struct Pair {
    track: Buffer,
    reference: Analysis,
    files: [PathBuf; 2],
}

pub(super) fn contest<'a>(
    programme: &Programme,
    matchering: Option<&'a Peer>,
    folder: &'a Path,
) -> Result<Contest<'a>> {
    let pairs = pairs(programme, folder)?;
    let work = pairs.iter().map(|pair| pair.track.seconds()).sum();
    let count = pairs.len();
    let pairs = std::rc::Rc::new(pairs);
    let ours = pairs.clone();
    let mut contestants = vec![Contestant::new("Triad", move || by_us(&ours))];
    match matchering {
        Some(peer) => contestants
            .push(Contestant::new(peer.name.clone(), move || by_matchering(peer, &pairs, folder))),
        None => contestants.push(Contestant::missing("matchering")),
    }
    Ok(Contest {
        title: TITLE,
        about: format!(
            "{count} pairs of a track and a reference, a minute each where `scripts/music.sh` has \
             fetched music, else the programme and a darker one. Results are means over the pairs: \
             how far loudness and third octaves (each about the track's own level) are from the \
             reference's, and the highest true peak of all, by Triad's meters. Analysis of both is \
             counted; matchering's row holds its start and its files."
        ),
        unit: Unit::Sound,
        work,
        contestants,
    })
}

fn by_us(pairs: &[Pair]) -> Result<Turn> {
    let (seconds, made) = cpu::of_this(|| {
        pairs
            .iter()
            .map(|pair| {
                let decision = liken(&analyse(&pair.track), &pair.reference, None, CEILING)?;
                Ok(master(&pair.track, &decision.chain, &Cancel::new())?.0)
            })
            .collect::<Result<Vec<Buffer>>>()
    })?;
    Ok((seconds, judged(pairs, &made)?))
}

fn by_matchering(peer: &Peer, pairs: &[Pair], folder: &Path) -> Result<Turn> {
    let mut made = Vec::new();
    let mut total = 0.0;
    for pair in pairs {
        let out = folder.join("matched.wav");
        let [from, like, to] =
            [&pair.files[0], &pair.files[1], &out].map(|path| path.to_string_lossy().into_owned());
        let rate = pair.track.rate().hz().to_string();
        total += peer.run(&["-c", MATCH, &from, &like, &to, &rate])?.0;
        made.push(audio_file::decode(Cursor::new(fs::read(&out)?))?.0);
    }
    Ok((total, judged(pairs, &made)?))
}

fn judged(pairs: &[Pair], made: &[Buffer]) -> Result<String> {
    let (mut louder, mut apart, mut peak) = (0.0, 0.0, f64::NEG_INFINITY);
    for (pair, made) in pairs.iter().zip(made) {
        let found = analyse(made);
        let loudness = found.loudness.integrated.context("silence was made")?;
        let wanted = pair.reference.loudness.integrated.context("a silent reference")?;
        louder += (loudness - wanted).0.abs();
        apart += spectral_distance(&found.bands, &pair.reference.bands).context("no spectrum")?;
        peak = found.loudness.true_peak.map_or(peak, |p| p.0.max(peak));
    }
    let count = pairs.len() as f64;
    Ok(format!("{:.2} LU, {:.2} dB apart, {peak:.2} dBTP", louder / count, apart / count))
}

fn pairs(programme: &Programme, folder: &Path) -> Result<Vec<Pair>> {
    let tracks = real_music()?;
    let mut pairs = Vec::new();
    // Tracks of different albums: the list is sorted by album.
    for (n, track) in tracks.iter().enumerate() {
        let reference = &tracks[(n + tracks.len() / 2) % tracks.len()];
        let names = [format!("track{n}.wav"), format!("reference{n}.wav")];
        let files = names.map(|name| folder.join(name));
        write_float(&files[0], track)?;
        write_float(&files[1], reference)?;
        pairs.push(Pair { track: track.clone(), reference: analyse(reference), files });
    }
    if pairs.is_empty() {
        let darker = folder.join("darker.wav");
        let mut reference = programme.sound.clone();
        let shelf = audio::dsp::Biquad::high_shelf(reference.rate(), 2_000.0, Decibels(-6.0));
        audio::dsp::cascade(&mut reference, &[shelf]);
        write_float(&darker, &reference)?;
        let files = [programme.file.clone(), darker];
        let track = programme.sound.clone();
        pairs.push(Pair { track, reference: analyse(&reference), files });
    }
    Ok(pairs)
}

/// A minute of every eighteenth track that `scripts/music.sh` has fetched, in stereo.
fn real_music() -> Result<Vec<Buffer>> {
    let chosen = std::env::var_os("TRIAD_MUSIC").map(PathBuf::from);
    let usual = || Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/triad-music"));
    let Some(list) = chosen.or_else(usual).map(|folder| folder.join("tracks.txt")) else {
        return Ok(Vec::new());
    };
    let Ok(list) = fs::read_to_string(list) else { return Ok(Vec::new()) };
    let mut tracks = Vec::new();
    for path in list.lines().step_by(18) {
        let file = BufReader::new(File::open(path).with_context(|| path.to_owned())?);
        let (mut sound, _) = audio_file::decode(file).with_context(|| path.to_owned())?;
        let third = sound.length().0 / 3;
        sound.skip(Frames(third));
        sound.resize(sound.rate().frames(SECONDS).min(sound.length()));
        if sound.planes().len() == 2 {
            tracks.push(sound);
        }
    }
    Ok(tracks)
}
