//! Plays a preset of a [`Bank`] as SoundFont 2.04 section 9 describes, dry and in stereo.

mod channel;
mod eight;
mod envelope;
mod filter;
mod kernel;
mod mix;
mod oscillation;
mod reader;
mod sinc;
mod voice;

pub(crate) use channel::{BRIGHTNESS, Channel, SUSTAIN};
pub use kernel::Kernel;
pub(crate) use reader::BLOCK;

use channel::SOSTENUTO;
use filter::{LANES, Lane};
use reader::WINDOW;
use voice::{Start, Voice};

use crate::soundfont::{Bank, Region};
use crate::{Error, Message};

/// The most voices that sound at once. Beyond it the quietest is cut, released ones first.
const POLYPHONY: usize = 256;
/// Voices that may still be fading beyond [`POLYPHONY`]; a note that finds none free is dropped.
const FADING: usize = 64;

/// One preset being played.
pub(crate) struct Sampler<'a> {
    bank: &'a Bank,
    regions: &'a [Region],
    rate: f32,
    avx2: bool,
    channel: Channel,
    voices: Vec<Voice<'a>>,
    notes: u64,
    waves: Vec<[f32; BLOCK]>,
    window: Box<[f32; WINDOW]>,
    lanes: Vec<Lane>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(bank: &'a Bank, regions: &'a [Region], rate: f32, kernel: Kernel) -> Self {
        Self {
            bank,
            regions,
            rate,
            avx2: kernel.uses_avx2(),
            channel: Channel::default(),
            voices: Vec::with_capacity(POLYPHONY + FADING),
            notes: 0,
            waves: vec![[0.0; BLOCK]; POLYPHONY + FADING],
            window: Box::new([0.0; WINDOW]),
            lanes: Vec::with_capacity(POLYPHONY + FADING),
        }
    }

    /// Acts on a message. Fails if a note needs a sample that cannot be decoded.
    pub(crate) fn take(&mut self, message: Message) -> Result<(), Error> {
        match message {
            Message::NoteOn { key, velocity: 0 } | Message::NoteOff { key } => {
                self.note_off(key.min(127));
            }
            Message::NoteOn { key, velocity } => {
                self.note_on(key.min(127), velocity.min(127))?;
            }
            other => {
                self.channel.take(other);
                self.mode(other);
                for voice in &mut self.voices {
                    voice.listen(&self.channel);
                }
            }
        }
        Ok(())
    }

    fn note_on(&mut self, key: u8, velocity: u8) -> Result<(), Error> {
        self.notes += 1;
        // A key struck again lets its earlier note go.
        for voice in self.voices.iter_mut().filter(|v| v.key == key) {
            voice.release();
        }
        let regions = self.regions;
        for region in regions {
            if region.keys.contains(key) && region.velocities.contains(velocity) {
                self.start(region, key, velocity)?;
            }
        }
        Ok(())
    }

    fn start(&mut self, region: &'a Region, key: u8, velocity: u8) -> Result<(), Error> {
        let (sample, frames) = self.bank.sample(region.sample)?;
        let voice = Voice::new(&Start {
            region,
            sample,
            frames,
            channel: &self.channel,
            key,
            velocity,
            note: self.notes,
            rate: self.rate,
        });
        let class = voice.exclusive_class();
        if class != 0 {
            let rivals = self.voices.iter_mut();
            for rival in rivals.filter(|v| v.exclusive_class() == class && v.note != self.notes) {
                rival.cut();
            }
        }
        if self.make_room() {
            self.voices.push(voice);
        }
        Ok(())
    }

    /// Cuts a voice if all are sounding. Whether there is room for another at once.
    fn make_room(&mut self) -> bool {
        let sounding = self.voices.iter().filter(|v| !v.is_cut()).count();
        if sounding >= POLYPHONY {
            let notes = self.notes;
            let quietest =
                self.voices.iter_mut().filter(|v| !v.is_cut() && v.note != notes).min_by(|a, b| {
                    let released = b.pedals.released.cmp(&a.pedals.released);
                    released.then(a.loudness().total_cmp(&b.loudness()))
                });
            if let Some(voice) = quietest {
                voice.cut();
            }
        }
        self.voices.len() < POLYPHONY + FADING
    }

    fn note_off(&mut self, key: u8) {
        let sustained = self.channel.pedal(SUSTAIN);
        for voice in self.voices.iter_mut().filter(|v| v.key == key) {
            voice.pedals.key_up = true;
            if !sustained && !voice.pedals.sostenuto {
                voice.release();
            }
        }
    }

    /// Pedals and channel mode messages.
    fn mode(&mut self, message: Message) {
        let Message::Control { number, .. } = message else { return };
        match number {
            SUSTAIN => self.lift_pedals(),
            SOSTENUTO if self.channel.pedal(SOSTENUTO) => {
                for voice in &mut self.voices {
                    voice.pedals.sostenuto |= !voice.pedals.key_up;
                }
            }
            SOSTENUTO => {
                for voice in &mut self.voices {
                    voice.pedals.sostenuto = false;
                }
                self.lift_pedals();
            }
            120 => self.voices.iter_mut().for_each(Voice::cut),
            121 => self.lift_pedals(),
            123..=127 => {
                for key in 0..128 {
                    self.note_off(key);
                }
            }
            _ => {}
        }
    }

    /// Releases what only a pedal held.
    fn lift_pedals(&mut self) {
        let sustained = self.channel.pedal(SUSTAIN);
        let sostenuto = self.channel.pedal(SOSTENUTO);
        for voice in &mut self.voices {
            let held = sustained || (sostenuto && voice.pedals.sostenuto);
            if voice.pedals.key_up && !held {
                voice.release();
            }
        }
    }

    /// Adds the next block, at most [`BLOCK`] frames, to both sides.
    pub(crate) fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        let length = left.len();
        self.lanes.clear();
        for (index, voice) in self.voices.iter_mut().enumerate() {
            let wave = &mut self.waves[index][..length];
            match voice.next(self.avx2, &mut self.window, wave) {
                Some(lane) => self.lanes.push(Lane { voice: index, ..lane }),
                None => mix::mix(self.avx2, voice.points(), wave, left, right),
            }
        }
        for batch in self.lanes.chunks_mut(LANES) {
            filter::batch(self.avx2, batch, &self.waves, left, right);
        }
        for lane in &self.lanes {
            self.voices[lane.voice].filtered(lane.memory);
        }
        self.voices.retain(|voice| !voice.is_over());
    }
}
