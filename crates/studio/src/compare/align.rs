use audio::Buffer;
use audio::dsp::Fourier;

/// How far one sound may begin before or after the other, seconds.
pub(super) const REACH_S: f64 = 2.0;
/// So much of the first is looked for in the second, seconds: its loudest.
const SAMPLE_S: f64 = 8.0;
/// Sounds that are less alike, at any offset, are not the same music.
const MIN_LIKENESS: f64 = 0.2;
/// Of a sound that repeats itself the offset next to none is meant; so little worse is as good.
const AS_GOOD: f64 = 1e-4;

/// Where the second sound is found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    /// How much later it begins, frames.
    pub(super) offset: i64,
    /// Correlation of their rises there, -1 to 1.
    pub(super) likeness: f64,
}

/// What is left of the first sound without the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Null {
    /// Correlation of both, -1 to 1.
    pub(super) likeness: f64,
    /// What the second was lifted by, dB.
    pub(super) gain_db: f64,
    /// Power of what is left over power of the first, dB; `None` for nothing.
    pub(super) depth_db: Option<f64>,
}

/// Finds the loudest part of the first in the second, to the frame; `None` if it is not there.
pub(super) fn align(a: &Buffer, b: &Buffer) -> Option<Found> {
    let rate = a.rate();
    let (first, second) = (rises(a), rises(b));
    // What only the first has is in no place of the second.
    let first = &first[..first.len().min(second.len())];
    let length = rate.frames(SAMPLE_S).index().min(first.len());
    let reach = rate.frames(REACH_S).index();
    let from = loudest(first, length);
    let sample = &first[from..from + length];
    // What lies beyond the ends of the second is silence.
    let window: Vec<f32> = (0..length + 2 * reach)
        .map(|n| {
            (from + n).checked_sub(reach).and_then(|at| second.get(at)).copied().unwrap_or(0.0)
        })
        .collect();
    let products = correlate(&window, sample);
    let energy = |part: &[f32]| part.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>();
    let own = energy(sample);
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(window.iter().scan(0.0, |sum, s| {
            *sum += f64::from(*s) * f64::from(*s);
            Some(*sum)
        }))
        .collect();
    let likeness: Vec<f64> = (0..=2 * reach)
        .map(|lag| {
            let other = sums[lag + length] - sums[lag];
            // Next to silence any rounding would look alike.
            if other > own * 1e-9 { f64::from(products[lag]) / (own * other).sqrt() } else { 0.0 }
        })
        .collect();
    let best = likeness.iter().map(|l| l.abs()).fold(0.0, f64::max);
    if best < MIN_LIKENESS {
        return None;
    }
    let good = (0..=2 * reach).filter(|lag| likeness[*lag].abs() >= best - AS_GOOD);
    let lag = good.min_by_key(|lag| (lag.abs_diff(reach), *lag))?;
    Some(Found { offset: lag as i64 - reach as i64, likeness: likeness[lag] })
}

/// Takes the second from the first with the gain that leaves least. Both are as long.
pub(super) fn null(a: &Buffer, b: &Buffer) -> Null {
    let pairs = || a.planes().iter().flatten().zip(b.planes().iter().flatten());
    let (mut aa, mut ab, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in pairs() {
        let (a, b) = (f64::from(*a), f64::from(*b));
        aa += a * a;
        ab += a * b;
        bb += b * b;
    }
    let gain = if bb > 0.0 { ab / bb } else { 0.0 };
    let left: f64 = pairs()
        .map(|(a, b)| {
            let rest = f64::from(*a) - gain * f64::from(*b);
            rest * rest
        })
        .sum();
    Null {
        likeness: if aa > 0.0 && bb > 0.0 { ab / (aa * bb).sqrt() } else { 0.0 },
        gain_db: 20.0 * libm::log10(gain.abs().max(1e-9)),
        depth_db: (left > 0.0 && aa > 0.0).then(|| 10.0 * libm::log10(left / aa)),
    }
}

/// Both channels as one, each sample less the one before: bass, which filters delay most and which
/// says least of when, counts for less. The channels weigh differently, so that opposite ones do
/// not cancel. A second difference would hear the noise of dull music.
fn rises(buffer: &Buffer) -> Vec<f32> {
    let (left, right) = (buffer.plane(0), buffer.plane(buffer.planes().len() - 1));
    let mut before = 0.0;
    let mono = left.iter().zip(right).map(|(l, r)| 0.6 * l + 0.4 * r);
    mono.map(|sample| sample - std::mem::replace(&mut before, sample)).collect()
}

/// Where a stretch of that length holds most energy, on a grid of a quarter of it.
fn loudest(sound: &[f32], length: usize) -> usize {
    let step = (length / 4).max(1);
    let energy = |from: &usize| {
        let part = &sound[*from..*from + length];
        part.iter().map(|s| f64::from(*s) * f64::from(*s)).sum::<f64>()
    };
    let starts = (0..=sound.len() - length).step_by(step);
    starts.map(|from| (energy(&from), from)).max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |m| m.1)
}

