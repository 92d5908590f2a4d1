use std::path::Path;

use anyhow::Result;
use audio::loudness::measure;
use audio::{Buffer, Decibels};
use mastering::limiter;

use super::meter::{read_file, reading};
use super::programme::Programme;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Limiter";
const DRIVE: Decibels = Decibels(6.0);
const CEILING: Decibels = Decibels(-1.0);
/// What a sound card asks for at a time.
const BLOCK: usize = 512;
const COPY: &str = "ffmpeg, read and write only";

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
    folder: &'a Path,
) -> Contest<'a> {
    let sound = &programme.sound;
    let mut contestants = vec![Contestant::new("Triad, stream in blocks of 512", || stream(sound))];
    match ffmpeg {
        Some(peer) => contestants.extend([
            Contestant::new(COPY, || through(peer, "anull", programme, folder)),
            Contestant::new(format!("{}, alimiter", peer.name), || {
                let limit = CEILING.amplitude();
                let filter = format!("volume={}dB,alimiter=limit={limit}:level=false", DRIVE.0);
                through(peer, &filter, programme, folder)
            })
            .less(COPY),
        ]),
        None => contestants.push(Contestant::missing("ffmpeg, alimiter")),
    }
    Contest {
        title: TITLE,
        about: format!(
            "The programme lifted by {} dB, under a ceiling of {}. Triad holds the true peak by \
             an 8x grid, alimiter the sample peak. Triad works in memory; what ffmpeg spends on \
             reading and writing the same file is taken off. Results are measured by Triad's 4x \
             meter.",
            DRIVE.0, CEILING
        ),
        unit: Unit::Sound,
        work: sound.seconds(),
        contestants,
    }
}

fn stream(sound: &Buffer) -> Result<Turn> {
    let mut out = sound.clone();
    let length = out.length().index();
    let (seconds, ()) = cpu::of_this(|| {
        let drive = DRIVE.amplitude() as f32;
        let mut limiter = limiter::Limiter::new(out.rate(), out.layout().channels(), CEILING);
        for at in (0..length).step_by(BLOCK) {
            let end = (at + BLOCK).min(length);
            let mut block: Vec<&mut [f32]> = out.planes_mut().map(|p| &mut p[at..end]).collect();
            block.iter_mut().flat_map(|plane| plane.iter_mut()).for_each(|s| *s *= drive);
            limiter.process(&mut block);
        }
        Ok(())
    })?;
    Ok((seconds, reading(&measure(&out).0)))
}

fn through(peer: &Peer, filter: &str, programme: &Programme, folder: &Path) -> Result<Turn> {
    let out = folder.join("limited.wav");
    let (from, to) = (programme.file.to_string_lossy(), out.to_string_lossy());
    let (seconds, _) = peer.run(&[
        "-hide_banner",
        "-nostdin",
        "-nostats",
        "-y",
        "-i",
        &from,
        "-af",
        filter,
        "-c:a",
        "pcm_f32le",
        &to,
    ])?;
    Ok((seconds, read_file(&out)?))
}
