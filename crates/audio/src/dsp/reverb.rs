use super::biquad::{Biquad, BiquadFilter};
use crate::SampleRate;

/// A room.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Time for a low or middle tone to fall by 60 dB, 0.1 to 20 s.
    pub decay_s: f64,
    /// Above this corner, in Hz, tones fall faster.
    pub damping_hz: f64,
    /// From the sound to its first reflection, 0 to 0.2 s.
    pub pre_delay_s: f64,
    /// What the room does not give back below this, in Hz: keeps the bass clear.
    pub low_cut_hz: f64,
}

const LINES: usize = 16;
/// Delay lengths at 48 kHz, mutually prime so that echoes never pile up; 21 to 70 ms.
const LENGTHS: [usize; LINES] = [
    1_009, 1_151, 1_277, 1_399, 1_523, 1_663, 1_801, 1_949, 2_087, 2_239, 2_393, 2_543, 2_699,
    2_879, 3_083, 3_331,
];
/// All-pass diffusers before the lines, per side, at 48 kHz.
const DIFFUSERS: [[usize; 4]; 2] = [[113, 162, 241, 399], [127, 179, 263, 421]];
const DIFFUSION: f32 = 0.62;
/// Quieter than any hearing; keeps the tail out of denormal numbers.
const SILENT: f32 = 1e-15;

/// A feedback delay network of 16 lines under a Householder reflection (Jot & Chaigne 1991):
/// lossless but for the gain of each line, which sets one decay time for all, and a one-pole
/// low-pass in each, which shortens it above the damping corner.
#[derive(Debug, Clone)]
pub struct Reverb {
    pre_delay: [Ring; 2],
    diffusers: [Vec<Diffuser>; 2],
    lines: Vec<Ring>,
    gains: [f32; LINES],
    damping: f32,
    damped: [f32; LINES],
    low_cut: [BiquadFilter; 2],
}

impl Reverb {
    /// An empty room.
    pub fn new(rate: SampleRate, room: Room) -> Self {
        let scale = rate.hz_f64() / 48_000.0;
        let scaled = |length: usize| ((length as f64 * scale) as usize).max(1);
        let lengths = LENGTHS.map(scaled);
        // -60 dB after decay_s: each trip through a line costs its share.
        let gains = lengths.map(|length| {
            let share = length as f64 / (room.decay_s * rate.hz_f64());
            libm::pow(10.0, -3.0 * share) as f32
        });
        let corner = std::f64::consts::TAU * room.damping_hz / rate.hz_f64();
        let low_cut = Biquad::high_pass(rate, room.low_cut_hz, std::f64::consts::FRAC_1_SQRT_2);
        Self {
            pre_delay: std::array::from_fn(|_| {
                Ring::new(rate.frames(room.pre_delay_s).index() + 1)
            }),
            diffusers: DIFFUSERS
                .map(|side| side.iter().map(|l| Diffuser::new(scaled(*l))).collect()),
            lines: lengths.into_iter().map(Ring::new).collect(),
            gains,
            damping: (1.0 - libm::exp(-corner)) as f32,
            damped: [0.0; LINES],
            low_cut: std::array::from_fn(|_| BiquadFilter::new(low_cut)),
        }
    }

    /// Turns a dry block into its reverberation, in place.
    pub fn process(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (l, r) in left.iter_mut().zip(right.iter_mut()) {
            let mut input = [self.pre_delay[0].push(*l), self.pre_delay[1].push(*r)];
            for (sample, diffusers) in input.iter_mut().zip(&mut self.diffusers) {
                *sample = diffusers.iter_mut().fold(*sample, |x, diffuser| diffuser.next(x));
            }
            (*l, *r) = self.step(input);
        }
        self.low_cut[0].process(left);
        self.low_cut[1].process(right);
    }

    /// One frame of the network. Even lines belong to the left, odd ones to the right.
    fn step(&mut self, input: [f32; 2]) -> (f32, f32) {
        let mut heard = [0.0_f32; LINES];
        for ((heard, line), (damped, gain)) in
            heard.iter_mut().zip(&self.lines).zip(self.damped.iter_mut().zip(&self.gains))
        {
            *damped += self.damping * (line.oldest() * gain - *damped);
            *damped = if damped.abs() < SILENT { 0.0 } else { *damped };
            *heard = *damped;
        }
        let sum: f32 = heard.iter().sum();
        let reflected = sum * (2.0 / LINES as f32);
        let (mut left, mut right) = (0.0, 0.0);
        for (n, (line, heard)) in self.lines.iter_mut().zip(heard).enumerate() {
            line.push(heard - reflected + input[n % 2] * 0.5);
            // Signs that alternate by pairs make the two sides differ.
            let signed = if n & 2 == 0 { heard } else { -heard };
            if n % 2 == 0 { left += signed } else { right += signed }
        }
        (left * 0.35, right * 0.35)
    }
}

