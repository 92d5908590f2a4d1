use std::fs;
use std::io::Cursor;
use std::path::Path;

use anyhow::{Context, Result};
use audio::Frames;
use audio::analysis::analyse;
use audio_file::Decoder;
use fault::Cancel;
use mastering::{Chain, PRE_ROLL_S, Preset, Stream, Target, decide, solve};

use super::programme::{Programme, encoded};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "First sound after a seek";
/// Places a turn, spread over the programme.
const PLACES: u64 = 20;
/// What a player asks for at a time.
const BLOCK: u64 = 4_096;

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
    folder: &'a Path,
) -> Result<Contest<'a>> {
    let sound = &programme.sound;
    let decision = decide(&analyse(sound), Preset::Bright, &Target::DEFAULT);
    let chain = solve(&mut &*sound, &decision.chain, &Cancel::new())?.chain;
    let mut contestants = Vec::new();
    match ffmpeg {
        Some(peer) => {
            for (name, codec, ending) in [
                ("FLAC", "flac", "flac"),
                ("MP3", "libmp3lame", "mp3"),
                ("Ogg Vorbis", "libvorbis", "ogg"),
                ("Opus", "libopus", "opus"),
            ] {
                let file = fs::read(encoded(peer, programme, codec, ending, folder)?)?;
                let chain = chain.clone();
                contestants
                    .push(Contestant::new(format!("Triad, {name}"), move || turn(&file, &chain)));
            }
        }
        None => contestants.push(Contestant::missing("Triad: ffmpeg makes its files")),
    }
    Ok(Contest {
        title: TITLE,
        about: format!(
            "From an open file to the first {BLOCK} mastered frames at a place: the decoder goes \
             {PRE_ROLL_S} s before it, and those pass the chain of the preset bright. {PLACES} \
             places over the three minutes; the slowest is told beside."
        ),
        unit: Unit::Millis("a seek"),
        work: PLACES as f64,
        contestants,
    })
}

fn turn(file: &[u8], chain: &Chain) -> Result<Turn> {
    let mut decoder = Decoder::open(Cursor::new(file.to_vec()))?;
    let (mut total, mut slowest) = (0.0, 0.0_f64);
    for place in 0..PLACES {
        let to = Frames((place * 7 % PLACES) * 8 * 48_000 + 12_345);
        let (seconds, ()) = cpu::of_this(|| first_sound(&mut decoder, chain, to))?;
        total += seconds;
        slowest = slowest.max(seconds);
    }
    Ok((total, format!("slowest {:.1} ms", slowest * 1e3)))
}

fn first_sound(decoder: &mut Decoder, chain: &Chain, to: Frames) -> Result<()> {
    let (rate, layout) = (decoder.format().rate, decoder.format().layout);
    let start = Stream::start_before(rate, to, PRE_ROLL_S);
    let mut stream = Stream::starting_at(rate, layout, chain, start)?;
    decoder.seek(start)?;
    while stream.position().is_none_or(|at| at.0 < to.0 + BLOCK) {
        let mut planes = decoder.next_block()?.context("the programme ended")?;
        stream.process(&mut planes.iter_mut().map(Vec::as_mut_slice).collect::<Vec<_>>());
    }
    Ok(())
}
