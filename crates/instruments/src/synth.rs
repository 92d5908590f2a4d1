//! A modelled polyphonic synthesiser: band-limited oscillators, a four-pole ladder, envelopes.

mod adsr;
mod ensemble;
mod ladder;
mod oscillator;
mod player;
mod voice;
pub(crate) mod wavetable;

pub(crate) use ladder::saturate;
pub(crate) use player::Player;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::error::in_range;

/// A sound of the synthesiser, as a genre file states it. Every field but the oscillators has a
/// default; unknown fields are refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SynthPatch {
    /// The oscillators, 1 to 4.
    pub oscillators: Vec<Oscillator>,
    /// Level of white noise beside them, 0 to 1.
    #[serde(default)]
    pub noise: f64,
    /// The low-pass filter.
    #[serde(default)]
    pub filter: Filter,
    /// The loudness envelope.
    #[serde(default)]
    pub amp: Adsr,
    /// The slow oscillator.
    #[serde(default)]
    pub lfo: Lfo,
    /// One note at a time, sliding between tied notes over this many milliseconds (0 to 2000).
    /// Without it the patch is polyphonic.
    #[serde(default)]
    pub glide_ms: Option<f64>,
    /// Saturation before the filter, 0 to 1: how far a full oscillator drives into tanh.
    #[serde(default)]
    pub drive: f64,
    /// Depth of the stereo ensemble behind the voices, 0 to 1.
    #[serde(default)]
    pub ensemble: f64,
    /// How much velocity decides the level, 0 to 1; at 1 as in a SoundFont, 40 log10(127 / v) dB.
    #[serde(default = "half")]
    pub velocity_to_level: f64,
    /// Level of the whole patch in dB, -40 to 20. At 0 a plain saw peaks near -14 dBFS.
    #[serde(default)]
    pub level_db: f64,
}

/// One oscillator, alone or in unison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Oscillator {
    /// Its shape.
    pub wave: Wave,
    /// Level, 0 to 1.
    pub level: f64,
    /// Octaves from the key, -4 to 4.
    pub octave: i32,
    /// Semitones from the key, -24 to 24.
    pub semitones: i32,
    /// Cents from the key, -100 to 100.
    pub cents: f64,
    /// Width of a square's high part, 0.05 to 0.95.
    pub width: f64,
    /// Copies sounding together, 1 to 9.
    pub voices: usize,
    /// Cents from the lowest copy to the highest, 0 to 100.
    pub detune_cents: f64,
    /// How far the copies spread over the stereo image, 0 to 1.
    pub spread: f64,
    /// A second operator that bends the phase of a sine; other waves ignore it.
    pub fm: Option<Fm>,
}

/// The shape of an oscillator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wave {
    /// All harmonics, falling 6 dB an octave.
    #[default]
    Saw,
    /// Odd harmonics at half width; `width` sets and the LFO moves it.
    Square,
    /// Odd harmonics, falling 12 dB an octave.
    Triangle,
    /// The fundamental alone.
    Sine,
}

/// Phase modulation by a second sine, as in electric pianos and bells.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fm {
    /// Frequency of the modulator as a multiple of the oscillator's, 0.25 to 16.
    pub ratio: f64,
    /// Modulation index at full velocity, in radians, 0 to 12.
    pub index: f64,
    /// Milliseconds over which the index falls by 40 dB, 1 to 20000.
    pub decay_ms: f64,
}

/// A four-pole (24 dB an octave) resonant low-pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Cutoff in Hz for middle C without modulation, 20 to 20000.
    pub cutoff_hz: f64,
    /// 0 to 1; just below 1 it nearly rings by itself.
    pub resonance: f64,
    /// How far the cutoff follows the key, 0 to 1.
    pub key_tracking: f64,
    /// Octaves the envelope opens it, -8 to 8.
    pub envelope_octaves: f64,
    /// Octaves full velocity opens it beyond the softest, 0 to 6.
    pub velocity_octaves: f64,
    /// Its envelope.
    pub envelope: Adsr,
}

/// Attack, decay, sustain, release. Decay and release are the times to come within 1 % of the
/// goal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Adsr {
    /// Milliseconds, 0 to 20000.
    pub attack_ms: f64,
    /// Milliseconds, 1 to 20000.
    pub decay_ms: f64,
    /// 0 to 1.
    pub sustain: f64,
    /// Milliseconds, 1 to 20000.
    pub release_ms: f64,
}

