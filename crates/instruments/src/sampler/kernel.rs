use super::sinc::{PHASES, TAPS, Table};

#[cfg(target_arch = "x86_64")]
mod avx2;

/// Which code path the inner loops take. The result is the same, bit for bit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kernel {
    /// The fastest the processor has.
    #[default]
    Detect,
    /// Plain Rust, for comparison and for finding faults.
    Scalar,
}

impl Kernel {
    /// Whether this choice, on this processor, means AVX2.
    pub(crate) fn uses_avx2(self) -> bool {
        #[cfg(target_arch = "x86_64")]
        {
            self == Kernel::Detect && is_x86_feature_detected!("avx2")
        }
        #[cfg(not(target_arch = "x86_64"))]
        {
            false
        }
    }
}

/// A position in a sample: 32 bits of whole samples, 32 bits between them.
pub(crate) type Position = u64;

/// Reads `source` at even steps into `out`. The position counts from `source[0]`, and its
/// sample is `source[whole + 7]`: seven samples of history come first.
///
/// Panics if `source` does not reach 16 samples beyond the last whole position.
pub(crate) fn interpolate(
    avx2: bool,
    source: &[f32],
    table: &Table,
    start: Position,
    step: u64,
    out: &mut [f32],
) {
    let Some(last) = out.len().checked_sub(1) else { return };
    let reach = ((start + step * last as u64) >> 32) as usize + TAPS;
    assert!(source.len() >= reach, "{} samples do not reach {reach}", source.len());
    #[cfg(target_arch = "x86_64")]
    if avx2 {
        return avx2::interpolate(source, table, start, step, out);
    }
    scalar(source, table, start, step, out);
}

/// The twin of the AVX2 kernel: eight sums, added in the same order.
fn scalar(source: &[f32], table: &Table, start: Position, step: u64, out: &mut [f32]) {
    let mut position = start;
    for sample in out {
        let (whole, phase, between) = split(position);
        let x = &source[whole..whole + TAPS];
        let (here, next) = (total(x, &table[phase].0), total(x, &table[phase + 1].0));
        *sample = here + between * (next - here);
        position += step;
    }
}

/// Sixteen products, folded to eight sums, then added neighbours first.
fn total(x: &[f32], row: &[f32; TAPS]) -> f32 {
    let s: [f32; 8] = std::array::from_fn(|lane| x[lane] * row[lane] + x[lane + 8] * row[lane + 8]);
    ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))
}

/// Whole sample, table row, and the share of the way to the next row.
fn split(position: Position) -> (usize, usize, f32) {
    const REST_BITS: u32 = 32 - PHASES.trailing_zeros();
    let fraction = position as u32;
    let rest = fraction & ((1 << REST_BITS) - 1);
    // 24 bits: exact in an f32.
    let between = rest as f32 * (1.0 / (1_u32 << REST_BITS) as f32);
    ((position >> 32) as usize, (fraction >> REST_BITS) as usize, between)
}

#[cfg(test)]
mod tests {
    use super::{Kernel, interpolate};
    use crate::sampler::sinc::table;

    /// Signal to noise in dB of a sine of `frequency` cycles per sample, read in steps of `ratio`.
    fn purity(frequency: f64, ratio: f64) -> f64 {
        let step = (ratio * 4_294_967_296.0) as u64;
        let angle = |sample: f64| std::f64::consts::TAU * frequency * sample;
        let source: Vec<f32> =
            (0..8_192).map(|n| libm::sin(angle(f64::from(n) - 7.0)) as f32).collect();
        let mut out = vec![0.0; 4_096];
        interpolate(false, &source, table(ratio as f32), 0, step, &mut out);
        let (mut signal, mut noise) = (0.0, 0.0);
        for (n, sample) in out.iter().enumerate() {
            let exact = libm::sin(angle(n as f64 * step as f64 / 4_294_967_296.0));
            signal += exact * exact;
            noise += (exact - f64::from(*sample)) * (exact - f64::from(*sample));
        }
        10.0 * libm::log10(signal / noise)
    }

    #[test]
    fn a_sine_four_semitones_down_stays_85_decibels_clean() {
        let ratio = libm::exp2(-4.0 / 12.0);
        let measured: Vec<f64> =
            [0.02, 0.05, 0.1, 0.2, 0.3].iter().map(|f| purity(*f, ratio)).collect();
        assert!(measured.iter().take(4).all(|snr| *snr > 82.0), "{measured:?}");
        assert!(measured[2] > 85.0, "{measured:?}");
    }

    #[test]
    fn both_paths_give_the_same_bits() {
        if !Kernel::Detect.uses_avx2() {
            return;
        }
        let mut chance = clock::Seed(1).stream("kernel");
        let source: Vec<f32> = (0..4_096).map(|_| chance.between(-1.0, 1.0) as f32).collect();
        for length in [0, 1, 7, 8, 9, 16, 63, 64] {
            for _ in 0..50 {
                let ratio = chance.between(0.01, 30.0);
                let start = (chance.unit() * 4_294_967_296.0) as u64;
                let step = (ratio * 4_294_967_296.0) as u64;
                let (mut fast, mut slow) = (vec![0.0; length], vec![0.0; length]);
                interpolate(true, &source, table(ratio as f32), start, step, &mut fast);
                interpolate(false, &source, table(ratio as f32), start, step, &mut slow);
                let bits = |v: &[f32]| v.iter().map(|s| s.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&fast), bits(&slow), "ratio {ratio}, length {length}");
            }
        }
    }
}
