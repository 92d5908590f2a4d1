#![expect(unsafe_code, reason = "source reads whose bounds are checked once for a block")]

use super::eight::{Eight, Plain};
use super::reader::BLOCK;
use super::sinc::{PHASES, TAPS, Table};

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
/// Panics if `source` does not reach 16 samples beyond the last whole position, or `out` is longer
/// than a block.
pub(crate) fn interpolate(
    avx2: bool,
    source: &[f32],
    table: &Table,
    start: Position,
    step: u64,
    out: &mut [f32],
) {
    let Some(last) = out.len().checked_sub(1) else { return };
    assert!(out.len() <= BLOCK, "{} is more than a block", out.len());
    let reach = ((start + step * last as u64) >> 32) as usize + TAPS;
    assert!(source.len() >= reach, "{} samples do not reach {reach}", source.len());
    #[cfg(target_arch = "x86_64")]
    if avx2 {
        // SAFETY: the caller asks for this path only after detecting AVX2; the reach is checked.
        return unsafe { on_registers(source, table, start, step, out) };
    }
    // SAFETY: the reach is checked.
    unsafe { run::<Plain>(source, table, start, step, out) }
}

/// # Safety
///
/// As [`run`].
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
unsafe fn on_registers(source: &[f32], table: &Table, start: Position, step: u64, out: &mut [f32]) {
    // SAFETY: handed on.
    unsafe { run::<super::eight::Register>(source, table, start, step, out) }
}

/// Bits of a position's fraction that choose a row of the table, and those that remain.
const PHASE_BITS: u32 = PHASES.trailing_zeros();
const REST_BITS: u32 = 32 - PHASE_BITS;

/// Eight outputs at a time; a short last group is computed whole at its last position.
///
/// # Safety
///
/// `source` must hold 16 samples from every whole position on.
#[inline(always)]
unsafe fn run<V: Eight>(
    source: &[f32],
    table: &Table,
    start: Position,
    step: u64,
    out: &mut [f32],
) {
    let between = rests(start, step);
    let mut sums = [V::all(0.0); 8];
    let mut position = start;
    let (groups, rest) = out.as_chunks_mut();
    let (shares, _) = between.as_chunks::<8>();
    for (out, shares) in groups.iter_mut().zip(shares) {
        for (sum, share) in sums.iter_mut().zip(shares) {
            // SAFETY: demanded above.
            *sum = unsafe { products(source, table, position, *share) };
            position += step;
        }
        V::totals(sums).store(out);
    }
    if !rest.is_empty() {
        for (sum, share) in sums.iter_mut().zip(&between[8 * groups.len()..]).take(rest.len()) {
            // SAFETY: demanded above.
            *sum = unsafe { products(source, table, position, *share) };
            position += step;
        }
        let mut all = [0.0; 8];
        V::totals(sums).store(&mut all);
        rest.copy_from_slice(&all[..rest.len()]);
    }
}

/// Sixteen products at a position, folded to eight sums.
///
/// # Safety
///
/// `source` must hold 16 samples from the position on.
#[inline(always)]
unsafe fn products<V: Eight>(source: &[f32], table: &Table, position: Position, share: f32) -> V {
    let row = &table[(position as u32 >> REST_BITS) as usize];
    // SAFETY: demanded above.
    let x = unsafe { &*source.as_ptr().add((position >> 32) as usize).cast::<[[f32; 8]; 2]>() };
    let share = V::all(share);
    let (here, rise) = (row.here.as_chunks().0, row.rise.as_chunks().0);
    let low = V::load(&here[0]).plus(share.times(V::load(&rise[0])));
    let high = V::load(&here[1]).plus(share.times(V::load(&rise[1])));
    V::load(&x[0]).times(low).plus(V::load(&x[1]).times(high))
}

/// For each output of a block, how far it is from one row of the table to the next.
#[inline(always)]
fn rests(start: Position, step: u64) -> [f32; BLOCK] {
    let mut fraction = start as u32;
    let mut rests = [0.0; BLOCK];
    for rest in &mut rests {
        // 24 bits: exact in an f32.
        *rest =
            (fraction & ((1 << REST_BITS) - 1)) as i32 as f32 * (1.0 / (1_u32 << REST_BITS) as f32);
        fraction = fraction.wrapping_add(step as u32);
    }
    rests
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Kernel, interpolate};
    use crate::sampler::sinc::table;

    /// Signal to noise in dB of a sine of `frequency` cycles per sample, read in steps of `ratio`.
    fn purity(frequency: f64, ratio: f64) -> f64 {
        let step = (ratio * 4_294_967_296.0) as u64;
        let angle = |sample: f64| std::f64::consts::TAU * frequency * sample;
        let source: Vec<f32> =
            (0..8_192).map(|n| libm::sin(angle(f64::from(n) - 7.0)) as f32).collect();
        let mut out = vec![0.0; 4_096];
        let mut position = 0;
        for block in out.chunks_mut(BLOCK) {
            let (source, start) = (&source[(position >> 32) as usize..], position & 0xffff_ffff);
            interpolate(false, source, table(ratio as f32), start, step, block);
            position += step * BLOCK as u64;
        }
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
