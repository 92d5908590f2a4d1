use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use audio::analysis::{Analyser, Analysis, analyse};
use audio::{Buffer, Frames};
use audio_file::Decoder;

use super::programme::Programme;
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;
use crate::bench::peer::Peer;

pub(super) const TITLE: &str = "Analysis of a whole track";
const START: &str = "librosa, start of Python and reading only";
/// What it offers of the same: beat, chroma, centroid, rolloff, flatness and harmonic share.
const LIBROSA: &str = "\
import sys, librosa, numpy
y, sr = librosa.load(sys.argv[1], sr=22050, mono=True)
if sys.argv[2] == 'all':
    tempo, _ = librosa.beat.beat_track(y=y, sr=sr)
    chroma = librosa.feature.chroma_stft(y=y, sr=sr)
    librosa.feature.spectral_centroid(y=y, sr=sr)
    librosa.feature.spectral_rolloff(y=y, sr=sr)
    librosa.feature.spectral_flatness(y=y)
    h, p = librosa.effects.hpss(y)
    share = float((h ** 2).sum() / ((h ** 2).sum() + (p ** 2).sum()))
    print('%.1f bpm, %.2f harmonic' % (float(numpy.atleast_1d(tempo)[0]), share), file=sys.stderr)
";

pub(super) fn contest<'a>(
    programme: &'a Programme,
    ffmpeg: Option<&'a Peer>,
    librosa: Option<&'a Peer>,
    folder: &'a Path,
) -> Result<Contest<'a>> {
    let sound = &programme.sound;
    let mut contestants =
        vec![Contestant::new("Triad, all 25 values, from memory", || from_memory(sound))];
    if let Some(peer) = ffmpeg {
        for (name, codec, ending) in [
            ("Ogg Vorbis", "libvorbis", "ogg"),
            ("FLAC", "flac", "flac"),
            ("MP3", "libmp3lame", "mp3"),
        ] {
            let file = encoded(peer, programme, codec, ending, folder)?;
            let row = format!("Triad, the same, decoding {name}");
            contestants.push(Contestant::new(row, move || from_file(&file)));
        }
    }
    match librosa {
        Some(peer) => contestants.extend([
            Contestant::new(START, || by_librosa(peer, programme, "none")),
            Contestant::new(format!("{}, six of them at 22 kHz", peer.name), || {
                by_librosa(peer, programme, "all")
            })
            .less(START),
        ]),
        None => contestants.push(Contestant::missing("librosa")),
    }
    Ok(Contest {
        title: TITLE,
        about: "Loudness, range, true peak, third octaves, tempo and beats, key, harmonic share, \
                pitch, stereo field and the fingerprint, on one core. librosa is asked for tempo, \
                chroma, centroid, rolloff, flatness and harmonic share of the mono sum."
            .to_owned(),
        unit: Unit::Sound,
        work: sound.seconds(),
        contestants,
    })
}

fn said(analysis: &Analysis) -> String {
    let tempo =
        analysis.tempo.as_ref().map_or("no beat".to_owned(), |t| format!("{:.1} bpm", t.bpm));
    let share = analysis.harmonic_share.map_or("–".to_owned(), |s| format!("{s:.2}"));
    format!("{tempo}, {share} harmonic")
}

fn from_memory(sound: &Buffer) -> Result<Turn> {
    let (seconds, analysis) = cpu::of_this(|| Ok(analyse(sound)))?;
    Ok((seconds, said(&analysis)))
}

fn from_file(file: &Path) -> Result<Turn> {
    let (seconds, analysis) = cpu::of_this(|| {
        let mut decoder = Decoder::open(Cursor::new(fs::read(file)?))?;
        let (rate, layout) = (decoder.format().rate, decoder.format().layout);
        let mut analyser = Analyser::new(rate, layout);
        while let Some(block) = decoder.next_block()? {
            analyser.push(&block.iter().map(Vec::as_slice).collect::<Vec<_>>());
        }
        Ok(analyser.finish())
    })?;
    ensure!(analysis.length > Frames(0), "{} holds no sound", file.display());
    Ok((seconds, said(&analysis)))
}

fn encoded(
    peer: &Peer,
    programme: &Programme,
    codec: &str,
    ending: &str,
    folder: &Path,
) -> Result<PathBuf> {
    let to = folder.join(format!("programme.{ending}"));
    let (from, out) = (programme.file.to_string_lossy(), to.to_string_lossy());
    let quiet = ["-hide_banner", "-nostdin", "-nostats", "-y", "-i", &from];
    peer.run(&[&quiet[..], &["-c:a", codec, &out]].concat())?;
    Ok(to)
}

fn by_librosa(peer: &Peer, programme: &Programme, what: &str) -> Result<Turn> {
    let (seconds, said) = peer.run(&["-c", LIBROSA, &programme.file.to_string_lossy(), what])?;
    let result = said.lines().last().filter(|_| what == "all").unwrap_or_default();
    Ok((seconds, result.to_owned()))
}
