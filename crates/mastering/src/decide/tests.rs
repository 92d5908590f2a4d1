use audio::analysis::{Analysis, analyse};
use audio::loudness::measure;
use audio::{Buffer, SampleRate};
use clock::Seed;
use fault::Cancel;

use super::{MAX_TONE, decide};
use crate::fit::response;
use crate::{Intensity, Preset, Target, master, render, solve};

/// Noise shaped like music, by straight lines over octaves, with beats; left and right share half.
fn programme(rate: SampleRate, tilt: &[(f64, f64)], seconds: f64, level: f64) -> Buffer {
    let mut chance = Seed(11).stream("programme");
    let hz = rate.hz_f64();
    let count = rate.frames(seconds).index();
    let points: Vec<crate::fit::Wish> =
        tilt.iter().map(|(hz, db)| crate::fit::Wish { hz: *hz, db: *db }).collect();
    let bells: Vec<(f64, f64)> = (-4..=4)
        .map(|k| 1_000.0 * libm::pow(2.0, f64::from(k)))
        .filter(|centre| *centre < 0.4 * hz)
        .map(|centre| (centre, crate::preset::along(&points, centre)))
        .collect();
    let mut planes = vec![vec![0.0_f32; count]; 2];
    for (n, (centre, db)) in bells.into_iter().enumerate() {
        let gain = libm::pow(10.0, db / 20.0) * level;
        let mut filters = [0, 1]
            .map(|_| audio::dsp::PairFilter::new(audio::dsp::Biquad::band_pass(rate, centre, 1.2)));
        let [left_plane, right_plane] = planes.as_mut_slice() else { continue };
        for (at, (left_out, right_out)) in left_plane.iter_mut().zip(right_plane).enumerate() {
            let time = at as f64 / hz;
            let beat = 0.25 + libm::exp(-((time + 0.05 * n as f64) % 0.5) / 0.06);
            let (common, left, right) =
                (chance.between(-1.0, 1.0), chance.between(-0.5, 0.5), chance.between(-0.5, 0.5));
            // Noise of equal power in each octave, as the bands are judged by octaves.
            let scale = gain * beat * (1_000.0 / centre).sqrt();
            let side = if centre < 130.0 { 0.1 } else { 1.0 };
            let mut frame = [common + side * left, common + side * right].map(|x| x * scale);
            for filter in &mut filters {
                frame = filter.next(frame);
            }
            *left_out += frame[0] as f32;
            *right_out += frame[1] as f32;
        }
    }
    Buffer::from_planes(rate, planes).unwrap()
}

/// The middle of the middle half.
const MUSIC: [(f64, f64); 9] = [
    (62.5, 5.0),
    (125.0, 6.5),
    (250.0, 5.8),
    (500.0, 4.5),
    (1_000.0, 1.5),
    (2_000.0, -2.5),
    (4_000.0, -7.5),
    (8_000.0, -12.0),
    (16_000.0, -19.0),
];

fn music(level: f64) -> (Buffer, Analysis) {
    let sound = programme(SampleRate::STUDIO, &MUSIC, 12.0, level);
    let analysis = analyse(&sound);
    (sound, analysis)
}

fn curve(analysis: &Analysis, preset: Preset, hz: f64) -> f64 {
    let decision = decide(analysis, preset, &Target::DEFAULT);
    response(analysis.rate, &decision.chain.eq, hz)
}

#[test]
fn what_is_balanced_is_left_alone_and_what_is_not_is_moved_the_right_way() {
    let (_, balanced) = music(0.15);
    for hz in [60.0, 120.0, 500.0, 1_000.0, 4_000.0, 9_000.0] {
        let lift = curve(&balanced, Preset::Adaptive, hz);
        assert!(lift.abs() <= 1.0, "{hz} Hz of a balanced track: {lift:+.2} dB");
    }
    let bent = |low: f64, high: f64| {
        let tilt = MUSIC.map(|(hz, db)| {
            (
                hz,
                db + if hz < 300.0 {
                    low
                } else if hz > 3_000.0 {
                    high
                } else {
                    0.0
                },
            )
        });
        analyse(&programme(SampleRate::STUDIO, &tilt, 12.0, 0.1))
    };
    let boomy = bent(12.0, 0.0);
    assert!(
        curve(&boomy, Preset::Adaptive, 90.0) < -0.7,
        "{}",
        curve(&boomy, Preset::Adaptive, 90.0)
    );
    let dull = bent(0.0, -14.0);
    assert!(curve(&dull, Preset::Adaptive, 8_000.0) > 1.5);
    let harsh = bent(0.0, 14.0);
    assert!(curve(&harsh, Preset::Adaptive, 8_000.0) < -1.5);
    for analysis in [&balanced, &boomy, &dull, &harsh] {
        for (_, preset) in Preset::NAMES {
            for step in 0..120 {
                let hz = 20.0 * libm::pow(2.0, f64::from(step) / 12.0);
                let lift = curve(analysis, preset, hz);
                assert!(lift.abs() <= MAX_TONE.0 + 0.3, "{preset:?} {hz:.0} Hz {lift:+.2}");
            }
        }
    }
}

/// The mean level of third octaves in a range, dB.
fn level(analysis: &Analysis, from: f64, to: f64) -> f64 {
    let inside = analysis.bands.iter().filter(|b| b.centre_hz >= from && b.centre_hz <= to);
    let levels: Vec<f64> = inside.map(|band| band.level.0).collect();
    levels.iter().sum::<f64>() / levels.len() as f64
}

