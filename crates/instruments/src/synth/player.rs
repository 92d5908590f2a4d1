use clock::{Chance, Seed};

use super::ensemble::Ensemble;
use super::ladder::{LANES, Ladders};
use super::voice::{Hand, SEGMENT, Voice};
use super::{SynthPatch, wavetable};
use crate::exponent::attenuated;
use crate::sampler::{BLOCK, BRIGHTNESS, Channel, SUSTAIN};
use crate::strip::Strip;
use crate::{Error, Message};

/// The most notes at once; beyond it the quietest is cut.
const POLYPHONY: usize = 32;
/// Level of a full oscillator at full velocity: leaves room for chords, and for volume's default.
const HEADROOM: f32 = 0.32;
/// Cents of vibrato at full mod wheel.
const WHEEL_CENTS: f32 = 50.0;

/// The synthesiser playing one patch.
pub(crate) struct Player<'a> {
    patch: &'a SynthPatch,
    rate: f32,
    channel: Channel,
    voices: Vec<Voice>,
    /// Keys held down, in order, for one voice that goes from one to the other.
    held: Vec<u8>,
    chance: Chance,
    lfo: f32,
    ensemble: Ensemble,
    strip: Strip,
}

impl<'a> Player<'a> {
    /// Fails if a parameter of the patch is out of range.
    pub(crate) fn new(patch: &'a SynthPatch, rate: f32, seed: Seed) -> Result<Self, Error> {
        patch.check()?;
        Ok(Self {
            patch,
            rate,
            channel: Channel::default(),
            voices: Vec::with_capacity(POLYPHONY * 2),
            held: Vec::new(),
            chance: seed.stream("synth phases"),
            lfo: 0.0,
            ensemble: Ensemble::new(patch.ensemble as f32, rate),
            strip: Strip::new(HEADROOM * attenuated(-patch.level_db as f32)),
        })
    }

    pub(crate) fn take(&mut self, message: Message) {
        match message {
            Message::NoteOn { key, velocity: 0 } | Message::NoteOff { key } => {
                self.note_off(key.min(127));
            }
            Message::NoteOn { key, velocity } => self.note_on(key.min(127), velocity.min(127)),
            other => {
                self.channel.take(other);
                self.mode(other);
            }
        }
    }

    fn note_on(&mut self, key: u8, velocity: u8) {
        if self.patch.glide_ms.is_some() {
            return self.tie(key, velocity);
        }
        for voice in self.voices.iter_mut().filter(|v| v.key == key) {
            voice.release();
        }
        self.make_room();
        let (patch, rate) = (self.patch, self.rate);
        self.voices.push(Voice::new(patch, key, velocity, rate, &mut self.chance));
    }

    fn tie(&mut self, key: u8, velocity: u8) {
        let tied = !self.held.is_empty();
        self.held.retain(|held| *held != key);
        self.held.push(key);
        match self.voices.first_mut() {
            Some(voice) => voice.retune(self.patch, key, (!tied).then_some(velocity)),
            None => {
                let (patch, rate) = (self.patch, self.rate);
                self.voices.push(Voice::new(patch, key, velocity, rate, &mut self.chance));
            }
        }
    }

    fn make_room(&mut self) {
        if self.voices.iter().filter(|v| !v.is_released()).count() < POLYPHONY
            && self.voices.len() < 2 * POLYPHONY
        {
            return;
        }
        let quietest = self.voices.iter_mut().min_by(|a, b| a.loudness().total_cmp(&b.loudness()));
        if let Some(voice) = quietest {
            voice.cut(self.rate);
        }
    }

    fn note_off(&mut self, key: u8) {
        self.held.retain(|held| *held != key);
        if self.patch.glide_ms.is_some()
            && let (Some(below), Some(voice)) = (self.held.last(), self.voices.first_mut())
        {
            return voice.retune(self.patch, *below, None);
        }
        let sustained = self.channel.pedal(SUSTAIN);
        for voice in self.voices.iter_mut().filter(|v| v.key == key) {
            voice.key_up = true;
            if !sustained {
                voice.release();
            }
        }
    }

    /// The pedal and the channel mode messages.
    fn mode(&mut self, message: Message) {
        let Message::Control { number, .. } = message else { return };
        match number {
            SUSTAIN | 121 if !self.channel.pedal(SUSTAIN) => {
                for voice in self.voices.iter_mut().filter(|v| v.key_up) {
                    voice.release();
                }
            }
            120 => {
                self.held.clear();
                for voice in &mut self.voices {
                    voice.cut(self.rate);
                }
            }
            123..=127 => {
                for key in 0..128 {
                    self.note_off(key);
                }
            }
            _ => {}
        }
    }

    /// Fills the next block, at most [`BLOCK`] frames. Both sides come in silent.
    pub(crate) fn render(&mut self, left: &mut [f32], right: &mut [f32]) {
        debug_assert!(left.len() <= BLOCK);
        let hand = Hand {
            bend: self.channel.bend_cents(),
            lfo: wavetable::read(wavetable::sine(), wavetable::phase(self.lfo)),
            vibrato: WHEEL_CENTS * f32::from(self.channel.controller(1)) / 127.0,
            brightness: (f32::from(self.channel.controller(BRIGHTNESS)) - 64.0) / 32.0,
        };
        let turns = left.len() as f32 * self.patch.lfo.rate_hz as f32 / self.rate;
        self.lfo = (self.lfo + turns) - (self.lfo + turns).floor();
        for (left, right) in left.chunks_mut(SEGMENT).zip(right.chunks_mut(SEGMENT)) {
            for voices in self.voices.chunks_mut(LANES / 2) {
                sound(voices, self.patch, hand, self.rate, left, right);
            }
        }
        self.voices.retain(|voice| !voice.is_over());
        self.ensemble.run(left, right);
        self.strip.apply(&self.channel, left, right);
    }
}

/// Adds a few voices, filtered side by side, to both sides.
fn sound(
    voices: &mut [Voice],
    patch: &SynthPatch,
    hand: Hand,
    rate: f32,
    left: &mut [f32],
    right: &mut [f32],
) {
    let length = left.len();
    let mut ladders = Ladders::default();
    let mut rows = [[0.0; LANES]; SEGMENT];
    for (n, voice) in voices.iter_mut().enumerate() {
        let mut sides = [[0.0; SEGMENT]; 2];
        let [l, r] = &mut sides;
        let tuning = voice.excite(patch, hand, rate, &mut l[..length], &mut r[..length]);
        for (side, samples) in sides.iter().enumerate() {
            let lane = 2 * n + side;
            ladders.seat(lane, voice.poles[side], &tuning);
            for (row, sample) in rows.iter_mut().zip(samples) {
                row[lane] = *sample;
            }
        }
    }
    ladders.run(&mut rows[..length]);
    for (n, voice) in voices.iter_mut().enumerate() {
        voice.poles = [ladders.poles(2 * n), ladders.poles(2 * n + 1)];
        for (row, (left, right)) in rows.iter().zip(left.iter_mut().zip(&mut *right)) {
            let level = voice.next_level();
            *left += row[2 * n] * level;
            *right += row[2 * n + 1] * level;
        }
    }
}
