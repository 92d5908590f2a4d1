/// The discrete Fourier transform of a complex signal whose length is a power of two.
///
/// Stockham's algorithm in radix 4 (Van Loan, "Computational frameworks for the fast Fourier
/// transform", 1992): every pass runs along contiguous memory, real and imaginary parts apart, so
/// the compiler can use registers of any width. Each output has its own sum in one order: the
/// bits do not depend on the width. Analysis of whole tracks lives on this speed; where it does
/// not matter, `realfft` without its own dispatch gives fixed bits too.
#[derive(Debug, Clone)]
pub struct Fourier {
    passes: Vec<Pass>,
    spare_re: Vec<f32>,
    spare_im: Vec<f32>,
}

/// One pass of radix 4: `turns` groups of `stride` neighbours.
#[derive(Debug, Clone)]
struct Pass {
    stride: usize,
    /// exp(-i tau k p / n) for k = 1, 2, 3: of each the real, then the imaginary parts.
    turns: [[Vec<f32>; 2]; 3],
}

/// Neighbours of the first pass taken together.
const LANES: usize = 8;

impl Fourier {
    /// The transform of `size` points; panics if that is no power of two or less than 32.
    pub fn new(size: usize) -> Self {
        assert!(size.is_power_of_two() && size >= 4 * LANES, "no transform of {size} points");
        let mut passes = Vec::new();
        let (mut points, mut stride) = (size, 1);
        while points >= 4 {
            passes.push(Pass::new(points, stride));
            (points, stride) = (points / 4, stride * 4);
        }
        Self { passes, spare_re: vec![0.0; size], spare_im: vec![0.0; size] }
    }

    /// How many points.
    pub fn size(&self) -> usize {
        self.spare_re.len()
    }

    /// Transforms in place; both slices have [`Self::size`] points.
    pub fn forward(&mut self, re: &mut [f32], im: &mut [f32]) {
        assert_eq!((re.len(), im.len()), (self.size(), self.size()), "points of the transform");
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            #[expect(unsafe_code, reason = "the feature was detected on this processor just above")]
            unsafe {
                self.forward_avx2(re, im);
            }
            return;
        }
        self.forward_plain(re, im);
    }

    /// The plain passes, compiled once more for wider registers. No contraction: same bits.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2")]
    fn forward_avx2(&mut self, re: &mut [f32], im: &mut [f32]) {
        self.forward_plain(re, im);
    }

    #[inline(always)]
    fn forward_plain(&mut self, re: &mut [f32], im: &mut [f32]) {
        let (spare_re, spare_im) = (&mut self.spare_re[..], &mut self.spare_im[..]);
        let mut in_spare = false;
        for pass in &self.passes {
            if in_spare {
                pass.run([&*spare_re, &*spare_im], [re, im]);
            } else {
                pass.run([&*re, &*im], [spare_re, spare_im]);
            }
            in_spare = !in_spare;
        }
        if !re.len().trailing_zeros().is_multiple_of(2) {
            if in_spare {
                halves([&*spare_re, &*spare_im], [re, im]);
            } else {
                halves([&*re, &*im], [spare_re, spare_im]);
            }
            in_spare = !in_spare;
        }
        if in_spare {
            re.copy_from_slice(spare_re);
            im.copy_from_slice(spare_im);
        }
    }
}

impl Pass {
    fn new(points: usize, stride: usize) -> Self {
        let turn = |k: usize, wave: fn(f64) -> f64| {
            let angle = |p: usize| -std::f64::consts::TAU * (k * p) as f64 / points as f64;
            (0..points / 4).map(|p| wave(angle(p)) as f32).collect::<Vec<f32>>()
        };
        Self { stride, turns: [1, 2, 3].map(|k| [turn(k, libm::cos), turn(k, libm::sin)]) }
    }

    #[inline(always)]
    fn run(&self, from: [&[f32]; 2], to: [&mut [f32]; 2]) {
        match self.stride {
            1 => self.run_first(from, to),
            4 => self.run_wide::<4>(from, to),
            _ => self.run_wide::<16>(from, to),
        }
    }

    /// Stride 1: the groups themselves are neighbours.
    #[inline(always)]
    fn run_first(&self, from: [&[f32]; 2], [to_re, to_im]: [&mut [f32]; 2]) {
        let quarter = from[0].len() / 4;
        let (out_re, _) = to_re.as_chunks_mut::<{ 4 * LANES }>();
        let (out_im, _) = to_im.as_chunks_mut::<{ 4 * LANES }>();
        for (block, (out_re, out_im)) in out_re.iter_mut().zip(out_im).enumerate() {
            let start = block * LANES;
            let re = quarters::<LANES>(from[0], quarter, start);
            let im = quarters::<LANES>(from[1], quarter, start);
            let [one, two, three] = &self.turns;
            let turns = [
                [lanes(&one[0], start), lanes(&one[1], start)],
                [lanes(&two[0], start), lanes(&two[1], start)],
                [lanes(&three[0], start), lanes(&three[1], start)],
            ];
            let (re, im) = butterfly::<LANES>(re, im, turns);
            for lane in 0..LANES {
                for k in 0..4 {
                    out_re[4 * lane + k] = re[k][lane];
                    out_im[4 * lane + k] = im[k][lane];
                }
            }
        }
    }

