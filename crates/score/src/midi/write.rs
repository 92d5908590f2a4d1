use std::collections::BTreeMap;

use crate::{Control, Note, Part, Role, Score, Ticks};

const DRUM_CHANNEL: u8 = 9;

/// An event of a track: when, in which order at the same tick, and its bytes after the delta.
struct Event {
    at: Ticks,
    order: u8,
    bytes: Vec<u8>,
}

/// Order of events at one tick: settings, then ends of notes, then their beginnings.
const SETTING: u8 = 0;
const NOTE_OFF: u8 = 1;
const NOTE_ON: u8 = 2;

/// The score as a standard MIDI file: format 1, 960 ticks a quarter, no running status. Track 0
/// holds tempo, metre, key and section markers; each part has a track that opens with its name,
/// bank, program and levels. Every track ends exactly at the last bar line, every note is closed
/// by then, and no key of a channel is struck while it is held.
pub fn write(score: &Score) -> Vec<u8> {
    let parts = playable(score);
    let mut bytes = Vec::new();
    bytes.extend_from_slice(b"MThd\0\0\0\x06\0\x01");
    bytes.extend_from_slice(&(parts.len() as u16 + 1).to_be_bytes());
    bytes.extend_from_slice(&(crate::PPQ as u16).to_be_bytes());
    chunk(&mut bytes, conductor(score), score.end);
    for (part, notes) in parts {
        chunk(&mut bytes, part_events(part, &notes, score.end), score.end);
    }
    bytes
}

/// Parts with notes that no player can trip over: within the song, and no key of a channel
/// struck again before it is released. The earlier of two clashing notes gives way.
fn playable(score: &Score) -> Vec<(&Part, Vec<Note>)> {
    let mut by_key: BTreeMap<(u8, u8), Vec<(usize, Note)>> = BTreeMap::new();
    for (index, part) in score.parts.iter().enumerate() {
        for note in part.notes.iter().filter(|note| note.start < score.end) {
            let mut note = *note;
            note.length = Ticks(note.length.0.max(1)).min(score.end - note.start);
            by_key.entry((part.channel, note.pitch.number())).or_default().push((index, note));
        }
    }
    let mut notes: Vec<Vec<Note>> = score.parts.iter().map(|_| Vec::new()).collect();
    for held in by_key.values_mut() {
        held.sort_by_key(|(index, note)| (note.start, *index));
        held.dedup_by(|later, earlier| later.1.start == earlier.1.start);
        for at in 0..held.len() {
            let (index, mut note) = held[at];
            if let Some((_, next)) = held.get(at + 1) {
                note.length = note.length.min(next.start - note.start);
            }
            notes[index].push(note);
        }
    }
    for part in &mut notes {
        part.sort_by_key(|note| (note.start, note.pitch));
    }
    score.parts.iter().zip(notes).collect()
}

fn conductor(score: &Score) -> Vec<Event> {
    let mut events = vec![meta(Ticks::ZERO, 0x03, score.title.as_bytes())];
    let meter = score.meter;
    let power = if meter.denominator() == 8 { 3 } else { 2 };
    let clicks = if meter.is_compound() { 36 } else { 24 };
    events.push(meta(Ticks::ZERO, 0x58, &[meter.numerator(), power, clicks, 8]));
    let minor = u8::from(score.key.mode.is_minor());
    events.push(meta(Ticks::ZERO, 0x59, &[score.key.signature() as u8, minor]));
    for (at, tempo) in score.tempo.changes().iter().filter(|change| change.0 < score.end) {
        events.push(meta(*at, 0x51, &tempo.micros().to_be_bytes()[1..]));
    }
    for section in &score.sections {
        let at = meter.bar() * u64::from(section.start_bar);
        events.push(meta(at, 0x06, section.label.as_bytes()));
    }
    events
}

fn part_events(part: &Part, notes: &[Note], end: Ticks) -> Vec<Event> {
    let mut events = vec![meta(Ticks::ZERO, 0x03, part.name.as_bytes())];
    let channel = part.channel & 0x0f;
    for (number, value) in [(0, 0), (32, 0)] {
        events.push(control(channel, Control { at: Ticks::ZERO, number, value }));
    }
    events.push(Event {
        at: Ticks::ZERO,
        order: SETTING,
        bytes: vec![0xc0 | channel, part.sound.program.number()],
    });
    for opening in opening_controls(part) {
        events.push(control(channel, opening));
    }
    for change in part.controls.iter().filter(|change| change.at <= end) {
        events.push(control(channel, *change));
    }
    for note in notes {
        let key = note.pitch.number();
        let on = vec![0x90 | channel, key, note.velocity.value()];
        events.push(Event { at: note.start, order: NOTE_ON, bytes: on });
        let off = vec![0x80 | channel, key, 64];
        events.push(Event { at: note.end(), order: NOTE_OFF, bytes: off });
    }
    if part.controls.iter().any(|change| change.number == 64) {
        events.push(control(channel, Control { at: end, number: 64, value: 0 }));
    }
    events
}

/// Volume, pan, expression, reverb and chorus at tick 0, where the part does not say otherwise.
fn opening_controls(part: &Part) -> Vec<Control> {
    let (volume, reverb, chorus) = match part.role {
        Role::Drums | Role::Percussion => (104, 24, 0),
        Role::Bass => (100, 8, 0),
        Role::Chords | Role::Arp => (88, 40, 16),
        Role::Pad => (78, 60, 30),
        Role::Melody => (102, 44, 8),
        Role::Counter => (86, 50, 12),
    };
    let said = |number: u8| part.controls.iter().any(|c| c.at == Ticks::ZERO && c.number == number);
    [(7, volume), (10, 64), (11, 127), (91, reverb), (93, chorus)]
        .into_iter()
        .filter(|(number, _)| !said(*number))
        .map(|(number, value)| Control { at: Ticks::ZERO, number, value })
        .collect()
}

fn control(channel: u8, change: Control) -> Event {
    let bytes = vec![0xb0 | channel, change.number & 0x7f, change.value & 0x7f];
    Event { at: change.at, order: SETTING, bytes }
}

fn meta(at: Ticks, kind: u8, data: &[u8]) -> Event {
    let mut bytes = vec![0xff, kind];
    variable(&mut bytes, data.len() as u64);
    bytes.extend_from_slice(data);
    Event { at, order: SETTING, bytes }
}

fn chunk(out: &mut Vec<u8>, mut events: Vec<Event>, end: Ticks) {
    events.sort_by_key(|event| (event.at, event.order));
    let mut body = Vec::new();
    let mut now = Ticks::ZERO;
    for event in &events {
        variable(&mut body, (event.at - now).0);
        body.extend_from_slice(&event.bytes);
        now = event.at;
    }
    variable(&mut body, (end - now).0);
    body.extend_from_slice(&[0xff, 0x2f, 0]);
    out.extend_from_slice(b"MTrk");
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&body);
}

/// A variable-length quantity: seven bits a byte, most significant first.
fn variable(out: &mut Vec<u8>, value: u64) {
    let groups = (64 - value.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        out.push(((value >> (7 * group)) & 0x7f) as u8 | more);
    }
}

/// The channel of the nth part that is not drums: 0 to 8, 10 to 15; none beyond.
pub fn melodic_channel(index: usize) -> Option<u8> {
    let channel = if index < usize::from(DRUM_CHANNEL) { index } else { index + 1 };
    u8::try_from(channel).ok().filter(|channel| *channel < 16)
}
