/// The times of one six-stage envelope, in frames, and its sustain level.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stages {
    pub(crate) delay: f32,
    pub(crate) attack: f32,
    pub(crate) hold: f32,
    /// Frames a decay over the whole range would take.
    pub(crate) decay: f32,
    /// Drop from the peak at which the decay ends, as a share of the whole range.
    pub(crate) sustain: f32,
    /// Frames a release over the whole range would take.
    pub(crate) release: f32,
}

/// The whole range of a volume envelope: the hardware fades over 96 dB.
pub(crate) const RANGE_DB: f32 = 96.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Delay,
    Attack,
    Hold,
    Decay,
    Sustain,
    Release,
    Done,
}

/// A delay-attack-hold-decay-sustain-release envelope (section 9.1.7).
///
/// It runs on one line from 1 (peak) to 0 (silence) that the volume reads as decibels and the
/// modulation as a share. Only the attack differs: there the volume is linear in amplitude, the
/// modulation convex.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    stages: Stages,
    stage: Stage,
    /// Frames left in a delay, attack or hold.
    left: f32,
    level: f32,
}

impl Envelope {
    pub(crate) fn new(stages: Stages) -> Self {
        let mut envelope = Self { left: stages.delay, stages, stage: Stage::Delay, level: 0.0 };
        envelope.advance(0.0);
        envelope
    }

    /// Moves on by some frames, through as many stages as they reach.
    pub(crate) fn advance(&mut self, frames: f32) {
        let mut frames = frames;
        loop {
            match self.stage {
                Stage::Delay | Stage::Attack | Stage::Hold => {
                    if self.left > frames {
                        self.left -= frames;
                        return;
                    }
                    frames -= self.left;
                    self.next();
                }
                Stage::Decay => {
                    let floor = 1.0 - self.stages.sustain;
                    self.level -= frames / self.stages.decay;
                    if self.level <= floor {
                        self.level = floor;
                        self.stage = if floor > 0.0 { Stage::Sustain } else { Stage::Done };
                    }
                    return;
                }
                Stage::Release => {
                    self.level -= frames / self.stages.release;
                    if self.level <= 0.0 {
                        self.level = 0.0;
                        self.stage = Stage::Done;
                    }
                    return;
                }
                Stage::Sustain | Stage::Done => return,
            }
        }
    }

    fn next(&mut self) {
        (self.stage, self.left) = match self.stage {
            Stage::Delay => (Stage::Attack, self.stages.attack),
            Stage::Attack => (Stage::Hold, self.stages.hold),
            _ => (Stage::Decay, 0.0),
        };
        if self.stage != Stage::Attack {
            self.level = 1.0;
        }
    }

    /// The key comes up. An attack falls back from the loudness it had reached.
    pub(crate) fn release(&mut self, frames: f32) {
        if self.stage == Stage::Done {
            return;
        }
        let amplitude = self.rising();
        match self.stage {
            Stage::Delay => self.level = 0.0,
            Stage::Attack if amplitude <= 0.0 => self.level = 0.0,
            // 20 log10 of the amplitude as a share of the range.
            Stage::Attack => {
                self.level = (1.0 + 20.0 / RANGE_DB * libm::log10f(amplitude)).max(0.0);
            }
            _ => {}
        }
        self.stages.release = frames;
        self.stage = Stage::Release;
        self.advance(0.0);
    }

    /// How much of the attack is done, 0 to 1.
    fn rising(&self) -> f32 {
        if self.stage == Stage::Attack { 1.0 - self.left / self.stages.attack } else { 0.0 }
    }

    /// What the volume makes of it: attenuation in dB and a linear factor.
    pub(crate) fn volume(&self) -> (f32, f32) {
        match self.stage {
            Stage::Delay | Stage::Done => (0.0, 0.0),
            Stage::Attack => (0.0, self.rising()),
            _ => ((1.0 - self.level) * RANGE_DB, 1.0),
        }
    }

    /// What modulation makes of it: 0 to 1.
    pub(crate) fn share(&self) -> f32 {
        match self.stage {
            Stage::Delay | Stage::Done => 0.0,
            Stage::Attack => crate::soundfont::convex(self.rising()),
            _ => self.level,
        }
    }

    /// Frames left of the delay.
    pub(crate) fn waits(&self) -> f32 {
        if self.stage == Stage::Delay { self.left } else { 0.0 }
    }

    /// Whether nothing more will come.
    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }
}

impl Stages {
    /// From the six generators that begin at `first` and the two key followers at `by_key`.
    /// `full` is the sustain amount that means silence: 960 for centibels, 1000 for a share.
    pub(crate) fn read(
        value: impl Fn(usize) -> f32,
        first: usize,
        by_key: usize,
        key: f32,
        full: f32,
        rate: f32,
    ) -> Self {
        let away = 60.0 - key;
        Self {
            delay: seconds_or_none(value(first)) * rate,
            attack: seconds(value(first + 1), ATTACK_MAX) * rate,
            hold: seconds_or_none(value(first + 2) + away * value(by_key)) * rate,
            decay: seconds(value(first + 3) + away * value(by_key + 1), ATTACK_MAX) * rate,
            sustain: (value(first + 4) / full).clamp(0.0, 1.0),
            release: seconds(value(first + 5), ATTACK_MAX) * rate,
        }
    }
}

/// Longest attack, decay and release in timecents: 101.6 s (section 8.1.3).
const ATTACK_MAX: f32 = 8_000.0;
/// Longest delay and hold in timecents: 20.2 s.
const HOLD_MAX: f32 = 5_000.0;

/// Timecents as seconds, at least a millisecond.
pub(crate) fn seconds(timecents: f32, longest: f32) -> f32 {
    crate::exponent::interval(timecents.clamp(-12_000.0, longest))
}

/// Timecents as seconds; the shortest value means none at all.
pub(crate) fn seconds_or_none(timecents: f32) -> f32 {
    if timecents <= -12_000.0 { 0.0 } else { seconds(timecents, HOLD_MAX) }
}

#[cfg(test)]
mod tests {
    use super::{Envelope, Stages};

    fn envelope() -> Envelope {
        Envelope::new(Stages {
            delay: 10.0,
            attack: 100.0,
            hold: 10.0,
            decay: 96.0,
            sustain: 0.125,
            release: 96.0,
        })
    }

    #[test]
    fn runs_through_its_stages_whatever_the_step() {
        for step in [1.0, 7.0, 64.0, 500.0] {
            let mut it = envelope();
            let mut at = 0.0;
            while at < 200.0 {
                it.advance(step);
                at += step;
            }
            let (decibels, factor) = it.volume();
            assert!((decibels - 12.0).abs() < 1e-4, "{step}: {decibels}");
            assert_eq!(factor, 1.0);
        }
    }

    #[test]
    fn the_attack_is_linear_in_amplitude_and_releases_from_there() {
        let mut it = envelope();
        it.advance(60.0);
        assert!((it.volume().1 - 0.5).abs() < 1e-6);
        it.release(96.0);
        let (decibels, factor) = it.volume();
        assert!((decibels - 6.02).abs() < 0.01, "{decibels}");
        assert_eq!(factor, 1.0);
        it.advance(96.0);
        assert!(it.is_done());
    }
}