#[test]
fn presets_lean_in_the_direction_of_their_names() {
    let (sound, analysis) = music(0.15);
    let made = |preset| {
        let decision = decide(&analysis, preset, &Target::DEFAULT);
        let (out, plan) = master(&sound, &decision.chain, &Cancel::new()).unwrap();
        assert!(plan.held_back.is_none() && plan.true_peak.0 <= -1.0);
        let aim = if preset == Preset::Gentle { -15.0 } else { -14.0 };
        assert!((plan.loudness.0 - aim).abs() <= 0.05, "{preset:?} {}", plan.loudness);
        (analyse(&out), decision)
    };
    let (adaptive, decision) = made(Preset::Adaptive);
    let tilt = |a: &Analysis| level(a, 4_000.0, 13_000.0) - level(a, 60.0, 260.0);
    let (warm, _) = made(Preset::Warm);
    let (bright, _) = made(Preset::Bright);
    assert!(tilt(&warm) < tilt(&adaptive) - 1.5, "{} {}", tilt(&warm), tilt(&adaptive));
    assert!(tilt(&bright) > tilt(&adaptive) + 1.5);
    let kick = |a: &Analysis| level(a, 60.0, 110.0) - level(a, 240.0, 500.0);
    let (punchy, _) = made(Preset::Punchy);
    assert!(kick(&punchy) > kick(&adaptive) + 1.0);
    let (gentle, calm) = made(Preset::Gentle);
    assert!(calm.chain.multiband.is_none());
    let range = |a: &Analysis| a.loudness.true_peak.unwrap().0 - a.loudness.integrated.unwrap().0;
    assert!(range(&gentle) > range(&adaptive) + 0.5, "gentle keeps more of its peaks");
    let stages: Vec<&str> = decision.reasons.iter().map(|reason| reason.stage).collect();
    assert_eq!(stages, ["tone", "dynamics", "width", "loudness"]);
    assert!(decision.reasons.iter().all(|r| !r.measured.is_empty() && !r.why.is_empty()));
}

#[test]
fn intensity_goes_from_the_sound_as_it_came_to_the_whole_plan() {
    let (sound, analysis) = music(0.1);
    let decision = decide(&analysis, Preset::Bright, &Target::DEFAULT);
    let plan = solve(&mut &sound, &decision.chain, &Cancel::new()).unwrap();
    let before = measure(&sound).0.integrated.unwrap().0;
    let mut last = before;
    for share in [0.25, 0.5, 0.75, 1.0] {
        let part = plan.chain.scaled(Intensity::new(share).unwrap());
        let loudness = measure(&render(&sound, &part).unwrap()).0.integrated.unwrap().0;
        assert!(loudness > last, "{share}: {loudness} after {last}");
        last = loudness;
    }
    assert!((last - plan.loudness.0).abs() < 1e-9);
}

#[test]
fn a_drop_of_9_db_stays_a_drop() {
    let loud = programme(SampleRate::STUDIO, &MUSIC, 24.0, 0.3);
    let half = loud.length().index() / 2;
    let mut sound = loud;
    let soft = libm::pow(10.0, -9.0 / 20.0) as f32;
    for plane in sound.planes_mut() {
        plane[half..].iter_mut().for_each(|s| *s *= soft);
    }
    let decision = decide(&analyse(&sound), Preset::Adaptive, &Target::DEFAULT);
    let (out, _) = master(&sound, &decision.chain, &Cancel::new()).unwrap();
    let part = |from: usize, to: usize| {
        let planes = out.planes().iter().map(|p| p[from..to].to_vec()).collect();
        let part = Buffer::from_planes(out.rate(), planes).unwrap();
        measure(&part).0.integrated.unwrap().0
    };
    let drop = part(0, half - 24_000) - part(half + 24_000, 2 * half);
    assert!(drop >= 8.0, "{drop:.2} LU are left of 9");
}

#[test]
fn one_programme_is_treated_alike_at_every_rate() {
    let tilt = MUSIC.map(|(hz, db)| (hz, db + if hz > 3_000.0 { -10.0 } else { 0.0 }));
    let mut analysis = analyse(&programme(SampleRate::STUDIO, &tilt, 12.0, 0.1));
    let responses: Vec<Vec<f64>> = [44_100, 48_000, 96_000]
        .into_iter()
        .map(|hz| {
            analysis.rate = SampleRate::new(hz).unwrap();
            let eq = decide(&analysis, Preset::Warm, &Target::DEFAULT).chain.eq;
            let places = [50.0, 200.0, 1_000.0, 4_000.0, 8_000.0, 12_000.0, 16_000.0];
            places.map(|place| response(analysis.rate, &eq, place)).to_vec()
        })
        .collect();
    for other in &responses[1..] {
        for (a, b) in responses[0].iter().zip(other) {
            assert!((a - b).abs() < 0.2, "{responses:?}");
        }
    }
}

#[test]
fn silence_and_scraps_are_decided_without_a_word_of_nonsense() {
    for length in [0_usize, 1, 100, 9_000] {
        let silent =
            Buffer::silent(SampleRate::CD, audio::Layout::Stereo, audio::Frames(length as u64));
        for (_, preset) in Preset::NAMES {
            let decision = decide(&analyse(&silent), preset, &Target::DEFAULT);
            decision.chain.validate_for(SampleRate::CD, audio::Layout::Stereo).unwrap();
            assert!(decision.reasons.iter().all(|r| !format!("{r:?}").contains("NaN")));
        }
    }
}
