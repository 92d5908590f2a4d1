use std::fs;
use std::path::Path;

use anyhow::Result;
use audio::loudness::measure;
use audio::{Buffer, Frames, Layout, SampleRate};
use clock::Seed;
use fault::Cancel;
use instruments::{Bank, Kernel, Setting};

use super::meter::{read_file, reading};
use super::song::Song;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "SoundFont rendering";
const BANK: &str = "assets/bank/triad-gm.sf3";
/// Voices that sound at once, on average, as FluidSynth 2.3 counts them with this song and bank.
const VOICES: u32 = 67;
const LOAD: &str = "FluidSynth, the same without notes";

pub(super) fn contest<'a>(
    song: &'a Song,
    fluidsynth: Option<&'a Peer>,
    folder: &'a Path,
) -> Result<Contest<'a>> {
    let bank = fs::read(crate::workspace::root().join(BANK))?;
    let [silence, midi] = [("silence.mid", &song.silence), ("song.mid", &song.midi)]
        .map(|(name, bytes)| (folder.join(name), bytes));
    for (path, bytes) in [&silence, &midi] {
        fs::write(path, bytes)?;
    }
    let mut contestants = vec![
        Contestant::new("Triad, samples decoded", || ours(song, Bank::embedded(), Kernel::Detect)),
        Contestant::new("Triad, samples decoded, without SIMD", || {
            ours(song, Bank::embedded(), Kernel::Scalar)
        }),
        Contestant::new("Triad, from the bank's bytes", move || from_bytes(song, &bank)),
    ];
    match fluidsynth {
        Some(peer) => contestants.extend([
            Contestant::new(LOAD, move || played(peer, &silence.0, folder)),
            Contestant::new(peer.name.clone(), move || played(peer, &midi.0, folder)).less(LOAD),
        ]),
        None => contestants.push(Contestant::missing("FluidSynth")),
    }
    Ok(Contest {
        title: TITLE,
        about: format!(
            "The same MIDI file ({} notes on {} channels, {VOICES} voices on average) and the same bank (the embedded SF3) to \
             48 kHz stereo, without reverb and chorus, on one thread. Triad renders one stem after \
             the other and sums them, by 16-point interpolation; FluidSynth renders the mix, by \
             its default 4-point interpolation. FluidSynth decodes the whole bank when it starts: \
             what it spends on a file of the same length without notes, loading and writing \
             included, is taken off. Triad decodes what is played: its row from the bank's bytes \
             includes that.",
            song.notes,
            song.parts.len()
        ),
        unit: Unit::Sound,
        work: song.length.seconds(SampleRate::STUDIO),
        contestants,
    })
}

/// Every part in sequence, summed.
pub(super) fn mix(song: &Song, bank: &Bank, kernel: Kernel) -> Result<Buffer> {
    let rate = SampleRate::STUDIO;
    let setting = Setting { rate, seed: Seed(1), kernel };
    let mut mix = Buffer::silent(rate, Layout::Stereo, song.length);
    let mut stem = Buffer::silent(rate, Layout::Stereo, Frames(0));
    for part in &song.parts {
        let (performance, patch) = (&part.performance, &part.patch);
        instruments::render_into(&mut stem, performance, patch, bank, setting, &Cancel::new())?;
        for (sum, plane) in mix.planes_mut().zip(stem.planes()) {
            sum.iter_mut().zip(plane).for_each(|(sum, sample)| *sum += sample);
        }
    }
    Ok(mix)
}

fn ours(song: &Song, bank: &Bank, kernel: Kernel) -> Result<Turn> {
    let (seconds, out) = cpu::of_this(|| mix(song, bank, kernel))?;
    Ok((seconds, reading(&measure(&out).0)))
}

fn from_bytes(song: &Song, bytes: &[u8]) -> Result<Turn> {
    let bytes = bytes.to_vec();
    let (seconds, out) = cpu::of_this(|| mix(song, &Bank::parse(bytes)?, Kernel::Detect))?;
    Ok((seconds, reading(&measure(&out).0)))
}

fn played(peer: &Peer, midi: &Path, folder: &Path) -> Result<Turn> {
    let out = folder.join("fluidsynth.wav");
    let bank = crate::workspace::root().join(BANK);
    let [to, bank, midi] = [&out, &bank, midi].map(|path| path.to_string_lossy());
    let flags = ["-ni", "-r", "48000", "-R", "0", "-C", "0", "-F", &to, &bank, &midi];
    let (seconds, _) = peer.run(&flags)?;
    Ok((seconds, read_file(&out)?))
}
