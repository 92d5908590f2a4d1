use audio::dsp::{Echo, EchoSettings, Reverb, Room};
use audio::{Buffer, Decibels, Frames, Layout, SampleRate};

use crate::mix::channel::fade_out;
use crate::mix::{MixTable, Strip};

/// What comes back from the sends; stems of their own.
#[derive(Debug, Clone)]
pub struct Returns {
    /// The room.
    pub room: Buffer,
    /// The echo.
    pub echo: Buffer,
}

/// The summing desk: stems arrive in the order of the score and are added sample by sample, so
/// the mix is the same whoever rendered them first.
#[derive(Debug)]
pub struct Console {
    table: MixTable,
    quarter_s: f64,
    sum: Buffer,
    to_room: Buffer,
    to_echo: Buffer,
}

impl Console {
    /// An empty desk. `quarter_s` is the length of a quarter note at the song's first tempo.
    pub fn new(table: &MixTable, quarter_s: f64, rate: SampleRate, length: Frames) -> Self {
        let silence = || Buffer::silent(rate, Layout::Stereo, length);
        Self {
            table: table.clone(),
            quarter_s,
            sum: silence(),
            to_room: silence(),
            to_echo: silence(),
        }
    }

    /// Adds a stem as it came out of its [`Channel`](crate::mix::Channel).
    pub fn add(&mut self, stem: &Buffer, strip: &Strip) {
        add(&mut self.sum, stem, 1.0);
        let level = |db: f64| Decibels(db).amplitude() as f32;
        if let Some(db) = strip.room_db {
            add(&mut self.to_room, stem, level(db));
        }
        if let Some(db) = strip.echo_db {
            add(&mut self.to_echo, stem, level(db));
        }
    }

    /// Runs the sends and adds what comes back, the room last: the mix, and the returns it holds.
    pub fn finish(self) -> (Buffer, Returns) {
        let Self { table, quarter_s, mut sum, mut to_room, mut to_echo } = self;
        let rate = sum.rate();
        let echo = EchoSettings {
            interval: rate.frames(quarter_s * table.echo.beats),
            feedback: table.echo.feedback,
            low_pass_hz: table.echo.low_pass_hz,
            high_pass_hz: table.echo.high_pass_hz,
        };
        let room = Room {
            decay_s: table.room.decay_s,
            damping_hz: table.room.damping_hz,
            pre_delay_s: table.room.pre_delay_ms / 1_000.0,
            low_cut_hz: table.room.low_cut_hz,
        };
        // Neither hears the other.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                if let Some((left, right)) = to_echo.stereo_mut() {
                    Echo::new(rate, echo).process(left, right);
                }
                fade_out(&mut to_echo);
            });
            if let Some((left, right)) = to_room.stereo_mut() {
                Reverb::new(rate, room).process(left, right);
            }
            fade_out(&mut to_room);
        });
        add(&mut sum, &to_echo, 1.0);
        add(&mut sum, &to_room, 1.0);
        (sum, Returns { room: to_room, echo: to_echo })
    }
}

fn add(into: &mut Buffer, from: &Buffer, gain: f32) {
    for (into, from) in into.planes_mut().zip(from.planes()) {
        for (into, from) in into.iter_mut().zip(from) {
            *into += gain * from;
        }
    }
}