/// A sine that moves pitch, cutoff or width. The mod wheel adds 50 cents of vibrato.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Lfo {
    /// Periods per second, 0.01 to 20.
    pub rate_hz: f64,
    /// Milliseconds from a note's start until it has faded in, 0 to 10000.
    pub delay_ms: f64,
    /// Vibrato to either side in cents, 0 to 1200.
    pub pitch_cents: f64,
    /// Cutoff movement to either side in octaves, 0 to 4.
    pub cutoff_octaves: f64,
    /// Movement of a square's width to either side, 0 to 0.45.
    pub width: f64,
}

impl Default for Oscillator {
    fn default() -> Self {
        Self {
            wave: Wave::Saw,
            level: 1.0,
            octave: 0,
            semitones: 0,
            cents: 0.0,
            width: 0.5,
            voices: 1,
            detune_cents: 0.0,
            spread: 0.0,
            fm: None,
        }
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            cutoff_hz: 20_000.0,
            resonance: 0.0,
            key_tracking: 0.0,
            envelope_octaves: 0.0,
            velocity_octaves: 0.0,
            envelope: Adsr::default(),
        }
    }
}

impl Default for Adsr {
    fn default() -> Self {
        Self { attack_ms: 2.0, decay_ms: 200.0, sustain: 1.0, release_ms: 80.0 }
    }
}

impl Default for Lfo {
    fn default() -> Self {
        Self { rate_hz: 5.0, delay_ms: 0.0, pitch_cents: 0.0, cutoff_octaves: 0.0, width: 0.0 }
    }
}

fn half() -> f64 {
    0.5
}

impl SynthPatch {
    /// Checks every parameter against its range; the error names the first that is outside.
    pub fn check(&self) -> Result<(), Error> {
        in_range("oscillators", self.oscillators.len() as f64, 1.0, 4.0)?;
        for oscillator in &self.oscillators {
            oscillator.check()?;
        }
        in_range("noise", self.noise, 0.0, 1.0)?;
        self.filter.check()?;
        self.amp.check()?;
        self.lfo.check()?;
        in_range("glide_ms", self.glide_ms.unwrap_or(0.0), 0.0, 2_000.0)?;
        in_range("drive", self.drive, 0.0, 1.0)?;
        in_range("ensemble", self.ensemble, 0.0, 1.0)?;
        in_range("velocity_to_level", self.velocity_to_level, 0.0, 1.0)?;
        in_range("level_db", self.level_db, -40.0, 20.0)
    }
}

impl Oscillator {
    fn check(&self) -> Result<(), Error> {
        in_range("level", self.level, 0.0, 1.0)?;
        in_range("octave", f64::from(self.octave), -4.0, 4.0)?;
        in_range("semitones", f64::from(self.semitones), -24.0, 24.0)?;
        in_range("cents", self.cents, -100.0, 100.0)?;
        in_range("width", self.width, 0.05, 0.95)?;
        in_range("voices", self.voices as f64, 1.0, 9.0)?;
        in_range("detune_cents", self.detune_cents, 0.0, 100.0)?;
        in_range("spread", self.spread, 0.0, 1.0)?;
        if let Some(fm) = &self.fm {
            in_range("fm.ratio", fm.ratio, 0.25, 16.0)?;
            in_range("fm.index", fm.index, 0.0, 12.0)?;
            in_range("fm.decay_ms", fm.decay_ms, 1.0, 20_000.0)?;
        }
        Ok(())
    }
}

impl Filter {
    fn check(&self) -> Result<(), Error> {
        in_range("filter.cutoff_hz", self.cutoff_hz, 20.0, 20_000.0)?;
        in_range("filter.resonance", self.resonance, 0.0, 1.0)?;
        in_range("filter.key_tracking", self.key_tracking, 0.0, 1.0)?;
        in_range("filter.envelope_octaves", self.envelope_octaves, -8.0, 8.0)?;
        in_range("filter.velocity_octaves", self.velocity_octaves, 0.0, 6.0)?;
        self.envelope.check()
    }
}

impl Adsr {
    fn check(&self) -> Result<(), Error> {
        in_range("attack_ms", self.attack_ms, 0.0, 20_000.0)?;
        in_range("decay_ms", self.decay_ms, 1.0, 20_000.0)?;
        in_range("sustain", self.sustain, 0.0, 1.0)?;
        in_range("release_ms", self.release_ms, 1.0, 20_000.0)
    }
}

impl Lfo {
    fn check(&self) -> Result<(), Error> {
        in_range("lfo.rate_hz", self.rate_hz, 0.01, 20.0)?;
        in_range("lfo.delay_ms", self.delay_ms, 0.0, 10_000.0)?;
        in_range("lfo.pitch_cents", self.pitch_cents, 0.0, 1_200.0)?;
        in_range("lfo.cutoff_octaves", self.cutoff_octaves, 0.0, 4.0)?;
        in_range("lfo.width", self.width, 0.0, 0.45)
    }
}
