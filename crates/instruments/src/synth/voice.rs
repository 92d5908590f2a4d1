use clock::Chance;

use super::SynthPatch;
use super::adsr::Envelope;
use super::ladder::{Poles, Tuning, saturate};
use super::oscillator::{Bank, Motion};
use crate::exponent::{exp2, interval};

/// Frames between two looks at the moving parameters.
pub(crate) const SEGMENT: usize = 16;

/// One note of the synthesiser.
#[derive(Debug, Clone)]
pub(crate) struct Voice {
    pub(crate) key: u8,
    /// Its key is up; a pedal may still hold it.
    pub(crate) key_up: bool,
    /// Cents above MIDI key 0, now and at the end of a glide.
    pitch: f32,
    goal: f32,
    oscillators: Vec<Bank>,
    noise: Chance,
    /// What its two filters remember, left and right.
    pub(crate) poles: [Poles; 2],
    amp: Envelope,
    filter: Envelope,
    /// Frames since it began.
    age: f32,
    level: f32,
    /// Velocity as a share of the full one.
    force: f32,
}

/// What the player of the channel does to all notes for one block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hand {
    /// Pitch wheel and tuning in cents.
    pub(crate) bend: f32,
    /// The slow oscillator, -1 to 1.
    pub(crate) lfo: f32,
    /// Cents of vibrato the mod wheel adds.
    pub(crate) vibrato: f32,
    /// Octaves the brightness controller moves the cutoff.
    pub(crate) brightness: f32,
}

impl Voice {
    pub(crate) fn new(
        patch: &SynthPatch,
        key: u8,
        velocity: u8,
        rate: f32,
        chance: &mut Chance,
    ) -> Self {
        let force = f32::from(velocity) / 127.0;
        let pitch = f32::from(key) * 100.0;
        let oscillators =
            patch.oscillators.iter().map(|o| Bank::new(o, force, rate, chance)).collect();
        let mut voice = Self {
            key,
            key_up: false,
            pitch,
            goal: pitch,
            oscillators,
            noise: clock::Seed(chance.bits()).stream("noise"),
            poles: Default::default(),
            amp: Envelope::new(&patch.amp, rate),
            filter: Envelope::new(&patch.filter.envelope, rate),
            age: 0.0,
            level: 0.0,
            force,
        };
        voice.weigh(patch, velocity);
        voice
    }

    fn weigh(&mut self, patch: &SynthPatch, velocity: u8) {
        self.force = f32::from(velocity) / 127.0;
        // 40 log10(v / 127) dB at full sensitivity.
        self.level = libm::powf(self.force, 2.0 * patch.velocity_to_level as f32);
    }

    /// Plays another key with the same voice: tied, it slides there; struck, it jumps and its
    /// envelopes begin again.
    pub(crate) fn retune(&mut self, patch: &SynthPatch, key: u8, struck: Option<u8>) {
        self.key = key;
        self.key_up = false;
        self.goal = f32::from(key) * 100.0;
        if let Some(velocity) = struck {
            self.pitch = self.goal;
            self.weigh(patch, velocity);
            self.amp.strike();
            self.filter.strike();
        }
    }

    pub(crate) fn release(&mut self) {
        self.amp.release();
        self.filter.release();
    }

    pub(crate) fn cut(&mut self, rate: f32) {
        self.amp.cut(rate);
    }

    pub(crate) fn is_released(&self) -> bool {
        self.amp.is_released()
    }

    pub(crate) fn is_over(&self) -> bool {
        self.amp.is_done()
    }

    pub(crate) fn loudness(&self) -> f32 {
        self.amp.level() * self.level
    }

    /// The next frames, at most [`SEGMENT`], before the filter; and how it is to be tuned. Both
    /// sides come in silent.
    pub(crate) fn excite(
        &mut self,
        patch: &SynthPatch,
        hand: Hand,
        rate: f32,
        left: &mut [f32],
        right: &mut [f32],
    ) -> Tuning {
        let frames = left.len() as f32;
        let fade_in = (patch.lfo.delay_ms * 0.001) as f32 * rate;
        let lfo = hand.lfo * if fade_in > 0.0 { (self.age / fade_in).min(1.0) } else { 1.0 };
        self.age += frames;
        self.glide(patch, frames, rate);
        let vibrato = patch.lfo.pitch_cents as f32 * lfo + hand.vibrato * hand.lfo;
        let motion = Motion {
            step: A4_HZ * interval(self.pitch + hand.bend + vibrato - A4_CENTS) / rate,
            width: patch.lfo.width as f32 * lfo,
        };
        for oscillator in &mut self.oscillators {
            oscillator.add(motion, left, right);
        }
        if patch.noise > 0.0 {
            self.add_noise(patch.noise as f32, left, right);
        }
        if patch.drive > 0.0 {
            let drive = 1.0 + 7.0 * patch.drive as f32;
            for sample in left.iter_mut().chain(right) {
                *sample = driven(*sample, drive);
            }
        }
        self.tuning(patch, hand, lfo, rate)
    }

    /// The next frame's level, the envelopes moved on.
    pub(crate) fn next_level(&mut self) -> f32 {
        self.filter.next();
        self.amp.next() * self.level
    }

    fn glide(&mut self, patch: &SynthPatch, frames: f32, rate: f32) {
        let time = patch.glide_ms.unwrap_or(0.0) as f32 * 0.001 * rate;
        // Three time constants in the time given.
        let left = if time > 0.0 { exp2(-4.328 * frames / time) } else { 0.0 };
        self.pitch = self.goal + (self.pitch - self.goal) * left;
    }

    fn tuning(&self, patch: &SynthPatch, hand: Hand, lfo: f32, rate: f32) -> Tuning {
        let filter = &patch.filter;
        let octaves = filter.key_tracking as f32 * (self.pitch - MIDDLE_C_CENTS) / 1_200.0
            + filter.envelope_octaves as f32 * self.filter.level()
            + filter.velocity_octaves as f32 * self.force
            + patch.lfo.cutoff_octaves as f32 * lfo
            + hand.brightness;
        let cutoff = (filter.cutoff_hz as f32 * exp2(octaves)).clamp(20.0, 20_000.0);
        Tuning::new(cutoff, filter.resonance as f32, rate)
    }

    fn add_noise(&mut self, level: f32, left: &mut [f32], right: &mut [f32]) {
        for (left, right) in left.iter_mut().zip(right) {
            let bits = self.noise.bits();
            *left += level * ((bits as u32 as i32) as f32) * (1.0 / (1_u32 << 31) as f32);
            *right += level * (((bits >> 32) as u32 as i32) as f32) * (1.0 / (1_u32 << 31) as f32);
        }
    }
}

const A4_HZ: f32 = 440.0;
const A4_CENTS: f32 = 6_900.0;
const MIDDLE_C_CENTS: f32 = 6_000.0;

/// Saturation that leaves a full-scale peak at full scale.
fn driven(x: f32, drive: f32) -> f32 {
    saturate(x * drive) / saturate(drive)
}
