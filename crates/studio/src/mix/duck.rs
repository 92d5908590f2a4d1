use audio::{Decibels, Frames, SampleRate};

use crate::mix::DuckTable;

/// Milliseconds over which the gain falls: quick, but no click.
const FALL_MS: f64 = 4.0;

/// The gain a kick leaves to others, frame by frame. Made from the written kicks, so it is exact
/// and the same whatever the drums sound like.
#[derive(Debug, Clone)]
pub struct Duck {
    kicks: Vec<Frames>,
    depth_db: f64,
    recovery: f64,
    fall: f64,
}

impl Duck {
    /// From the kicks of a song, in order.
    pub fn new(table: DuckTable, kicks: Vec<Frames>, rate: SampleRate) -> Self {
        let frames = |ms: f64| ms / 1_000.0 * rate.hz_f64();
        Self {
            kicks,
            depth_db: table.depth_db,
            recovery: frames(table.recovery_ms),
            fall: frames(FALL_MS),
        }
    }

    /// Pushes a stem down by its share, 0 to 1.
    pub fn apply(&self, planes: [&mut [f32]; 2], share: f64) {
        let floor = Decibels(-self.depth_db * share).amplitude();
        let [left, right] = planes;
        for (n, kick) in self.kicks.iter().enumerate() {
            // The fall begins before the kick, so that the kick itself finds room.
            let from = (kick.0 as f64 - self.fall).max(0.0) as usize;
            let next = self
                .kicks
                .get(n + 1)
                .map_or(left.len(), |next| (next.0 as f64 - self.fall).max(0.0) as usize);
            let to = next.min(left.len());
            for frame in from.min(to)..to {
                let since = frame as f64 - kick.0 as f64;
                let gain = self.gain(since, floor) as f32;
                if since > self.recovery {
                    break;
                }
                left[frame] *= gain;
                right[frame] *= gain;
            }
        }
    }

    /// Falls in a straight line to the kick, comes back along half a cosine.
    fn gain(&self, since: f64, floor: f64) -> f64 {
        if since < 0.0 {
            return 1.0 + (floor - 1.0) * (1.0 + since / self.fall);
        }
        let share = (since / self.recovery).min(1.0);
        floor + (1.0 - floor) * (0.5 - 0.5 * libm::cos(std::f64::consts::PI * share))
    }
}

#[cfg(test)]
mod tests {
    use super::Duck;
    use crate::mix::DuckTable;
    use audio::{Frames, SampleRate};

    #[test]
    fn the_gain_dips_at_the_kick_and_comes_back() {
        let table = DuckTable { depth_db: 6.0, recovery_ms: 100.0 };
        let duck = Duck::new(table, vec![Frames(1_000), Frames(10_000)], SampleRate::STUDIO);
        let (mut left, mut right) = (vec![1.0_f32; 12_000], vec![1.0_f32; 12_000]);
        duck.apply([&mut left, &mut right], 1.0);
        assert!((left[1_000] - 0.501).abs() < 0.001, "{}", left[1_000]);
        assert_eq!((left[0], left[7_000], right[1_000]), (1.0, 1.0, left[1_000]));
        assert!(left[9_900] < 1.0 && left[9_700] == 1.0);
        let steepest = left.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
        assert!(steepest < 0.01, "{steepest}");
    }
}