/// A fixed delay.
#[derive(Debug, Clone)]
struct Ring {
    samples: Vec<f32>,
    at: usize,
}

impl Ring {
    fn new(length: usize) -> Self {
        Self { samples: vec![0.0; length], at: 0 }
    }

    fn oldest(&self) -> f32 {
        self.samples[self.at]
    }

    /// Puts a sample in and takes the oldest out.
    fn push(&mut self, sample: f32) -> f32 {
        let oldest = std::mem::replace(&mut self.samples[self.at], sample);
        self.at = if self.at + 1 == self.samples.len() { 0 } else { self.at + 1 };
        oldest
    }
}

/// Schroeder's all-pass section (1962): flat in level, smeared in time.
#[derive(Debug, Clone)]
struct Diffuser(Ring);

impl Diffuser {
    fn new(length: usize) -> Self {
        Self(Ring::new(length))
    }

    fn next(&mut self, x: f32) -> f32 {
        let delayed = self.0.oldest();
        let fed = x + DIFFUSION * delayed;
        self.0.push(if fed.abs() < SILENT { 0.0 } else { fed });
        delayed - DIFFUSION * fed
    }
}

#[cfg(test)]
mod tests {
    use super::{Biquad, BiquadFilter, Reverb, Room};
    use crate::SampleRate;

    fn room(decay_s: f64) -> Room {
        Room { decay_s, damping_hz: 18_000.0, pre_delay_s: 0.02, low_cut_hz: 30.0 }
    }

    fn answer(room: Room, seconds: f64) -> (Vec<f32>, Vec<f32>) {
        let rate = SampleRate::STUDIO;
        let mut left = vec![0.0; rate.frames(seconds).index()];
        let mut right = left.clone();
        (left[0], right[0]) = (1.0, 1.0);
        Reverb::new(rate, room).process(&mut left, &mut right);
        (left, right)
    }

    /// Schroeder (1965): the decay is the backward integral; T60 from -5 to -35 dB.
    fn decay_time(plane: &[f32]) -> f64 {
        let mut energy: Vec<f64> = plane
            .iter()
            .rev()
            .scan(0.0, |sum, s| {
                *sum += f64::from(*s) * f64::from(*s);
                Some(*sum)
            })
            .collect();
        energy.reverse();
        let reaches = |db: f64| {
            let level = energy[0] * libm::pow(10.0, db / 10.0);
            energy.iter().position(|e| *e < level).unwrap() as f64 / 48_000.0
        };
        2.0 * (reaches(-35.0) - reaches(-5.0))
    }

    #[test]
    fn a_room_decays_in_its_time() {
        for want in [0.6, 1.5, 3.0] {
            let (left, right) = answer(room(want), want * 2.0);
            for mut plane in [left, right] {
                // The stated time is that of tones well below the damping corner.
                let low = Biquad::low_pass(SampleRate::STUDIO, 2_000.0, 0.7);
                BiquadFilter::new(low).process(&mut plane);
                let measured = decay_time(&plane);
                assert!((measured / want - 1.0).abs() < 0.1, "{want} s measured {measured:.2} s");
            }
        }
    }

    #[test]
    fn the_sides_differ_and_the_pre_delay_is_kept() {
        let (left, right) = answer(room(1.0), 1.0);
        assert!(left[..960].iter().all(|s| *s == 0.0));
        let dot: f64 = left.iter().zip(&right).map(|(l, r)| f64::from(l * r)).sum();
        let norm: f64 = left.iter().map(|l| f64::from(l * l)).sum();
        assert!((dot / norm).abs() < 0.3, "{}", dot / norm);
    }

    #[test]
    fn silence_stays_silence() {
        let mut left = vec![0.0_f32; 4_800];
        let mut right = left.clone();
        Reverb::new(SampleRate::STUDIO, room(2.0)).process(&mut left, &mut right);
        assert!(left.iter().chain(&right).all(|s| *s == 0.0));
    }
}
