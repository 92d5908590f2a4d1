use clock::{Chance, Seed};

use super::DrumMachine;
use super::recipe::{Group, Layer, Recipe, Source};
use crate::exponent::{attenuated, exp2};
use crate::synth::saturate;
use crate::synth::wavetable::{self, Phase};

/// One drum being struck.
#[derive(Debug)]
pub(crate) struct Hit {
    parts: Vec<Part>,
    group: Option<Group>,
    gains: [f32; 2],
    drive: f32,
    /// Linear fade once it is choked: what is left, and what goes each frame.
    fade: f32,
    fading: f32,
}

/// One layer of a hit, running.
#[derive(Debug)]
struct Part {
    layer: Layer,
    noise: Chance,
    phases: [Phase; 6],
    level: f32,
    fall: f32,
    rise: f32,
    risen: f32,
    /// Frames until the next burst, and bursts left.
    wait: u32,
    bursts: u8,
    sweep: f32,
    sweep_fall: f32,
    pitch: f32,
    low: Pass,
    high: Pass,
    rate: f32,
}

/// Seconds between the bursts of a clap.
const BURST: f32 = 0.011;
/// Seconds in which a choked sound dies.
const CHOKE: f32 = 0.012;
/// Where an exponential decay is taken to be over: 80 dB down.
const OVER: f32 = 1e-4;
/// The 808's six oscillators over the lowest.
const METAL: [f32; 6] = [1.0, 1.482_7, 1.800_3, 2.546, 2.630_3, 3.896_7];

impl Hit {
    pub(crate) fn new(
        machine: &DrumMachine,
        recipe: Recipe,
        velocity: u8,
        rate: f32,
        chance: &mut Chance,
    ) -> Self {
        let force = f32::from(velocity) / 127.0;
        // No two hits are quite alike: within a third of a dB, half a percent and three percent.
        let mut vary = |range: f64| chance.between(-range, range) as f32;
        let level = recipe.level * libm::powf(force, 1.6) * attenuated(vary(0.33));
        let pitch = exp2(machine.tune as f32 / 12.0) * (1.0 + vary(0.005));
        let decay = machine.decay as f32 * (1.0 + vary(0.03));
        let angle = (1.0 + recipe.pan * machine.width as f32) * std::f32::consts::FRAC_PI_4;
        let touch = Touch {
            pitch,
            decay,
            // Softer is darker, by up to an octave.
            tone: exp2(machine.tone as f32 + force - 1.0),
            force,
            rate,
        };
        let parts =
            recipe.layers.iter().map(|layer| Part::new(*layer, touch, chance.bits())).collect();
        Self {
            parts,
            group: recipe.group,
            gains: [libm::cosf(angle), libm::sinf(angle)]
                .map(|side| level * side * std::f32::consts::SQRT_2),
            drive: 1.0 + 6.0 * (recipe.drive + machine.drive as f32).min(1.0),
            fade: 1.0,
            fading: 0.0,
        }
    }

    /// Cuts it off, in a few milliseconds.
    pub(crate) fn choke(&mut self, rate: f32) {
        self.fading = 1.0 / (CHOKE * rate);
    }

    pub(crate) fn group(&self) -> Option<Group> {
        self.group
    }

    pub(crate) fn is_over(&self) -> bool {
        self.fade <= 0.0 || self.parts.iter().all(Part::is_over)
    }

    /// Adds the next frames to both sides.
    pub(crate) fn add(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (left, right) in left.iter_mut().zip(right) {
            let mut sum = 0.0;
            for part in &mut self.parts {
                sum += part.next();
            }
            if self.drive > 1.0 {
                sum = saturate(sum * self.drive) / saturate(self.drive);
            }
            sum *= self.fade;
            self.fade = (self.fade - self.fading).max(0.0);
            *left += sum * self.gains[0];
            *right += sum * self.gains[1];
        }
    }
}

/// How a hit differs from the recipe.
#[derive(Debug, Clone, Copy)]
struct Touch {
    pitch: f32,
    decay: f32,
    tone: f32,
    force: f32,
    rate: f32,
}

