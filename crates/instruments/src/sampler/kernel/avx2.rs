#![expect(unsafe_code, reason = "vector loads and the call into code compiled for AVX2")]

use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_hadd_ps, _mm256_loadu_ps, _mm256_mul_ps, _mm256_permute2f128_ps,
    _mm256_set1_ps, _mm256_storeu_ps, _mm256_sub_ps,
};

use super::{Position, TAPS, Table, scalar, split};

/// As [`super::interpolate`], which has checked that `source` reaches far enough and that the
/// processor has AVX2.
pub(super) fn interpolate(
    source: &[f32],
    table: &Table,
    start: Position,
    step: u64,
    out: &mut [f32],
) {
    // SAFETY: the caller asks for this path only after detecting AVX2.
    unsafe { eight_at_a_time(source, table, start, step, out) }
}

#[target_feature(enable = "avx2")]
fn eight_at_a_time(source: &[f32], table: &Table, start: Position, step: u64, out: &mut [f32]) {
    let mut position = start;
    let mut groups = out.chunks_exact_mut(8);
    for group in &mut groups {
        let mut here = [_mm256_set1_ps(0.0); 8];
        let mut next = [_mm256_set1_ps(0.0); 8];
        let mut between = [0.0; 8];
        for n in 0..8 {
            (here[n], next[n], between[n]) = products(source, table, position);
            position += step;
        }
        let (here, next) = (totals(&here), totals(&next));
        // SAFETY: both arrays have exactly eight numbers.
        unsafe {
            let between = _mm256_loadu_ps(between.as_ptr());
            let way = _mm256_mul_ps(between, _mm256_sub_ps(next, here));
            _mm256_storeu_ps(group.as_mut_ptr(), _mm256_add_ps(here, way));
        }
    }
    scalar(source, table, position, step, groups.into_remainder());
}

/// The sum of each vector's lanes: neighbours first, then pairs, then halves.
#[inline]
#[target_feature(enable = "avx2")]
fn totals(sums: &[__m256; 8]) -> __m256 {
    let a = _mm256_hadd_ps(_mm256_hadd_ps(sums[0], sums[1]), _mm256_hadd_ps(sums[2], sums[3]));
    let b = _mm256_hadd_ps(_mm256_hadd_ps(sums[4], sums[5]), _mm256_hadd_ps(sums[6], sums[7]));
    // The lower halves hold lanes 0 to 3 of each sum, the upper halves lanes 4 to 7.
    let low = _mm256_permute2f128_ps::<0x20>(a, b);
    let high = _mm256_permute2f128_ps::<0x31>(a, b);
    _mm256_add_ps(low, high)
}

/// One output sample by the row at or before its position and by the next one: sixteen products
/// each, folded to eight sums; and how far it is from the one to the other.
#[inline]
#[target_feature(enable = "avx2")]
fn products(source: &[f32], table: &Table, position: Position) -> (__m256, __m256, f32) {
    let (whole, phase, between) = split(position);
    debug_assert!(whole + TAPS <= source.len());
    let rows = &table[phase..phase + 2];
    // SAFETY: `super::interpolate` has checked that 16 samples follow every whole position, and
    // each row has 16 coefficients.
    unsafe {
        let low = _mm256_loadu_ps(source.as_ptr().add(whole));
        let high = _mm256_loadu_ps(source.as_ptr().add(whole + 8));
        let by = |row: &[f32; TAPS]| {
            _mm256_add_ps(
                _mm256_mul_ps(low, _mm256_loadu_ps(row.as_ptr())),
                _mm256_mul_ps(high, _mm256_loadu_ps(row.as_ptr().add(8))),
            )
        };
        (by(&rows[0]), by(&rows[1]), between)
    }
}