    /// Strides of `N` and its multiples: the neighbours of a group share their turns.
    #[inline(always)]
    fn run_wide<const N: usize>(&self, from: [&[f32]; 2], [to_re, to_im]: [&mut [f32]; 2]) {
        let quarter = from[0].len() / 4;
        let stride = self.stride;
        let groups = to_re.chunks_exact_mut(4 * stride).zip(to_im.chunks_exact_mut(4 * stride));
        for (p, (out_re, out_im)) in groups.enumerate() {
            let [one, two, three] = &self.turns;
            let turns = [
                [[one[0][p]; N], [one[1][p]; N]],
                [[two[0][p]; N], [two[1][p]; N]],
                [[three[0][p]; N], [three[1][p]; N]],
            ];
            for q in (0..stride).step_by(N) {
                let start = p * stride + q;
                let re = quarters::<N>(from[0], quarter, start);
                let im = quarters::<N>(from[1], quarter, start);
                let (re, im) = butterfly::<N>(re, im, turns);
                for k in 0..4 {
                    out_re[k * stride + q..][..N].copy_from_slice(&re[k]);
                    out_im[k * stride + q..][..N].copy_from_slice(&im[k]);
                }
            }
        }
    }
}

/// The last pass of sizes that are no power of four.
#[inline(always)]
fn halves(from: [&[f32]; 2], to: [&mut [f32]; 2]) {
    for (from, to) in from.into_iter().zip(to) {
        let (first, second) = from.split_at(from.len() / 2);
        let (sums, differences) = to.split_at_mut(first.len());
        for n in 0..first.len() {
            sums[n] = first[n] + second[n];
            differences[n] = first[n] - second[n];
        }
    }
}

/// The lanes of one place in each quarter.
#[inline(always)]
fn quarters<const N: usize>(part: &[f32], quarter: usize, start: usize) -> [[f32; N]; 4] {
    [
        lanes(part, start),
        lanes(part, quarter + start),
        lanes(part, 2 * quarter + start),
        lanes(part, 3 * quarter + start),
    ]
}

#[inline(always)]
fn lanes<const N: usize>(part: &[f32], start: usize) -> [f32; N] {
    let mut lanes = [0.0; N];
    lanes.copy_from_slice(&part[start..start + N]);
    lanes
}

/// The four-point transform of each lane, its outputs but the first turned.
#[inline(always)]
fn butterfly<const N: usize>(
    re: [[f32; N]; 4],
    im: [[f32; N]; 4],
    turns: [[[f32; N]; 2]; 3],
) -> ([[f32; N]; 4], [[f32; N]; 4]) {
    let (mut out_re, mut out_im) = ([[0.0; N]; 4], [[0.0; N]; 4]);
    for n in 0..N {
        let (sum_re, sum_im) = (re[0][n] + re[2][n], im[0][n] + im[2][n]);
        let (difference_re, difference_im) = (re[0][n] - re[2][n], im[0][n] - im[2][n]);
        let (odd_re, odd_im) = (re[1][n] + re[3][n], im[1][n] + im[3][n]);
        // i times the difference of the odd ones.
        let (turned_re, turned_im) = (im[3][n] - im[1][n], re[1][n] - re[3][n]);
        (out_re[0][n], out_im[0][n]) = (sum_re + odd_re, sum_im + odd_im);
        let (x, y) = (difference_re - turned_re, difference_im - turned_im);
        let (c, s) = (turns[0][0][n], turns[0][1][n]);
        (out_re[1][n], out_im[1][n]) = (c * x - s * y, c * y + s * x);
        let (x, y) = (sum_re - odd_re, sum_im - odd_im);
        let (c, s) = (turns[1][0][n], turns[1][1][n]);
        (out_re[2][n], out_im[2][n]) = (c * x - s * y, c * y + s * x);
        let (x, y) = (difference_re + turned_re, difference_im + turned_im);
        let (c, s) = (turns[2][0][n], turns[2][1][n]);
        (out_re[3][n], out_im[3][n]) = (c * x - s * y, c * y + s * x);
    }
    (out_re, out_im)
}

#[cfg(test)]
mod tests {
    use super::Fourier;
    use proptest::prelude::{any, prop, proptest};
    use rustfft::FftPlanner;
    use rustfft::num_complex::Complex;

    #[test]
    fn every_size_gives_what_rustfft_gives() {
        for size in [32_usize, 64, 128, 512, 1_024, 8_192] {
            let signal: Vec<Complex<f32>> = (0..size)
                .map(|n| {
                    Complex::new(((n * 7_919) % 127) as f32 - 63.0, ((n * 31) % 113) as f32 - 56.0)
                })
                .collect();
            let mut re: Vec<f32> = signal.iter().map(|c| c.re).collect();
            let mut im: Vec<f32> = signal.iter().map(|c| c.im).collect();
            let mut wanted = signal;
            FftPlanner::new().plan_fft_forward(size).process(&mut wanted);
            Fourier::new(size).forward(&mut re, &mut im);
            let norm = wanted.iter().map(|c| c.norm_sqr()).sum::<f32>() / size as f32;
            for (k, wanted) in wanted.iter().enumerate() {
                let error = (Complex::new(re[k], im[k]) - wanted).norm_sqr() / norm;
                assert!(error < 1e-10, "{size} points, bin {k}: {error}");
            }
        }
    }

    proptest! {
        #[test]
        fn wide_registers_change_no_bit(
            points in prop::collection::vec(any::<(i16, i16)>(), 128),
            long in any::<bool>(),
        ) {
            let size = if long { 128 } else { 64 };
            let mut re: Vec<f32> = points[..size].iter().map(|p| f32::from(p.0)).collect();
            let mut im: Vec<f32> = points[..size].iter().map(|p| f32::from(p.1)).collect();
            let (mut plain_re, mut plain_im) = (re.clone(), im.clone());
            let mut fourier = Fourier::new(size);
            fourier.forward(&mut re, &mut im);
            fourier.forward_plain(&mut plain_re, &mut plain_im);
            assert_eq!((re, im), (plain_re, plain_im));
        }
    }
}
