use audio::{Buffer, Frames, Layout, SampleRate};
use clock::Seed;
use fault::Cancel;

use crate::sampler::{BLOCK, Kernel, Sampler};
use crate::soundfont::Bank;
use crate::{Error, Message, Patch, Performance, drums, synth};

/// How to render, whatever is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Frames per second of the stem.
    pub rate: SampleRate,
    /// Where chance comes from: noise, start phases, small differences between hits. The sampler
    /// draws none.
    pub seed: Seed,
    /// Which code path to take. The sound is the same.
    pub kernel: Kernel,
}

/// The longest stem: one hour at 192 kHz. Longer ones are cut into parts by the caller.
const MAX_FRAMES: u64 = 3_600 * 192_000;

/// Plays a performance on a patch: one dry stereo stem of exactly `performance.length` frames.
///
/// Fails as [`render_into`].
pub fn render(
    performance: &Performance,
    patch: &Patch,
    bank: &Bank,
    setting: Setting,
    cancel: &Cancel,
) -> Result<Buffer, Error> {
    let mut stem = Buffer::silent(setting.rate, Layout::Stereo, Frames(0));
    render_into(&mut stem, performance, patch, bank, setting, cancel)?;
    Ok(stem)
}

/// As [`render`], in the memory of a stem that is no longer wanted: a fresh one costs the system
/// a fault for each page.
///
/// Fails if the bank lacks the program, a sample cannot be decoded, a patch parameter is out of
/// range, a drum machine has no sound on a key, or `cancel` is raised.
pub fn render_into(
    stem: &mut Buffer,
    performance: &Performance,
    patch: &Patch,
    bank: &Bank,
    setting: Setting,
    cancel: &Cancel,
) -> Result<(), Error> {
    crate::error::in_range("length", performance.length.0 as f64, 0.0, MAX_FRAMES as f64)?;
    // The last block is whole too, so that a stem does not depend on where it is cut.
    let whole = performance.length + Frames(BLOCK as u64);
    stem.silence(setting.rate, Layout::Stereo, whole);
    let rate = setting.rate.hz_f64() as f32;
    match patch {
        Patch::Bank { bank: number, program } => {
            let regions = bank.regions(*number, *program)?;
            let sampler = Sampler::new(bank, &regions, rate, setting.kernel);
            play(performance, Instrument::Sampler(sampler), stem, cancel)?;
        }
        Patch::Synth(synth) => {
            let player = synth::Player::new(synth, rate, setting.seed)?;
            play(performance, Instrument::Synth(player), stem, cancel)?;
        }
        Patch::Drums(machine) => {
            let player = drums::Player::new(machine, rate, setting.seed)?;
            play(performance, Instrument::Drums(player), stem, cancel)?;
        }
    }
    stem.resize(performance.length);
    Ok(())
}

/// Something that takes messages and makes sound, block by block.
enum Instrument<'a> {
    Sampler(Sampler<'a>),
    Synth(synth::Player<'a>),
    Drums(drums::Player<'a>),
}

impl Instrument<'_> {
    fn take(&mut self, message: Message) -> Result<(), Error> {
        match self {
            Instrument::Sampler(sampler) => sampler.take(message),
            Instrument::Synth(player) => {
                player.take(message);
                Ok(())
            }
            Instrument::Drums(player) => player.take(message),
        }
    }

    fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        match self {
            Instrument::Sampler(sampler) => sampler.render(left, right),
            Instrument::Synth(player) => player.render(left, right),
            Instrument::Drums(player) => player.render(left, right),
        }
    }
}

/// Drives an instrument through a performance. Blocks end where events fall, so that every event
/// acts on its own frame.
fn play(
    performance: &Performance,
    mut instrument: Instrument<'_>,
    stem: &mut Buffer,
    cancel: &Cancel,
) -> Result<(), Error> {
    let Some((left, right)) = stem.stereo_mut() else { return Ok(()) };
    let mut events = performance.events.iter().peekable();
    let (mut at, length) = (0, performance.length.index());
    while at < length {
        cancel.check()?;
        while let Some(event) = events.next_if(|event| event.at <= Frames(at as u64)) {
            instrument.take(event.message)?;
        }
        let next = events.peek().map_or(u64::MAX, |event| event.at.0);
        let end = next.min((at + BLOCK) as u64) as usize;
        instrument.render(&mut left[at..end], &mut right[at..end]);
        at = end;
    }
    Ok(())
}
