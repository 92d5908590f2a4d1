/// Eight numbers that are worked on side by side: one AVX register, or plain Rust that does the
/// same operations in the same order, so that both give the same bits.
///
/// The register's operations become single instructions only inside code compiled for AVX2, and
/// never inside a closure: closures are compiled for the plain processor. Whoever calls such code
/// has detected the feature.
pub(crate) trait Eight: Copy {
    /// The same number eight times.
    fn all(number: f32) -> Self;
    fn load(from: &[f32; 8]) -> Self;
    fn store(self, to: &mut [f32; 8]);
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// Columns of eight rows.
    fn turned(rows: [Self; 8]) -> [Self; 8];
    /// The total of each row, added up in pairs: neighbours first.
    fn totals(rows: [Self; 8]) -> Self;
}

/// The plain twin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plain([f32; 8]);

impl Plain {
    #[inline(always)]
    fn each(self, other: Self, of: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|n| of(self.0[n], other.0[n])))
    }
}

impl Eight for Plain {
    #[inline(always)]
    fn all(number: f32) -> Self {
        Self([number; 8])
    }

    #[inline(always)]
    fn load(from: &[f32; 8]) -> Self {
        Self(*from)
    }

    #[inline(always)]
    fn store(self, to: &mut [f32; 8]) {
        *to = self.0;
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self.each(other, |a, b| a - b)
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self.each(other, |a, b| a * b)
    }

    #[inline(always)]
    fn turned(rows: [Self; 8]) -> [Self; 8] {
        std::array::from_fn(|n| Self(std::array::from_fn(|row| rows[row].0[n])))
    }

    #[inline(always)]
    fn totals(rows: [Self; 8]) -> Self {
        Self(rows.map(|Self(s)| ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]))))
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) use register::Register;

#[cfg(target_arch = "x86_64")]
mod register {
    #![expect(unsafe_code, reason = "vector intrinsics, reached from code compiled for AVX2 only")]

    use std::arch::x86_64::{
        __m256, _mm256_add_ps, _mm256_hadd_ps, _mm256_loadu_ps, _mm256_mul_ps,
        _mm256_permute2f128_ps, _mm256_set1_ps, _mm256_shuffle_ps, _mm256_storeu_ps, _mm256_sub_ps,
        _mm256_unpackhi_ps, _mm256_unpacklo_ps,
    };

    use super::Eight;

    /// An AVX register.
    #[derive(Clone, Copy)]
    pub(crate) struct Register(__m256);

    // SAFETY, for each block below: AVX is there, as the trait demands of its caller, and what is
    // loaded or stored is exactly eight numbers.
    impl Eight for Register {
        #[inline(always)]
        fn all(number: f32) -> Self {
            Self(unsafe { _mm256_set1_ps(number) })
        }

        #[inline(always)]
        fn load(from: &[f32; 8]) -> Self {
            Self(unsafe { _mm256_loadu_ps(from.as_ptr()) })
        }

        #[inline(always)]
        fn store(self, to: &mut [f32; 8]) {
            unsafe { _mm256_storeu_ps(to.as_mut_ptr(), self.0) }
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self(unsafe { _mm256_add_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            Self(unsafe { _mm256_sub_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            Self(unsafe { _mm256_mul_ps(self.0, other.0) })
        }

        #[inline(always)]
        fn turned(rows: [Self; 8]) -> [Self; 8] {
            let [a, b, c, d, e, f, g, h] = rows.map(|row| row.0);
            let ([a, b, c, d], [e, f, g, h]) =
                unsafe { (quarter(a, b, c, d), quarter(e, f, g, h)) };
            unsafe {
                [
                    Self(_mm256_permute2f128_ps::<0x20>(a, e)),
                    Self(_mm256_permute2f128_ps::<0x20>(b, f)),
                    Self(_mm256_permute2f128_ps::<0x20>(c, g)),
                    Self(_mm256_permute2f128_ps::<0x20>(d, h)),
                    Self(_mm256_permute2f128_ps::<0x31>(a, e)),
                    Self(_mm256_permute2f128_ps::<0x31>(b, f)),
                    Self(_mm256_permute2f128_ps::<0x31>(c, g)),
                    Self(_mm256_permute2f128_ps::<0x31>(d, h)),
                ]
            }
        }

        #[inline(always)]
        fn totals(rows: [Self; 8]) -> Self {
            let [a, b, c, d, e, f, g, h] = rows.map(|row| row.0);
            Self(unsafe {
                // The sums of four lower halves, then of their upper halves.
                let abcd = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
                let efgh = _mm256_hadd_ps(_mm256_hadd_ps(e, f), _mm256_hadd_ps(g, h));
                _mm256_add_ps(
                    _mm256_permute2f128_ps::<0x20>(abcd, efgh),
                    _mm256_permute2f128_ps::<0x31>(abcd, efgh),
                )
            })
        }
    }

    /// Turns four rows, each half by itself.
    #[inline]
    #[target_feature(enable = "avx2")]
    fn quarter(a: __m256, b: __m256, c: __m256, d: __m256) -> [__m256; 4] {
        let (ab, cd) = (_mm256_unpacklo_ps(a, b), _mm256_unpacklo_ps(c, d));
        let (up_ab, up_cd) = (_mm256_unpackhi_ps(a, b), _mm256_unpackhi_ps(c, d));
        [
            _mm256_shuffle_ps::<0x44>(ab, cd),
            _mm256_shuffle_ps::<0xee>(ab, cd),
            _mm256_shuffle_ps::<0x44>(up_ab, up_cd),
            _mm256_shuffle_ps::<0xee>(up_ab, up_cd),
        ]
    }
}
