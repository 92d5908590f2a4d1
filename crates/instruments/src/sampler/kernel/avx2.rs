#![expect(unsafe_code, reason = "vector loads and the call into code compiled for AVX2")]

use std::arch::x86_64::{
    __m256, _mm256_add_ps, _mm256_hadd_ps, _mm256_loadu_ps, _mm256_mul_ps, _mm256_permute2f128_ps,
    _mm256_set1_ps, _mm256_storeu_ps, _mm256_sub_ps,
};

use super::{Position, TAPS, Table, scalar, split};
use crate::sampler::sinc::Row;

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
        let mut between = [0.0; 8];
        // Four at a time, so that all sums stay in registers.
        let mut quarters = [(_mm256_set1_ps(0.0), _mm256_set1_ps(0.0)); 2];
        for (half, quarter) in quarters.iter_mut().enumerate() {
            let mut sums = [(_mm256_set1_ps(0.0), _mm256_set1_ps(0.0)); 4];
            for (n, sum) in sums.iter_mut().enumerate() {
                let share = &mut between[4 * half + n];
                (sum.0, sum.1, *share) = products(source, table, position);
                position += step;
            }
            let [a, b, c, d] = sums;
            *quarter = (pairs(a.0, b.0, c.0, d.0), pairs(a.1, b.1, c.1, d.1));
        }
        let here = halves(quarters[0].0, quarters[1].0);
        let next = halves(quarters[0].1, quarters[1].1);
        // SAFETY: the array and the group have exactly eight numbers.
        unsafe {
            let between = _mm256_loadu_ps(between.as_ptr());
            let way = _mm256_mul_ps(between, _mm256_sub_ps(next, here));
            _mm256_storeu_ps(group.as_mut_ptr(), _mm256_add_ps(here, way));
        }
    }
    scalar(source, table, position, step, groups.into_remainder());
}

/// Adds the lanes of four vectors: neighbours first, then pairs. What is left are the sums of the
/// lower halves, below, and of the upper halves, above.
#[inline]
#[target_feature(enable = "avx2")]
fn pairs(a: __m256, b: __m256, c: __m256, d: __m256) -> __m256 {
    _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d))
}

/// Adds the halves of two times four vectors.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(a: __m256, b: __m256) -> __m256 {
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
        let by = |row: &Row| {
            _mm256_add_ps(
                _mm256_mul_ps(low, _mm256_loadu_ps(row.0.as_ptr())),
                _mm256_mul_ps(high, _mm256_loadu_ps(row.0.as_ptr().add(8))),
            )
        };
        (by(&rows[0]), by(&rows[1]), between)
    }
}
