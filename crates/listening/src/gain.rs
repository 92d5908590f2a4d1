use audio::Decibels;

/// Gains of what is heard: of the master, and of the sound as it came beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gains([f32; 2]);

impl Gains {
    pub(crate) fn new(master: Decibels, original: Decibels) -> Self {
        Self([master.amplitude() as f32, original.amplitude() as f32])
    }
}

/// Gains at work, which go over to others at once, or on a straight line.
#[derive(Debug)]
pub(crate) struct Level {
    from: [f32; 2],
    to: [f32; 2],
    done: usize,
    length: usize,
}

impl Level {
    pub(crate) fn new(Gains(at): Gains) -> Self {
        Self { from: at, to: at, done: 0, length: 0 }
    }

    pub(crate) fn set(&mut self, gains: Gains) {
        *self = Self::new(gains);
    }

    /// Reaches others after so many frames.
    pub(crate) fn glide(&mut self, Gains(to): Gains, frames: usize) {
        *self = Self { from: self.now(), to, done: 0, length: frames };
    }

    /// Those of the next frame.
    pub(crate) fn next(&mut self) -> [f32; 2] {
        self.done = self.length.min(self.done + 1);
        self.now()
    }

    fn now(&self) -> [f32; 2] {
        if self.done == self.length {
            return self.to;
        }
        let share = self.done as f32 / self.length as f32;
        [0, 1].map(|n| self.from[n] + (self.to[n] - self.from[n]) * share)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gains, Level};

    #[test]
    fn a_level_is_reached_in_even_steps_and_then_kept() {
        let mut level = Level::new(Gains([1.0, 0.5]));
        assert_eq!(level.next(), [1.0, 0.5]);
        level.glide(Gains([0.0, 1.0]), 4);
        let heard: Vec<f32> = (0..6).map(|_| level.next()[0]).collect();
        assert_eq!(heard, [0.75, 0.5, 0.25, 0.0, 0.0, 0.0]);
        level.glide(Gains([1.0, 1.0]), 2);
        assert_eq!(level.next(), [0.5, 1.0]);
        level.set(Gains([0.1, 0.2]));
        assert_eq!(level.next(), [0.1, 0.2]);
    }
}
