//! How the tests play and measure.

use audio::{Buffer, Frames, SampleRate};
use clock::Seed;
use fault::Cancel;
use instruments::{Bank, Event, Kernel, Message, Patch, Performance, Setting};

pub(crate) const RATE: u64 = 48_000;

pub(crate) fn setting(kernel: Kernel) -> Setting {
    Setting { rate: SampleRate::STUDIO, seed: Seed(1), kernel }
}

pub(crate) fn stem(performance: &Performance, patch: &Patch, bank: &Bank) -> Buffer {
    instruments::render(performance, patch, bank, setting(Kernel::Detect), &Cancel::new()).unwrap()
}

/// A chord held for `held` seconds in a stem of `seconds`.
pub(crate) fn chord(keys: &[u8], velocity: u8, held: f64, seconds: f64) -> Performance {
    let frames = |seconds: f64| Frames((seconds * RATE as f64) as u64);
    let mut events = Vec::new();
    for key in keys {
        let on = Message::NoteOn { key: *key, velocity };
        events.push(Event { at: Frames(0), message: on });
        events.push(Event { at: frames(held), message: Message::NoteOff { key: *key } });
    }
    Performance::new(events, frames(seconds))
}

/// Root mean square of both channels over some frames, in dB; minus infinity for silence.
pub(crate) fn level(buffer: &Buffer, from: usize, to: usize) -> f64 {
    let energy: f64 = (0..2).map(|channel| energy(&buffer.plane(channel)[from..to])).sum();
    10.0 * libm::log10(energy / (to - from) as f64)
}

/// The sum of squares.
pub(crate) fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|s| f64::from(*s) * f64::from(*s)).sum()
}

/// Where a tone crosses zero upwards, in samples.
fn crossings(samples: &[f32]) -> Vec<f64> {
    samples
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| pair[0] < 0.0 && pair[1] >= 0.0)
        .map(|(n, pair)| n as f64 + f64::from(pair[0] / (pair[0] - pair[1])))
        .collect()
}

/// The periods of a tone as the samples of their middle and their length.
pub(crate) fn periods(samples: &[f32]) -> Vec<(f64, f64)> {
    crossings(samples).windows(2).map(|p| ((p[0] + p[1]) / 2.0, p[1] - p[0])).collect()
}

/// The frequency of a tone in Hz, from its rising zero crossings.
pub(crate) fn frequency(samples: &[f32]) -> f64 {
    let crossings = crossings(samples);
    let (first, last) = (crossings[0], crossings[crossings.len() - 1]);
    (crossings.len() - 1) as f64 * RATE as f64 / (last - first)
}
