//! A dense song of eight parts, the same for every engine: a standard MIDI file is written, and
//! our performances are read back from its bytes.

use anyhow::Result;
use audio::{Frames, SampleRate};
use clock::{Chance, Seed};
use instruments::{Event, Message, Patch, Performance};

const TICKS_PER_QUARTER: u16 = 480;
const STEP: u32 = TICKS_PER_QUARTER as u32 / 4;
const STEPS_PER_BAR: u32 = 16;
/// 90 bars of 4/4 at 120 a minute: 180 s.
const BARS: u32 = 90;
/// The last notes ring for this long.
const TAIL_BARS: u32 = 2;
const MICROS_PER_QUARTER: u32 = 500_000;
const DRUM_CHANNEL: u8 = 9;
const DRUM_BANK: u16 = 128;
/// Am F C G, as the lowest key of the left hand and the triad above it.
const CHORDS: [(u8, [u8; 3]); 4] =
    [(45, [57, 60, 64]), (41, [57, 60, 65]), (48, [55, 60, 64]), (43, [55, 59, 62])];

/// The song, and the same without a note: what an engine spends before it plays.
pub(super) struct Song {
    pub(super) midi: Vec<u8>,
    pub(super) silence: Vec<u8>,
    pub(super) parts: Vec<Part>,
    pub(super) notes: usize,
    pub(super) length: Frames,
}

/// One part, ready to be rendered.
pub(super) struct Part {
    pub(super) patch: Patch,
    pub(super) performance: Performance,
    notes: usize,
}

/// Who plays: channel, program, volume, pan, and the notes of a bar.
struct Player(u8, u8, u8, u8, fn(u32, &mut Vec<Stroke>));

/// A note within a bar, in sixteenths and keys.
struct Stroke {
    at: u32,
    length: u32,
    key: u8,
    velocity: u8,
}

const BAND: [Player; 8] = [
    Player(DRUM_CHANNEL, 0, 104, 64, drums),
    Player(0, 33, 100, 64, bass),
    Player(1, 0, 88, 50, piano),
    Player(2, 48, 78, 64, strings),
    Player(3, 56, 90, 70, lead),
    Player(4, 25, 84, 90, guitar),
    Player(5, 4, 80, 38, electric_piano),
    Player(6, 61, 84, 76, brass),
];

fn drums(bar: u32, strokes: &mut Vec<Stroke>) {
    let mut hit = |at, key, velocity| strokes.push(Stroke { at, length: 1, key, velocity });
    for at in 0..STEPS_PER_BAR {
        hit(at, 42, if at % 4 == 0 { 96 } else { 64 });
    }
    for at in [0, 6, 8, 11] {
        hit(at, 36, 112);
    }
    for at in [4, 12] {
        hit(at, 38, 110);
    }
    if bar.is_multiple_of(4) {
        hit(0, 49, 105);
    }
    if bar % 8 == 7 {
        for (at, key) in [(12, 50), (13, 48), (14, 45), (15, 41)] {
            hit(at, key, 108);
        }
    }
}

fn bass(bar: u32, strokes: &mut Vec<Stroke>) {
    let (root, _) = chord(bar);
    for at in (0..STEPS_PER_BAR).step_by(2) {
        let key = if at == 14 { root - 5 } else { root - 12 };
        strokes.push(Stroke { at, length: 2, key, velocity: 92 });
    }
}

fn piano(bar: u32, strokes: &mut Vec<Stroke>) {
    let (root, triad) = chord(bar);
    for at in [0, 3, 6, 10, 12] {
        for key in [root, triad[0], triad[1], triad[2]] {
            strokes.push(Stroke { at, length: 2, key, velocity: 78 });
        }
    }
}

fn strings(bar: u32, strokes: &mut Vec<Stroke>) {
    let (root, triad) = chord(bar);
    for key in [root, triad[0], triad[1], triad[2], triad[0] + 12] {
        strokes.push(Stroke { at: 0, length: STEPS_PER_BAR, key, velocity: 72 });
    }
}

fn lead(bar: u32, strokes: &mut Vec<Stroke>) {
    let (_, triad) = chord(bar);
    let tune = [(0, 3, 2), (3, 1, 1), (4, 4, 0), (8, 2, 1), (10, 2, 2), (12, 4, 1)];
    for (at, length, note) in tune {
        strokes.push(Stroke { at, length, key: triad[note] + 12, velocity: 88 });
    }
}

fn guitar(bar: u32, strokes: &mut Vec<Stroke>) {
    let (_, triad) = chord(bar);
    for at in [0, 8] {
        for key in triad {
            strokes.push(Stroke { at, length: 4, key, velocity: 80 });
        }
    }
}

/// Broken chords in sixteenths, each key held until it comes again.
fn electric_piano(bar: u32, strokes: &mut Vec<Stroke>) {
    let (_, triad) = chord(bar);
    for at in 0..STEPS_PER_BAR {
        let step = at % 8;
        let key = triad[step as usize % 3] + 12 * (step / 3) as u8;
        strokes.push(Stroke { at, length: 8, key, velocity: 70 });
    }
}

fn brass(bar: u32, strokes: &mut Vec<Stroke>) {
    let (_, triad) = chord(bar);
    for at in [2, 7, 14] {
        for key in triad {
            strokes.push(Stroke { at, length: 2, key, velocity: 94 });
        }
    }
}

fn chord(bar: u32) -> (u8, [u8; 3]) {
    CHORDS[bar as usize % CHORDS.len()]
}

