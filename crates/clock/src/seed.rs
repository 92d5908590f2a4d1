use serde::{Deserialize, Serialize};

/// The one number all chance of a job derives from. Any value is valid, 0 included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// A stream of chance for one purpose. Streams of different labels are independent, so a
    /// draw added in one place never moves another.
    pub fn stream(self, label: &str) -> Chance {
        Chance::new(self.child(label))
    }

    /// The seed of a sub-job, so that it can hand out streams of its own.
    pub fn child(self, label: &str) -> Seed {
        // FNV-1a over the label, then the finaliser of SplitMix64 over both.
        let hash = label.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3)
        });
        Seed(mix(self.0 ^ mix(hash)))
    }
}

/// A deterministic stream of random draws: xoshiro256++ (Blackman & Vigna 2019), the same on
/// every machine.
#[derive(Debug, Clone)]
pub struct Chance {
    state: [u64; 4],
}

impl Chance {
    fn new(seed: Seed) -> Self {
        let mut x = seed.0;
        let state = std::array::from_fn(|_| {
            x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
            mix(x)
        });
        Self { state }
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        result
    }

    /// Uniform in [0, 1), 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in 0..n. `n` must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// True with the given probability; at most 0 is never, at least 1 is always.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Near-normal with mean 0 and deviation 1: twelve uniforms less six (Irwin-Hall), so it
    /// needs no transcendental function and never leaves +-6.
    pub fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// One item, all equally likely; none from an empty slice.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        if items.is_empty() { None } else { items.get(self.below(items.len())) }
    }

    /// An index drawn in proportion to `weights`; none when they do not sum to more than 0.
    pub fn weighted(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let mut left = self.unit() * total;
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return Some(index);
            }
        }
        weights.iter().rposition(|w| *w > 0.0)
    }
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection that scatters bits.
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::{Chance, Seed};

    #[test]
    fn matches_the_reference_sequence() {
        // First outputs of the authors' C program from state {1, 2, 3, 4}.
        let mut chance = Chance { state: [1, 2, 3, 4] };
        let drawn: Vec<u64> = (0..5).map(|_| chance.bits()).collect();
        assert_eq!(
            drawn,
            [
                41_943_041,
                58_720_359,
                3_588_806_011_781_223,
                3_591_011_842_654_386,
                9_228_616_714_210_784_205
            ]
        );
    }

    #[test]
    fn a_label_names_its_own_stream() {
        let seed = Seed(7);
        assert_eq!(seed.stream("melody").bits(), seed.stream("melody").bits());
        assert_ne!(seed.stream("melody").bits(), seed.stream("bass").bits());
        assert_ne!(seed.stream("melody").bits(), Seed(8).stream("melody").bits());
    }

    #[test]
    fn normal_has_mean_zero_and_deviation_one() {
        let mut chance = Seed(1).stream("normal");
        let draws: Vec<f64> = (0..20_000).map(|_| chance.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }

    #[test]
    fn weights_are_respected() {
        let mut chance = Seed(2).stream("weights");
        let mut counts = [0_u32; 3];
        for _ in 0..9_000 {
            counts[chance.weighted(&[1.0, 0.0, 2.0]).unwrap()] += 1;
        }
        assert_eq!(counts[1], 0);
        assert!((2_700..3_300).contains(&counts[0]), "{counts:?}");
        assert_eq!(chance.weighted(&[0.0, 0.0]), None);
    }
}
