use super::biquad::Biquad;
use crate::Buffer;

/// Sections run together; more go in further rounds.
const ROUND: usize = 4;
/// Samples between two looks for denormal state.
const FLUSH_EVERY: u32 = 256;

/// Filters in series over all channels of a sound: the same sums as a [`BiquadFilter`] after
/// another, but two channels and several sections at a time, so that the processor need not wait
/// for each sum before it begins the next.
///
/// [`BiquadFilter`]: super::BiquadFilter
pub fn cascade(buffer: &mut Buffer, designs: &[Biquad]) {
    for round in designs.chunks(ROUND) {
        let mut planes = buffer.planes_mut();
        while let Some(first) = planes.next() {
            match planes.next() {
                Some(second) => run_round(round, [first, second]),
                None => run_round(round, [first, &mut []]),
            }
        }
    }
}

fn run_round(designs: &[Biquad], planes: [&mut [f32]; 2]) {
    match designs {
        [a] => run([*a], planes),
        [a, b] => run([*a, *b], planes),
        [a, b, c] => run([*a, *b, *c], planes),
        [a, b, c, d] => run([*a, *b, *c, *d], planes),
        _ => {}
    }
}

fn run<const N: usize>(designs: [Biquad; N], [left, right]: [&mut [f32]; 2]) {
    let mut states = [[[0.0_f64; 2]; 2]; N];
    let mut due = FLUSH_EVERY;
    for (n, left) in left.iter_mut().enumerate() {
        let mut x = [*left, right.get(n).copied().unwrap_or(0.0)];
        for (Biquad { b, a }, [s1, s2]) in designs.iter().zip(&mut states) {
            for lane in 0..2 {
                // Rounded to f32 between sections, as separate filters would be.
                let input = f64::from(x[lane]);
                let y = b[0] * input + s1[lane];
                s1[lane] = b[1] * input - a[0] * y + s2[lane];
                s2[lane] = b[2] * input - a[1] * y;
                x[lane] = y as f32;
            }
        }
        *left = x[0];
        if let Some(right) = right.get_mut(n) {
            *right = x[1];
        }
        due -= 1;
        if due == 0 {
            flush(&mut states);
            due = FLUSH_EVERY;
        }
    }
}

/// Denormal state is far below hearing and a hundred times slower.
fn flush<const N: usize>(states: &mut [[[f64; 2]; 2]; N]) {
    for state in states.iter_mut().flatten().flatten() {
        if state.abs() < 1e-30 {
            *state = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::cascade;
    use crate::dsp::{Biquad, BiquadFilter};
    use crate::{Buffer, Decibels, SampleRate};

    #[test]
    fn a_cascade_is_its_filters_one_after_another() {
        let rate = SampleRate::STUDIO;
        let designs = [
            Biquad::high_pass(rate, 40.0, 0.7),
            Biquad::peak(rate, 350.0, 0.8, Decibels(3.0)),
            Biquad::low_pass(rate, 9_000.0, 0.7),
            Biquad::high_shelf(rate, 8_000.0, Decibels(-2.0)),
            Biquad::low_shelf(rate, 120.0, Decibels(1.0)),
        ];
        for channels in [1, 2, 3] {
            let plane =
                |c: usize| (0..5_000).map(move |n| ((n * 37 + c * 11) % 200) as f32 / 100.0 - 1.0);
            let planes: Vec<Vec<f32>> = (0..channels).map(|c| plane(c).collect()).collect();
            let mut together = Buffer::from_planes(rate, planes.clone()).unwrap();
            cascade(&mut together, &designs);
            for (mut plane, together) in planes.into_iter().zip(together.planes()) {
                for design in designs {
                    BiquadFilter::new(design).process(&mut plane);
                }
                assert_eq!(&plane, together);
            }
        }
    }
}