/// The sums of products of a sample with each part of a window that is as long, by one transform
/// of both (real and imaginary part) and one back.
fn correlate(window: &[f32], sample: &[f32]) -> Vec<f32> {
    let size = window.len().next_power_of_two().max(32);
    let mut fourier = Fourier::new(size);
    let padded = |sound: &[f32]| {
        let mut padded = sound.to_vec();
        padded.resize(size, 0.0);
        padded
    };
    let (mut re, mut im) = (padded(window), padded(sample));
    fourier.forward(&mut re, &mut im);
    // Of the spectra of both: window times conjugate of sample, conjugated for the way back.
    let (mut out_re, mut out_im) = (vec![0.0; size], vec![0.0; size]);
    for k in 0..size {
        let mirror = (size - k) % size;
        let (w_re, w_im) = (0.5 * (re[k] + re[mirror]), 0.5 * (im[k] - im[mirror]));
        let (s_re, s_im) = (0.5 * (im[k] + im[mirror]), -0.5 * (re[k] - re[mirror]));
        out_re[k] = w_re * s_re + w_im * s_im;
        out_im[k] = -(w_im * s_re - w_re * s_im);
    }
    fourier.forward(&mut out_re, &mut out_im);
    out_re.iter().map(|value| value / size as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::{align, null};
    use audio::{Buffer, SampleRate};

    fn noise(length: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        (0..length)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 8) as f32 / 16_777_216.0 - 0.5
            })
            .collect()
    }

    fn buffer(plane: Vec<f32>) -> Buffer {
        Buffer::from_planes(SampleRate::STUDIO, vec![plane.clone(), plane]).unwrap()
    }

    #[test]
    fn an_offset_is_found_to_the_frame_either_way_and_turned() {
        let sound = noise(150_000, 1);
        let a = buffer(sound.clone());
        for (lead, gain) in [(0, 1.0), (1, 0.5), (12_345, -0.25), (90_000, 2.0)] {
            let later: Vec<f32> =
                vec![0.0; lead].into_iter().chain(sound.iter().map(|s| s * gain)).collect();
            let b = buffer(later);
            let found = align(&a, &b).unwrap();
            assert_eq!(found.offset, lead as i64);
            assert_eq!(found.likeness < 0.0, gain < 0.0);
            assert!(found.likeness.abs() > 0.999, "{lead}: {}", found.likeness);
            assert_eq!(align(&b, &a).unwrap().offset, -(lead as i64));
        }
        assert!(align(&a, &buffer(noise(150_000, 2))).is_none());
    }

    #[test]
    fn what_is_the_same_leaves_nothing() {
        let a = buffer(noise(10_000, 1));
        assert_eq!(null(&a, &a).depth_db, None);
        let half = buffer(noise(10_000, 1).iter().map(|s| -0.5 * s).collect());
        let left = null(&a, &half);
        assert_eq!(left.depth_db, None);
        assert!((left.gain_db - 6.02).abs() < 0.01);
        assert!(null(&a, &buffer(noise(10_000, 3))).depth_db.unwrap() > -0.1);
    }
}
