//! From a score to stems: every part played by its instrument, in parallel, delivered in order.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use audio::{Buffer, Decibels, Frames, Layout, SampleRate};
use clock::Seed;
use fault::{Cancel, Progress};
use instruments::{Bank, Event, Kernel, Message, Patch, Performance, Setting};
use score::{Part, Role, Score};

use crate::Error;
use crate::genre::Genre;

/// How to render.
#[derive(Debug, Clone, Copy)]
pub struct Rendering {
    /// Frames per second.
    pub rate: SampleRate,
    /// Where small differences come from.
    pub seed: Seed,
    /// Code path; the sound is the same.
    pub kernel: Kernel,
    /// Threads that play; the sound is the same.
    pub threads: usize,
    /// Frames of every stem, tails included.
    pub length: Frames,
}

/// Plays every part and hands `shape`d stems to `take` in the order of the score. `shape` runs
/// on the playing threads, `take` on this one; at most `threads` + 1 stems exist at once.
pub fn play(
    score: &Score,
    genre: &Genre,
    rendering: Rendering,
    progress: &dyn Progress,
    cancel: &Cancel,
    shape: &(dyn Fn(&Part, &mut Buffer) -> Result<Decibels, Error> + Sync),
    take: &mut dyn FnMut(&Part, &Shaped),
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    let turn = Turn::default();
    let spent = Spent::default();
    std::thread::scope(|scope| {
        // No queue: a stem that is done waits in its thread for its turn.
        let (out, stems) = sync_channel(0);
        for _ in 0..rendering.threads.max(1) {
            let (out, next, turn, spent) = (out.clone(), &next, &turn, &spent);
            scope.spawn(move || {
                let render = |part: &Part| {
                    let mut stem = spent.take(rendering.rate);
                    render_part(&mut stem, score, part, genre, rendering, cancel)?;
                    let gain = shape(part, &mut stem)?;
                    Ok(Shaped { stem, gain })
                };
                work(&score.parts, next, turn, &out, &render);
            });
        }
        drop(out);
        collect(&score.parts, &stems, &spent, progress, take)
    })
}

/// Stems that were taken: their memory is played into again.
#[derive(Default)]
struct Spent(Mutex<Vec<Buffer>>);

impl Spent {
    fn take(&self, rate: SampleRate) -> Buffer {
        let stem = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        stem.unwrap_or_else(|| Buffer::silent(rate, Layout::Stereo, Frames(0)))
    }

    fn put(&self, stem: Buffer) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(stem);
    }
}

/// Which part may be delivered next.
#[derive(Default)]
struct Turn {
    at: Mutex<usize>,
    changed: std::sync::Condvar,
}

impl Turn {
    fn wait_for(&self, index: usize) {
        let mut at = self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        while *at < index {
            at = self.changed.wait(at).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    fn pass(&self, index: usize) {
        *self.at.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = index + 1;
        self.changed.notify_all();
    }
}

/// A stem as it is delivered, and the gain that brought it to its level.
#[derive(Debug)]
pub struct Shaped {
    /// The sound.
    pub stem: Buffer,
    /// What the channel's level was worth.
    pub gain: Decibels,
}

type Outcome = (usize, Result<Shaped, Error>);

fn work(
    parts: &[Part],
    next: &AtomicUsize,
    turn: &Turn,
    out: &SyncSender<Outcome>,
    render: &dyn Fn(&Part) -> Result<Shaped, Error>,
) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(part) = parts.get(index) else { return };
        let outcome = render(part);
        let failed = outcome.is_err();
        turn.wait_for(index);
        let heard = out.send((index, outcome)).is_ok();
        turn.pass(index);
        if failed || !heard {
            return;
        }
    }
}

fn collect(
    parts: &[Part],
    stems: &Receiver<Outcome>,
    spent: &Spent,
    progress: &dyn Progress,
    take: &mut dyn FnMut(&Part, &Shaped),
) -> Result<(), Error> {
    let mut first_error = None;
    for (index, outcome) in stems {
        match outcome {
            Ok(shaped) if first_error.is_none() => {
                take(&parts[index], &shaped);
                spent.put(shaped.stem);
                progress.advance((index + 1) as f64 / parts.len() as f64);
            }
            Ok(_) => {}
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    first_error.map_or(Ok(()), Err)
}

fn render_part(
    stem: &mut Buffer,
    score: &Score,
    part: &Part,
    genre: &Genre,
    rendering: Rendering,
    cancel: &Cancel,
) -> Result<(), Error> {
    let performance = performance(score, part, rendering.rate, rendering.length);
    let patch = patch_of(part, genre);
    let setting = Setting {
        rate: rendering.rate,
        seed: rendering.seed.child(&part.name),
        kernel: rendering.kernel,
    };
    instruments::render_into(stem, &performance, &patch, Bank::embedded(), setting, cancel)
        .map_err(Error::instrument(&part.name))
}

/// What plays a part: the genre's own patch, else the bank's program or kit.
fn patch_of(part: &Part, genre: &Genre) -> Patch {
    const KITS: u16 = 128;
    let own = part.sound.patch.as_ref().and_then(|name| genre.patches.get(name));
    own.cloned().unwrap_or_else(|| Patch::Bank {
        bank: if matches!(part.role, Role::Drums | Role::Percussion) { KITS } else { 0 },
        program: part.sound.program.number(),
    })
}

/// A part in frames: the same ticks and tempo as the MIDI file. Volume (7) is left out: levels are
/// the mix's.
pub(crate) fn performance(
    score: &Score,
    part: &Part,
    rate: SampleRate,
    length: Frames,
) -> Performance {
    const VOLUME: u8 = 7;
    let frame = |at: score::Ticks| rate.frames(score.tempo.seconds(at));
    let mut events = Vec::with_capacity(part.notes.len() * 2 + part.controls.len());
    for control in part.controls.iter().filter(|control| control.number != VOLUME) {
        let message = Message::Control { number: control.number, value: control.value };
        events.push(Event { at: frame(control.at), message });
    }
    // Ends before beginnings at one frame, so that a repeated key is struck anew.
    for note in &part.notes {
        let message = Message::NoteOff { key: note.pitch.number() };
        events.push(Event { at: frame(note.end()), message });
    }
    for note in &part.notes {
        let message = Message::NoteOn { key: note.pitch.number(), velocity: note.velocity.value() };
        events.push(Event { at: frame(note.start), message });
    }
    Performance::new(events, length)
}

/// When the kick drum is struck, in order.
pub(crate) fn kicks(score: &Score, rate: SampleRate) -> Vec<Frames> {
    const KICKS: [u8; 2] = [35, 36];
    let mut frames = BTreeSet::new();
    for part in score.parts.iter().filter(|part| part.role == Role::Drums) {
        for note in part.notes.iter().filter(|note| KICKS.contains(&note.pitch.number())) {
            frames.insert(rate.frames(score.tempo.seconds(note.start)));
        }
    }
    frames.into_iter().collect()
}
