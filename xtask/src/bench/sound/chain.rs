use std::path::Path;

use anyhow::Result;
use audio::loudness::measure;
use audio::{Buffer, Decibels};
use mastering::Stream;
use mastering::chain::{
    Band, Ceiling, Chain, Compressor, DcBlock, Dither, Dynamic, Exciter, Loudness, Multiband,
    Shape, Width,
};

use super::meter::{read_file, reading};
use super::programme::Programme;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Mastering chain, stage by stage";
/// What a player asks for at a time.
const BLOCK: usize = 4_096;
const DRIVE_DB: f64 = 6.0;
const CEILING_DB: f64 = -1.0;
const COPY: &str = "ffmpeg, read and write the same";
const START: &str = "pedalboard, start of Python and reading only";
/// Ten bands, a compressor and its true-peak limiter, in blocks as it likes them.
const BOARD: &str = "\
import sys
from pedalboard import BrickwallLimiter, Compressor, Gain, Pedalboard, PeakFilter
from pedalboard.io import AudioFile
stages = [PeakFilter(cutoff_frequency_hz=f, gain_db=g, q=1.0) for f, g in
          zip((40, 80, 160, 320, 640, 1250, 2500, 5000, 10000, 15000), (1, -1) * 5)]
stages += [Compressor(threshold_db=-24, ratio=1.6, attack_ms=20, release_ms=160), Gain(6),
           BrickwallLimiter(ceiling_db=-1.0, true_peak=True)]
board = Pedalboard(stages if sys.argv[3] == 'all' else [])
with AudioFile(sys.argv[1]) as f:
    sound, rate = f.read(f.frames), f.samplerate
if sys.argv[3] == 'all':
    sound = board(sound, rate)
    with AudioFile(sys.argv[2], 'w', rate, 2, bit_depth=24) as f:
        f.write(sound)
";

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
    board: Option<&'a Peer>,
    folder: &'a Path,
) -> Contest<'a> {
    let sound = &programme.sound;
    let mut contestants: Vec<Contestant<'a>> = stages()
        .into_iter()
        .map(|(name, chain)| {
            Contestant::new(format!("Triad, {name}"), move || stream(sound, &chain))
        })
        .collect();
    match ffmpeg {
        Some(peer) => contestants.extend([
            Contestant::new(COPY, || through(peer, "anull", programme, folder)),
            Contestant::new(format!("{}, 10 bands, mcompand, alimiter", peer.name), || {
                through(peer, &like_ours(), programme, folder)
            })
            .less(COPY),
        ]),
        None => contestants.push(Contestant::missing("ffmpeg, 10 bands, mcompand, alimiter")),
    }
    match board {
        Some(peer) => contestants.extend([
            Contestant::new(START, || on_board(peer, "none", programme, folder)),
            Contestant::new(format!("{}, 10 bands, compressor, limiter", peer.name), || {
                on_board(peer, "all", programme, folder)
            })
            .less(START),
        ]),
        None => contestants.push(Contestant::missing("pedalboard")),
    }
    Contest {
        title: TITLE,
        about: format!(
            "The programme lifted by {DRIVE_DB} dB, in stereo at 48 kHz, on one core, in blocks of \
             {BLOCK}. Every row of ours holds the delay and the peak detector of the limiter, which \
             always run; one stage is added to them, and last all. Peers are given the nearest \
             they have: ten bells and no dynamic one, one compressor or four bands without an \
             exciter or a width. Results are measured by Triad's 4x meter."
        ),
        unit: Unit::Sound,
        work: sound.seconds(),
        contestants,
    }
}

