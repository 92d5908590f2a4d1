use super::Adsr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Attack,
    Decay,
    Release,
    Done,
}

/// A running envelope: a straight attack, then exponential falls that end in finite time.
#[derive(Debug, Clone)]
pub(crate) struct Envelope {
    stage: Stage,
    level: f32,
    rise: f32,
    /// Share of the way to its goal that a decay or release goes each frame.
    decay: f32,
    sustain: f32,
    release: f32,
}

/// Falls aim a little beyond silence, so that they reach it.
const BEYOND: f32 = 0.000_5;
/// Time constants in the time given: within 1 % of the goal.
const CONSTANTS: f64 = 4.6;

impl Envelope {
    pub(crate) fn new(times: &Adsr, rate: f32) -> Self {
        let frames = |ms: f64| (ms * 0.001 * f64::from(rate)).max(1.0);
        let share = |ms: f64| (1.0 - libm::exp(-CONSTANTS / frames(ms))) as f32;
        Self {
            stage: Stage::Attack,
            level: 0.0,
            rise: (1.0 / frames(times.attack_ms.max(0.5))) as f32,
            decay: share(times.decay_ms),
            sustain: times.sustain as f32,
            release: share(times.release_ms),
        }
    }

    /// Begins again from the level it has.
    pub(crate) fn strike(&mut self) {
        self.stage = Stage::Attack;
    }

    /// The key comes up.
    pub(crate) fn release(&mut self) {
        if self.stage != Stage::Done {
            self.stage = Stage::Release;
        }
    }

    /// Fades to nothing over a few milliseconds.
    pub(crate) fn cut(&mut self, rate: f32) {
        self.release = 1.0 - libm::expf(-(CONSTANTS as f32) / (0.005 * rate));
        self.release();
    }

    /// The next frame's level, 0 to 1.
    pub(crate) fn next(&mut self) -> f32 {
        match self.stage {
            Stage::Attack => {
                self.level += self.rise;
                if self.level >= 1.0 {
                    self.level = 1.0;
                    self.stage = Stage::Decay;
                }
            }
            Stage::Decay => {
                let goal = if self.sustain > 0.0 { self.sustain } else { -BEYOND };
                self.level += (goal - self.level) * self.decay;
                self.end_at_silence();
            }
            Stage::Release => {
                self.level += (-BEYOND - self.level) * self.release;
                self.end_at_silence();
            }
            Stage::Done => {}
        }
        self.level
    }

    fn end_at_silence(&mut self) {
        if self.level <= 0.0 {
            self.level = 0.0;
            self.stage = Stage::Done;
        }
    }

    pub(crate) fn level(&self) -> f32 {
        self.level
    }

    pub(crate) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    pub(crate) fn is_released(&self) -> bool {
        matches!(self.stage, Stage::Release | Stage::Done)
    }
}
