use audio::Buffer;
use audio::dsp::{Biquad, cascade};

use crate::{Plan, limiter};

/// Far below any tone; two real poles at once.
const DC_BLOCK_HZ: f64 = 4.0;
const DC_BLOCK_Q: f64 = 0.5;

/// Carries out a plan in place: tone, gain, limiter. The length does not change.
pub fn apply(buffer: &mut Buffer, plan: &Plan) {
    plan.tone.apply(buffer);
    let envelope = limiter::envelope(buffer);
    limiter::drive(buffer, &envelope, plan.gain.amplitude() as f32, plan.ceiling);
    finish(buffer, plan);
}

/// What follows the limiter: where it left a mean, that is taken out, and the peaks that grow by
/// it are limited again.
pub(crate) fn finish(buffer: &mut Buffer, plan: &Plan) {
    if plan.dc_block {
        cascade(buffer, &[Biquad::high_pass(buffer.rate(), DC_BLOCK_HZ, DC_BLOCK_Q)]);
        let envelope = limiter::envelope(buffer);
        limiter::drive(buffer, &envelope, 1.0, plan.ceiling);
    }
}

#[cfg(test)]
mod tests {
    use audio::loudness::measure;
    use audio::{Buffer, Decibels, SampleRate};
    use clock::Seed;
    use fault::Cancel;

    use crate::{Error, TARGETS, Target, Tone, apply, master, plan};

    /// Noise whose level moves, with a click each half second: crest factor of real drums.
    fn music() -> Buffer {
        let mut chance = Seed(3).stream("music");
        let plane = |chance: &mut clock::Chance| {
            (0..48_000 * 12)
                .map(|n| {
                    let swell = 0.04 + 0.03 * libm::sin(f64::from(n) / 40_000.0);
                    let hit = libm::exp(-f64::from(n % 24_000) / 2_000.0);
                    (chance.between(-1.7, 1.7) * (swell + 0.08 * hit)) as f32
                })
                .collect::<Vec<f32>>()
        };
        let (left, right) = (plane(&mut chance), plane(&mut chance));
        Buffer::from_planes(SampleRate::STUDIO, vec![left, right]).unwrap()
    }

    #[test]
    fn every_target_is_met_and_its_ceiling_kept() {
        let tone = Tone { low_db: 1.0, air_db: 1.5, width: 1.1, ..Tone::default() };
        for target in TARGETS {
            let mut buffer = music();
            let (mastered, plan) = master(&buffer, &target, tone, &Cancel::new()).unwrap();
            apply(&mut buffer, &plan);
            assert!(mastered == buffer, "{}: the plan is not what was heard", target.name);
            let (m, _) = measure(&buffer);
            let (loudness, peak) = (m.integrated.unwrap(), m.true_peak.unwrap());
            assert_eq!(loudness, plan.loudness, "{}", target.name);
            assert!((loudness - target.loudness).0.abs() <= 0.05, "{} {loudness}", target.name);
            assert!(peak.0 <= target.ceiling.0, "{} {peak}", target.name);
        }
    }

    #[test]
    fn loudness_is_not_bought_past_the_bound() {
        let mut clicks = vec![0.0_f32; 48_000 * 5];
        for (n, sample) in clicks.iter_mut().enumerate() {
            *sample = if n % 12_000 == 0 { 1.0 } else { 0.000_5 * ((n % 7) as f32 - 3.0) };
        }
        let buffer = Buffer::mono(SampleRate::STUDIO, clicks);
        let target = Target::named("club").unwrap();
        let plan = plan(&buffer, &target, Tone::default(), &Cancel::new()).unwrap();
        assert!(plan.held_back);
        assert!(plan.limiting.0 >= -20.1, "{}", plan.limiting);
    }

    #[test]
    fn what_cannot_be_mastered_is_refused() {
        let cancel = Cancel::new();
        let silent = Buffer::mono(SampleRate::CD, vec![0.0; 44_100]);
        let master = |b: &Buffer, t: Tone| plan(b, &Target::DEFAULT, t, &cancel);
        assert_eq!(master(&silent, Tone::default()), Err(Error::NotMeasurable));
        let foreign = Buffer::mono(SampleRate::CD, vec![f32::INFINITY; 44_100]);
        assert!(matches!(master(&foreign, Tone::default()), Err(Error::NotFinite { .. })));
        let wide = Tone { width: 3.0, ..Tone::default() };
        assert!(matches!(master(&music(), wide), Err(Error::OutOfRange { setting: "width", .. })));
        let deep = Decibels(f64::NAN).0;
        assert!(master(&music(), Tone { low_db: deep, ..Tone::default() }).is_err());
    }
}