pub(super) fn song() -> Result<Song> {
    let mut chance = Seed(1).stream("song");
    let tracks: Vec<Vec<u8>> = BAND.iter().map(|player| track(player, &mut chance)).collect();
    let midi = file(&tracks);
    let parts = perform(&score::midi::read(&midi)?);
    Ok(Song {
        notes: parts.iter().map(|part| part.notes).sum(),
        length: frames(end()),
        silence: file(&[]),
        midi,
        parts,
    })
}

fn end() -> u64 {
    u64::from((BARS + TAIL_BARS) * STEPS_PER_BAR * STEP)
}

/// A quarter lasts half a second: at 48 kHz every tick is 50 frames.
fn frames(tick: u64) -> Frames {
    let per_second = u64::from(TICKS_PER_QUARTER) * 1_000_000 / u64::from(MICROS_PER_QUARTER);
    Frames(tick * u64::from(SampleRate::STUDIO.hz()) / per_second)
}

fn perform(file: &score::midi::File) -> Vec<Part> {
    file.tracks.iter().filter_map(part).collect()
}

fn part(track: &score::midi::Track) -> Option<Part> {
    let (_, channel, program) = *track.programs.first()?;
    let event = |tick, message| Event { at: frames(tick), message };
    let mut events = Vec::new();
    for (tick, _, number, value) in &track.controls {
        events.push(event(*tick, Message::Control { number: *number, value: *value }));
    }
    // Ends before beginnings at one frame, so that a repeated key is struck anew.
    for note in &track.notes {
        events.push(event(note.start + note.length, Message::NoteOff { key: note.pitch }));
    }
    for note in &track.notes {
        let message = Message::NoteOn { key: note.pitch, velocity: note.velocity };
        events.push(event(note.start, message));
    }
    Some(Part {
        patch: Patch::Bank { bank: if channel == DRUM_CHANNEL { DRUM_BANK } else { 0 }, program },
        performance: Performance::new(events, frames(end())),
        notes: track.notes.len(),
    })
}

/// A player's track: tick, order within it, and bytes; then brought into order and written.
fn track(player: &Player, chance: &mut Chance) -> Vec<u8> {
    let Player(channel, program, volume, pan, bar_of) = player;
    let mut events: Vec<(u32, u8, Vec<u8>)> = vec![(0, 0, vec![0xc0 | channel, *program])];
    for (number, value) in [(7, *volume), (10, *pan)] {
        events.push((0, 0, vec![0xb0 | channel, number, value]));
    }
    for bar in 0..BARS {
        let start = bar * STEPS_PER_BAR * STEP;
        if *program == 0 && *channel != DRUM_CHANNEL {
            // The pianist's foot: down with the chord, up just before the next.
            events.push((start + STEP / 4, 1, vec![0xb0 | channel, 64, 127]));
            events.push((start + STEPS_PER_BAR * STEP - 1, 1, vec![0xb0 | channel, 64, 0]));
        }
        let mut strokes = Vec::new();
        bar_of(bar, &mut strokes);
        for stroke in strokes {
            let at = start + stroke.at * STEP;
            let velocity = (f64::from(stroke.velocity) * swell(bar) * chance.between(0.9, 1.1))
                .clamp(1.0, 127.0) as u8;
            events.push((at, 3, vec![0x90 | channel, stroke.key, velocity]));
            events.push((at + stroke.length * STEP, 2, vec![0x80 | channel, stroke.key, 64]));
        }
    }
    events.sort_by_key(|(at, order, _)| (*at, *order));
    body(&events)
}

/// Verse, chorus, verse, bridge, chorus: how loud a bar is.
fn swell(bar: u32) -> f64 {
    [0.75, 1.0, 0.75, 0.6, 1.0, 1.0][(bar / 16).min(5) as usize]
}

fn body(events: &[(u32, u8, Vec<u8>)]) -> Vec<u8> {
    let (mut bytes, mut now) = (Vec::new(), 0);
    for (at, _, message) in events {
        quantity(&mut bytes, at - now);
        bytes.extend(message);
        now = *at;
    }
    quantity(&mut bytes, (BARS + TAIL_BARS) * STEPS_PER_BAR * STEP - now);
    bytes.extend([0xff, 0x2f, 0]);
    bytes
}

/// Seven bits a byte, most significant first.
fn quantity(bytes: &mut Vec<u8>, value: u32) {
    for group in (1..4).rev().filter(|group| value >> (7 * group) > 0) {
        bytes.push((value >> (7 * group)) as u8 | 0x80);
    }
    bytes.push(value as u8 & 0x7f);
}

/// Format 1: a track of tempo, then the players'.
fn file(tracks: &[Vec<u8>]) -> Vec<u8> {
    let mut conductor = vec![0, 0xff, 0x51, 3];
    conductor.extend(&MICROS_PER_QUARTER.to_be_bytes()[1..]);
    conductor.extend(body(&[]));
    let mut bytes = b"MThd\0\0\0\x06\0\x01".to_vec();
    bytes.extend((tracks.len() as u16 + 1).to_be_bytes());
    bytes.extend(TICKS_PER_QUARTER.to_be_bytes());
    for track in std::iter::once(&conductor).chain(tracks) {
        bytes.extend(b"MTrk");
        bytes.extend((track.len() as u32).to_be_bytes());
        bytes.extend(track);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::song;

    #[test]
    fn the_song_is_dense_and_reads_back_whole() {
        let song = song().unwrap();
        assert_eq!(song.parts.len(), 8);
        assert!((8_000..11_000).contains(&song.notes), "{}", song.notes);
        let file = score::midi::read(&song.midi).unwrap();
        assert!(file.tracks.iter().all(|track| track.unclosed == 0));
        assert!(score::midi::read(&song.silence).unwrap().tracks.len() == 1);
    }
}
