use clock::Chance;

use super::wavetable::{self, Phase, Table, phase, read};
use super::{Oscillator, Wave};
use crate::exponent::{attenuated, interval};

/// One oscillator of a note: its copies, and where each stands.
#[derive(Debug, Clone)]
pub(crate) struct Bank {
    wave: Wave,
    width: f32,
    cents: f32,
    copies: Vec<Copy>,
    modulator: Option<Modulator>,
}

#[derive(Debug, Clone)]
struct Copy {
    phase: Phase,
    ratio: f32,
    left: f32,
    right: f32,
}

/// The second operator of a sine.
#[derive(Debug, Clone)]
struct Modulator {
    phase: Phase,
    ratio: f32,
    /// In periods.
    index: f32,
    /// What the index is multiplied by each frame.
    fall: f32,
}

/// What moves all oscillators of a note for some frames.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Motion {
    /// Frequency of the key as a share of the sample rate.
    pub(crate) step: f32,
    /// Added to the width of squares.
    pub(crate) width: f32,
}

impl Bank {
    /// Copies in unison begin anywhere in their period; a single one always at its beginning, so
    /// that each note of a bass is the same.
    pub(crate) fn new(patch: &Oscillator, force: f32, rate: f32, chance: &mut Chance) -> Self {
        let count = patch.voices as f32;
        let level = patch.level as f32 / count.sqrt();
        let copies = (0..patch.voices)
            .map(|n| {
                let place =
                    if patch.voices == 1 { 0.0 } else { n as f32 / (count - 1.0) * 2.0 - 1.0 };
                let phase = if patch.voices == 1 { 0 } else { chance.bits() as u32 };
                // Neighbours in pitch stand on opposite sides.
                let side = if n % 2 == 0 { place } else { -place } * patch.spread as f32;
                let angle = (side + 1.0) * std::f32::consts::FRAC_PI_4;
                Copy {
                    phase,
                    ratio: interval(place * patch.detune_cents as f32 * 0.5),
                    left: level * libm::cosf(angle) * std::f32::consts::SQRT_2,
                    right: level * libm::sinf(angle) * std::f32::consts::SQRT_2,
                }
            })
            .collect();
        let modulator = patch.fm.as_ref().map(|fm| Modulator {
            phase: 0,
            ratio: fm.ratio as f32,
            index: fm.index as f32 * force / std::f32::consts::TAU,
            fall: attenuated(40.0 / (fm.decay_ms as f32 * 0.001 * rate)),
        });
        Self {
            wave: patch.wave,
            width: patch.width as f32,
            cents: (patch.octave * 1_200 + patch.semitones * 100) as f32 + patch.cents as f32,
            copies,
            modulator,
        }
    }

    /// Adds the next frames to both sides.
    pub(crate) fn add(&mut self, motion: Motion, left: &mut [f32], right: &mut [f32]) {
        let step = motion.step * interval(self.cents);
        let width = (self.width + motion.width).clamp(0.05, 0.95);
        if let (Wave::Sine, Some(modulator)) = (self.wave, &mut self.modulator) {
            return modulated(&mut self.copies, modulator, step, left, right);
        }
        for copy in &mut self.copies {
            // Above half the sample rate there is nothing to hear, only to fold back.
            let step = (step * copy.ratio).min(0.5);
            match self.wave {
                Wave::Saw => copy.add(step, left, right, one(wavetable::saw(step))),
                Wave::Triangle => copy.add(step, left, right, one(wavetable::triangle(step))),
                Wave::Sine => copy.add(step, left, right, one(wavetable::sine())),
                Wave::Square => copy.add(step, left, right, pulse(wavetable::saw(step), width)),
            }
        }
    }
}

fn one(table: &Table) -> impl Fn(Phase) -> f32 {
    move |at| read(table, at)
}

/// A pulse is the difference of two saws, and so as band-limited as they are.
fn pulse(table: &Table, width: f32) -> impl Fn(Phase) -> f32 {
    let width = phase(width);
    move |at| read(table, at) - read(table, at.wrapping_add(width))
}

impl Copy {
    fn add(&mut self, step: f32, left: &mut [f32], right: &mut [f32], at: impl Fn(Phase) -> f32) {
        let step = phase(step);
        for (left, right) in left.iter_mut().zip(right) {
            let sample = at(self.phase);
            *left += sample * self.left;
            *right += sample * self.right;
            self.phase = self.phase.wrapping_add(step);
        }
    }
}

fn modulated(
    copies: &mut [Copy],
    modulator: &mut Modulator,
    step: f32,
    left: &mut [f32],
    right: &mut [f32],
) {
    let sine = wavetable::sine();
    let modulator_step = phase(step * modulator.ratio);
    for (left, right) in left.iter_mut().zip(right) {
        let bend = phase(modulator.index * read(sine, modulator.phase));
        modulator.index *= modulator.fall;
        modulator.phase = modulator.phase.wrapping_add(modulator_step);
        for copy in copies.iter_mut() {
            let sample = read(sine, copy.phase.wrapping_add(bend));
            *left += sample * copy.left;
            *right += sample * copy.right;
            copy.phase = copy.phase.wrapping_add(phase(step * copy.ratio));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bank, Motion};
    use crate::synth::{Oscillator, Wave};

    /// Energy that is not at a harmonic of a wave of exactly 417 periods in 4,000 frames (5,004 Hz
    /// at 48 kHz), against all of it, in dB.
    fn aliasing(wave: Wave) -> f64 {
        const FRAMES: usize = 4_000;
        const PERIODS: usize = 417;
        let patch = Oscillator { wave, width: 0.3, ..Oscillator::default() };
        let mut bank = Bank::new(&patch, 1.0, 48_000.0, &mut clock::Seed(1).stream("test"));
        let (mut left, mut right) = (vec![0.0; FRAMES], vec![0.0; FRAMES]);
        let motion = Motion { step: PERIODS as f32 / FRAMES as f32, width: 0.0 };
        bank.add(motion, &mut left, &mut right);
        let power = |bin: usize| {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, sample) in left.iter().enumerate() {
                let angle = std::f64::consts::TAU * (n * bin % FRAMES) as f64 / FRAMES as f64;
                re += f64::from(*sample) * libm::cos(angle);
                im += f64::from(*sample) * libm::sin(angle);
            }
            re * re + im * im
        };
        let (mut wanted, mut foreign) = (0.0, 0.0);
        for bin in 1..FRAMES / 2 {
            if bin % PERIODS == 0 { wanted += power(bin) } else { foreign += power(bin) }
        }
        10.0 * libm::log10(foreign / wanted)
    }

    #[test]
    fn a_five_kilohertz_wave_does_not_fold_back() {
        for wave in [Wave::Saw, Wave::Square, Wave::Triangle, Wave::Sine] {
            let measured = aliasing(wave);
            assert!(measured < -80.0, "{wave:?}: {measured} dB");
        }
    }
}