/// Each stage alone, then all.
fn stages() -> Vec<(&'static str, Chain)> {
    let squeeze = Compressor { ratio: 1.6, ..Compressor::gentle(-30.0) };
    let dynamic = Dynamic { threshold_db: -30.0, slope: 0.5, attack_ms: 5.0, release_ms: 90.0 };
    let full = Chain {
        dc_block: Some(DcBlock { hz: 4.0 }),
        eq: bells().collect(),
        multiband: Some(Multiband {
            crossovers_hz: vec![120.0, 1_000.0, 6_000.0],
            bands: vec![squeeze; 4],
        }),
        compressor: Some(squeeze),
        exciter: Some(Exciter { above_hz: 4_000.0, drive_db: 12.0, mix_db: -9.0 }),
        width: Some(Width { side: 1.1, mono_below_hz: Some(100.0) }),
        loudness: Some(Loudness::GainDb(DRIVE_DB)),
        limiter: Some(Ceiling::at(CEILING_DB)),
        dither: Some(Dither { bits: 24 }),
    };
    let moving = Band { dynamic: Some(dynamic), ..Band::bell(6_300.0, 1.5, -4.0) };
    let none = Chain::default;
    vec![
        ("no stage", none()),
        ("DC block", Chain { dc_block: full.dc_block, ..none() }),
        ("10 bands", Chain { eq: full.eq.clone(), ..none() }),
        ("1 dynamic bell", Chain { eq: vec![moving], ..none() }),
        ("4-band multiband", Chain { multiband: full.multiband.clone(), ..none() }),
        ("compressor", Chain { compressor: full.compressor, ..none() }),
        ("exciter", Chain { exciter: full.exciter, ..none() }),
        ("width and bass", Chain { width: full.width, ..none() }),
        ("gain and limiter", Chain { loudness: full.loudness, limiter: full.limiter, ..none() }),
        ("dither", Chain { dither: full.dither, ..none() }),
        ("all of them", Chain { eq: bells().chain([moving]).collect(), ..full }),
    ]
}

fn bells() -> impl Iterator<Item = Band> {
    let bell = |hz: f64, up: f64| Band::bell(hz, 1.0, up);
    [
        Band::shelf(Shape::LowShelf, 40.0, 1.0),
        bell(80.0, -1.0),
        bell(160.0, 1.0),
        bell(320.0, -1.0),
        bell(640.0, 1.0),
        bell(1_250.0, -1.0),
        bell(2_500.0, 1.0),
        bell(5_000.0, -1.0),
        bell(10_000.0, 1.0),
        Band::shelf(Shape::HighShelf, 15_000.0, -1.0),
    ]
    .into_iter()
}

fn stream(sound: &Buffer, chain: &Chain) -> Result<Turn> {
    let mut out = sound.clone();
    let length = out.length().index();
    let (seconds, ()) = cpu::of_this(|| {
        let mut stream = Stream::new(out.rate(), out.layout(), chain)?;
        for at in (0..length).step_by(BLOCK) {
            let end = (at + BLOCK).min(length);
            let mut block: Vec<&mut [f32]> = out.planes_mut().map(|p| &mut p[at..end]).collect();
            stream.process(&mut block);
        }
        Ok(())
    })?;
    Ok((seconds, reading(&measure(&out).0)))
}

fn like_ours() -> String {
    let bells: String = bells()
        .map(|band| {
            let gain = band.gain_db.unwrap_or(0.0);
            format!("equalizer=f={}:t=q:w=1:g={gain},", band.hz)
        })
        .collect();
    let limit = Decibels(CEILING_DB).amplitude();
    format!(
        "{bells}mcompand=0.02\\,0.16 6 -47/-40\\,-34/-34\\,-17/-33 120 | 0.02\\,0.16 6 \
         -47/-40\\,-34/-34\\,-17/-33 1000 | 0.02\\,0.16 6 -47/-40\\,-34/-34\\,-15/-33 6000 | \
         0.02\\,0.16 6 -47/-40\\,-34/-34\\,-15/-33 22000,volume={DRIVE_DB}dB,\
         alimiter=limit={limit}:level=false"
    )
}

fn through(peer: &Peer, filter: &str, programme: &Programme, folder: &Path) -> Result<Turn> {
    let out = folder.join("chain.wav");
    let (from, to) = (programme.file.to_string_lossy(), out.to_string_lossy());
    let quiet = ["-hide_banner", "-nostdin", "-nostats", "-y", "-i", &from, "-af", filter];
    let (seconds, _) = peer.run(&[&quiet[..], &["-c:a", "pcm_s24le", &to]].concat())?;
    Ok((seconds, read_file(&out)?))
}

fn on_board(peer: &Peer, what: &str, programme: &Programme, folder: &Path) -> Result<Turn> {
    let out = folder.join("board.wav");
    let (from, to) = (programme.file.to_string_lossy(), out.to_string_lossy());
    let (seconds, _) = peer.run(&["-c", BOARD, &from, &to, what])?;
    Ok((seconds, if what == "all" { read_file(&out)? } else { String::new() }))
}
