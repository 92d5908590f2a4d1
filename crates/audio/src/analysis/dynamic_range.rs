use crate::analysis::levels::Levels;
use crate::{Buffer, Decibels};

/// The block of the measurement, seconds.
pub(super) const BLOCK_S: u64 = 3;
/// The share of blocks that count, the loudest first.
const LOUDEST_SHARE: f64 = 0.2;

/// DR after "Measuring DR" v1.3 (TT, Pleasurize Music Foundation): per channel the second highest
/// block peak over the RMS of the loudest fifth of 3 s blocks, a sine of full scale being 0 dB
/// RMS; the mean over channels. `None` for less than two blocks, or silence.
pub fn dynamic_range(buffer: &Buffer) -> Option<Decibels> {
    Levels::of(buffer).dynamic_range(buffer.length().0)
}

/// The same of one channel, dB, from the mean square and the peak of each block.
pub(super) fn of_blocks(blocks: Vec<(f64, f64)>) -> Option<f64> {
    // A sine of amplitude 1 has a mean square of 1/2: twice it is its level.
    let (mut powers, mut peaks): (Vec<f64>, Vec<f64>) =
        blocks.into_iter().map(|(power, peak)| (2.0 * power, peak)).unzip();
    if peaks.len() < 2 {
        return None;
    }
    powers.sort_by(|a, b| b.total_cmp(a));
    peaks.sort_by(|a, b| b.total_cmp(a));
    let count = ((powers.len() as f64 * LOUDEST_SHARE) as usize).max(1);
    let loudest = powers[..count].iter().sum::<f64>() / count as f64;
    let peak = peaks[1];
    (loudest > 0.0 && peak > 0.0).then(|| 20.0 * libm::log10(peak / loudest.sqrt()))
}

#[cfg(test)]
mod tests {
    use super::dynamic_range;
    use crate::{Buffer, SampleRate};

    #[test]
    fn a_sine_has_none_and_a_pulse_in_hiss_has_much() {
        let sine: Vec<f32> = (0..44_100 * 30)
            .map(|n| libm::sin(std::f64::consts::TAU * 441.0 * f64::from(n) / 44_100.0) as f32)
            .collect();
        let dr = dynamic_range(&Buffer::mono(SampleRate::CD, sine.clone())).unwrap();
        assert!(dr.0.abs() < 0.01, "{dr}");
        // A tenth of the level in all but two blocks of thirty: the loudest fifth is six blocks,
        // two at 0 dB and four at -20 dB, mean power 0.34: 4.69 dB.
        let quiet: Vec<f32> = (0..30)
            .flat_map(|k| {
                let gain = if k < 2 { 1.0 } else { 0.1 };
                sine[..132_300].iter().map(move |s| s * gain)
            })
            .collect();
        let dr = dynamic_range(&Buffer::mono(SampleRate::CD, quiet)).unwrap();
        assert!((dr.0 - 4.69).abs() < 0.01, "{dr}");
        assert_eq!(dynamic_range(&Buffer::mono(SampleRate::CD, sine[..1_000].to_vec())), None);
    }
}
