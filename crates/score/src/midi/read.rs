use std::collections::BTreeMap;

use midly::{MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};

use crate::Error;

/// Files larger than this are refused: the largest orchestral files are a tenth of it.
const MAX_BYTES: usize = 16 << 20;

/// What a MIDI file says, in its own ticks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct File {
    /// 0, 1 or 2.
    pub format: u8,
    /// Ticks of a quarter note; none when the file counts in film frames.
    pub ticks_per_quarter: Option<u16>,
    /// In the order of the file.
    pub tracks: Vec<Track>,
    /// Tempo changes: tick and microseconds to a quarter, ascending.
    pub tempos: Vec<(u64, u32)>,
    /// Metres: tick, numerator, denominator.
    pub meters: Vec<(u64, u8, u8)>,
    /// Key signatures: tick, sharps (negative: flats), minor.
    pub keys: Vec<(u64, i8, bool)>,
    /// Markers: tick and text.
    pub markers: Vec<(u64, String)>,
}

/// One track of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Track {
    /// Its name; empty when it has none.
    pub name: String,
    /// By start, then channel and key.
    pub notes: Vec<TrackNote>,
    /// Program changes: tick, channel, program.
    pub programs: Vec<(u64, u8, u8)>,
    /// Controllers: tick, channel, number, value.
    pub controls: Vec<(u64, u8, u8, u8)>,
    /// The tick of its end.
    pub end: u64,
    /// Notes that were never released; they are closed at the end of the track.
    pub unclosed: usize,
}

/// A note in the ticks of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrackNote {
    /// When it begins.
    pub start: u64,
    /// 0 to 15.
    pub channel: u8,
    /// 0 to 127.
    pub pitch: u8,
    /// How long it is held.
    pub length: u64,
    /// 1 to 127.
    pub velocity: u8,
}

/// Reads a standard MIDI file of any format.
///
/// # Errors
/// [`Error::Midi`] when the bytes are no MIDI file, are cut short, or exceed 16 MB.
pub fn read(bytes: &[u8]) -> Result<File, Error> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::Midi(format!("larger than {} MB", MAX_BYTES >> 20)));
    }
    let smf = parse(bytes)?;
    let mut file = File {
        format: match smf.header.format {
            midly::Format::SingleTrack => 0,
            midly::Format::Parallel => 1,
            midly::Format::Sequential => 2,
        },
        ticks_per_quarter: match smf.header.timing {
            Timing::Metrical(ticks) => Some(ticks.as_int()),
            Timing::Timecode(..) => None,
        },
        ..File::default()
    };
    for events in &smf.tracks {
        let track = read_track(events, &mut file);
        file.tracks.push(track);
    }
    file.tempos.sort_by_key(|tempo| tempo.0);
    Ok(file)
}

/// The parser we depend on, fenced: with overflow checks it panics on some damaged headers
/// (`docs/decisions/0003`).
fn parse(bytes: &[u8]) -> Result<Smf<'_>, Error> {
    match std::panic::catch_unwind(|| Smf::parse(bytes)) {
        Ok(parsed) => parsed.map_err(|error| Error::Midi(error.to_string())),
        Err(_) => Err(Error::Midi("its parser failed".to_owned())),
    }
}

/// Notes that sound: by channel and key, when each was struck and how hard, oldest first.
type Sounding = BTreeMap<(u8, u8), Vec<(u64, u8)>>;

fn read_track(events: &[midly::TrackEvent<'_>], file: &mut File) -> Track {
    let mut track = Track::default();
    let mut sounding = Sounding::new();
    let mut now: u64 = 0;
    for event in events {
        now += u64::from(event.delta.as_int());
        match event.kind {
            TrackEventKind::Midi { channel, message } => {
                message_at(now, channel.as_int(), message, &mut track, &mut sounding);
            }
            TrackEventKind::Meta(message) => meta_at(now, &message, &mut track, file),
            TrackEventKind::SysEx(_) | TrackEventKind::Escape(_) => {}
        }
    }
    track.end = now;
    for ((channel, pitch), struck) in sounding {
        track.unclosed += struck.len();
        for (start, velocity) in struck {
            track.notes.push(TrackNote { start, channel, pitch, length: now - start, velocity });
        }
    }
    track.notes.sort_unstable();
    track
}

fn message_at(at: u64, channel: u8, message: MidiMessage, track: &mut Track, on: &mut Sounding) {
    match message {
        MidiMessage::NoteOn { key, vel } if vel.as_int() > 0 => {
            on.entry((channel, key.as_int())).or_default().push((at, vel.as_int()));
        }
        MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
            let pitch = key.as_int();
            let Some(struck) = on.get_mut(&(channel, pitch)).filter(|s| !s.is_empty()) else {
                return;
            };
            let (start, velocity) = struck.remove(0);
            track.notes.push(TrackNote { start, channel, pitch, length: at - start, velocity });
        }
        MidiMessage::ProgramChange { program } => {
            track.programs.push((at, channel, program.as_int()));
        }
        MidiMessage::Controller { controller, value } => {
            track.controls.push((at, channel, controller.as_int(), value.as_int()));
        }
        _ => {}
    }
}

fn meta_at(at: u64, message: &MetaMessage<'_>, track: &mut Track, file: &mut File) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match message {
        MetaMessage::TrackName(name) => track.name = text(name),
        MetaMessage::Tempo(micros) => file.tempos.push((at, micros.as_int())),
        MetaMessage::TimeSignature(upper, power, _, _) => {
            file.meters.push((at, *upper, 1_u8.checked_shl(u32::from(*power)).unwrap_or(0)));
        }
        MetaMessage::KeySignature(sharps, minor) => file.keys.push((at, *sharps, *minor)),
        MetaMessage::Marker(name) => file.markers.push((at, text(name))),
        _ => {}
    }
}
