use crate::analysis::frames::PowerFrames;
use crate::analysis::medians::{ROWS, in_frequency, in_time};
use crate::analysis::spectrum::nearest_power_of_two;

/// Length of a window, seconds, to the nearest power of two samples.
const WINDOW_S: f64 = 0.093;
/// From window to window, seconds. 17 of them are four windows long.
const HOP_S: f64 = 0.023;
/// Above this there are no steady partials to tell from noise.
const TOP_HZ: f64 = 10_000.0;
/// What must stand out this much, as power, to be called harmonic: the separation factor of
/// Driedger et al. 2014, squared. Noise stands out in neither direction, and is neither.
const SEPARATION: f32 = 4.0;

/// The share of a sound that is harmonic: steady in time and narrow in frequency.
///
/// Median filters of 17 windows and 17 bins over the power spectrum (FitzGerald, "Harmonic/
/// percussive separation using median filtering", DAFx 2010), soft masks with a separation factor
/// (Driedger, Mueller, Disch, ISMIR 2014), the power under the mask over all power.
#[derive(Debug, Clone)]
pub(super) struct Harmonic {
    frames: PowerFrames,
    medians: Medians,
}

#[derive(Debug, Clone)]
struct Medians {
    bins: usize,
    /// The last windows, of each first the even bins and then the odd ones.
    rows: Vec<Vec<f32>>,
    /// Windows heard.
    count: usize,
    padded: Vec<f32>,
    steady: [Vec<f32>; 2],
    abrupt: Vec<f32>,
    harmonic: f64,
    total: f64,
}

impl Harmonic {
    pub(super) fn new(rate_hz: f64) -> Self {
        let size = nearest_power_of_two(WINDOW_S * rate_hz).max(64);
        // An even number of bins, so that even and odd ones are as many.
        let bins = ((TOP_HZ / rate_hz * size as f64) as usize).min(size / 2) & !1;
        let medians = Medians {
            bins,
            rows: vec![vec![0.0; bins]; ROWS],
            count: 0,
            padded: Vec::new(),
            steady: [vec![0.0; bins], vec![0.0; bins]],
            abrupt: vec![0.0; bins],
            harmonic: 0.0,
            total: 0.0,
        };
        Self { frames: PowerFrames::new(size, HOP_S * rate_hz, bins), medians }
    }

    pub(super) fn push(&mut self, mono: &[f32]) {
        let medians = &mut self.medians;
        self.frames.push(mono, |power| medians.push(power));
    }

    /// 0 to 1; `None` for silence and sounds too short.
    pub(super) fn finish(self) -> Option<f64> {
        // A single window left over completes no pair of outputs.
        let Medians { harmonic, total, .. } = self.medians;
        (total > 0.0).then(|| harmonic / total)
    }
}

impl Medians {
    fn push(&mut self, power: &[f32]) {
        let row = &mut self.rows[self.count % ROWS];
        let (even, odd) = row.split_at_mut(self.bins / 2);
        for ((even, odd), pair) in even.iter_mut().zip(odd).zip(power.as_chunks::<2>().0) {
            [*even, *odd] = *pair;
        }
        self.count += 1;
        // Two windows are answered together, once all that surround them are there.
        if self.count >= ROWS && self.count.is_multiple_of(2) {
            self.answer();
        }
    }

    fn answer(&mut self) {
        let first = self.count - ROWS;
        let rows: [&[f32]; ROWS] =
            std::array::from_fn(|n| self.rows[(first + n) % ROWS].as_slice());
        let [before, after] = &mut self.steady;
        in_time(&rows, before, after);
        for (n, steady) in [(ROWS / 2 - 1, &self.steady[0]), (ROWS / 2, &self.steady[1])] {
            in_frequency(rows[n], &mut self.padded, &mut self.abrupt);
            let (mut harmonic, mut total) = ([0.0_f32; LANES], [0.0_f32; LANES]);
            let chunks = rows[n].as_chunks::<LANES>().0.iter();
            let masks = steady.as_chunks::<LANES>().0.iter().zip(self.abrupt.as_chunks().0);
            for (power, (steady, abrupt)) in chunks.zip(masks) {
                let abrupt: &[f32; LANES] = abrupt;
                for lane in 0..LANES {
                    let rest = SEPARATION * abrupt[lane];
                    // Where both are nothing the mask is nothing.
                    let mask = steady[lane] / (steady[lane] + rest + f32::MIN_POSITIVE);
                    harmonic[lane] += mask * power[lane];
                    total[lane] += power[lane];
                }
            }
            self.harmonic += f64::from(harmonic.iter().sum::<f32>());
            self.total += f64::from(total.iter().sum::<f32>());
        }
    }
}

/// Bins summed side by side; the few that fill no lanes are the highest and are left out.
const LANES: usize = 16;