impl Part {
    fn new(layer: Layer, touch: Touch, seed: u64) -> Self {
        let Touch { pitch, decay, tone, force, rate } = touch;
        let mut noise = Seed(seed).stream("drum");
        let metal = matches!(layer.source, Source::Metal { .. } | Source::Pair { .. });
        // A drumhead always starts at rest; free-running oscillators anywhere.
        let phases = std::array::from_fn(|_| if metal { noise.bits() as u32 } else { 0 });
        let (sweep, fall) = match layer.source {
            Source::Sine { sweep, fall, .. } => (sweep * (0.5 + 0.5 * force), fall),
            _ => (0.0, 1.0),
        };
        Self {
            layer,
            noise,
            phases,
            level: 1.0,
            fall: attenuated(60.0 / (layer.decay * decay * rate)),
            rise: 1.0 / (layer.attack * rate).max(1.0),
            risen: 0.0,
            wait: (BURST * rate) as u32,
            bursts: layer.bursts,
            sweep,
            // exp(-1 / (fall rate)) as a power of two.
            sweep_fall: exp2(-std::f32::consts::LOG2_E / (fall * rate)),
            pitch,
            low: Pass::new(layer.low_cut * tone.min(1.5), rate),
            high: Pass::new(layer.high_cut * tone, rate),
            rate,
        }
    }

    fn is_over(&self) -> bool {
        self.bursts <= 1 && self.level <= OVER
    }

    fn next(&mut self) -> f32 {
        if self.is_over() {
            return 0.0;
        }
        let mut sample = self.source();
        if self.layer.low_cut > 0.0 {
            sample -= self.low.low(sample);
        }
        if self.layer.high_cut < 20_000.0 {
            sample = self.high.low(sample);
        }
        self.risen = (self.risen + self.rise).min(1.0);
        let envelope = (self.level - OVER).max(0.0) * self.risen;
        self.level *= self.fall;
        if self.bursts > 1 {
            self.wait -= 1;
            if self.wait == 0 {
                self.bursts -= 1;
                self.wait = (BURST * self.rate) as u32;
                self.level = 1.0;
            }
        }
        sample * envelope * self.layer.level
    }

    fn source(&mut self) -> f32 {
        match self.layer.source {
            Source::Sine { hz, .. } => {
                let sample = wavetable::read(wavetable::sine(), self.phases[0]);
                self.turn(0, hz + self.sweep);
                self.sweep *= self.sweep_fall;
                sample
            }
            Source::Pair { hz } => self.square(0, hz) + self.square(1, hz * 1.481),
            Source::Metal { hz } => {
                let mut sum = 0.0;
                for (n, ratio) in METAL.iter().enumerate() {
                    sum += self.square(n, hz * ratio);
                }
                sum * 0.4
            }
            Source::Noise => {
                (self.noise.bits() as u32 as i32) as f32 * (1.0 / (1_u32 << 31) as f32)
            }
        }
    }

    fn square(&mut self, n: usize, hz: f32) -> f32 {
        let table = wavetable::saw(hz * self.pitch / self.rate);
        let phase = self.phases[n];
        let opposite = phase.wrapping_add(1 << 31);
        let sample = wavetable::read(table, phase) - wavetable::read(table, opposite);
        self.turn(n, hz);
        sample
    }

    fn turn(&mut self, n: usize, hz: f32) {
        let step = wavetable::phase((hz * self.pitch / self.rate).min(0.49));
        self.phases[n] = self.phases[n].wrapping_add(step);
    }
}

/// A two-pole Butterworth low-pass as a trapezoidal state-variable filter.
#[derive(Debug, Clone, Copy)]
struct Pass {
    a1: f32,
    a2: f32,
    a3: f32,
    first: f32,
    second: f32,
}

impl Pass {
    fn new(cutoff: f32, rate: f32) -> Self {
        let g = libm::tanf(std::f32::consts::PI * (cutoff / rate).clamp(0.000_1, 0.48));
        let a1 = 1.0 / (1.0 + g * (g + std::f32::consts::SQRT_2));
        Self { a1, a2: g * a1, a3: g * g * a1, first: 0.0, second: 0.0 }
    }

    fn low(&mut self, input: f32) -> f32 {
        let v3 = input - self.second;
        let v1 = self.a1 * self.first + self.a2 * v3;
        let v2 = self.second + self.a2 * self.first + self.a3 * v3;
        // The guard keeps a decaying state out of the denormal numbers.
        self.first = 2.0 * v1 - self.first + 1e-20;
        self.second = 2.0 * v2 - self.second;
        v2
    }
}
