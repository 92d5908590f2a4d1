use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use super::signals::{
    chord, clicks, drums, mono, of_time, pink, sine, song, stereo, vibrato, white,
};
use super::{Analyser, Analysis, analyse};
use crate::analysis::{Fingerprint, Mode, correlation, dynamic_range, rms, third_octaves};
use crate::loudness::measure;
use crate::{Buffer, Layout, SampleRate};

const RATE: SampleRate = SampleRate::CD;

fn read(wave: impl Fn(f64) -> f64) -> Analysis {
    analyse(&mono(RATE, of_time(RATE, 20.0, wave)))
}

fn print_of(wave: impl Fn(f64) -> f64) -> Fingerprint {
    read(wave).fingerprint.unwrap()
}

/// Within bounds; says the value if not.
#[track_caller]
fn within(value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{value} is not in {low} to {high}");
}

#[test]
fn noise_is_neither_harmonic_nor_rhythmic_nor_pitched() {
    for (plane, flatness) in
        [(pink(RATE, 30.0, 7), (0.05, 0.6)), (white(RATE, 30.0, 7), (0.9, 1.0))]
    {
        let analysis = analyse(&mono(RATE, plane));
        let print = analysis.fingerprint.unwrap();
        within(print.harmonic_ratio, 0.0, 0.35);
        within(print.rhythm_stability, 0.0, 0.2);
        within(print.pitch_stability, 0.0, 0.05);
        within(print.transient_density, 0.0, 0.8);
        within(print.chroma_energy, 0.0, 0.15);
        within(print.spectral_flatness, flatness.0, flatness.1);
        assert_eq!(analysis.tempo, None);
        assert_eq!(analysis.key, None);
    }
}

#[test]
fn a_steady_tone_is_held_and_alone() {
    let analysis = read(sine(440.0));
    let print = analysis.fingerprint.unwrap();
    within(print.pitch_stability, 0.99, 1.0);
    within(print.harmonic_ratio, 0.95, 1.0);
    within(print.chroma_energy, 0.9, 1.0);
    within(print.spectral_centroid, 435.0, 445.0);
    within(print.spectral_rolloff, 430.0, 450.0);
    within(print.spectral_flatness, 0.0, 1e-4);
    within(print.low_mid, 0.999, 1.0);
    within(print.crest_db, 3.0, 3.02);
    within(print.transient_density, 0.0, 0.1);
    within(print.loudness_variation_std, 0.0, 0.01);
    within(print.peak_consistency, 0.999, 1.0);
    assert_eq!((analysis.tempo, print.tempo_bpm, print.rhythm_stability), (None, None, 0.0));
    assert_eq!(analysis.key, None);
}

#[test]
fn vibrato_is_less_steady_than_a_steady_tone() {
    let print = print_of(vibrato(440.0));
    within(print.pitch_stability, 0.05, 0.8);
    assert_eq!(print.tempo_bpm, None);
}

#[test]
fn a_sustained_chord_is_harmonic_and_clicks_are_not() {
    let triad = [261.63, 329.63, 392.0];
    let analysis = read(chord(&triad));
    within(analysis.harmonic_share.unwrap(), 0.9, 1.0);
    within(analysis.fingerprint.unwrap().chroma_energy, 0.15, 0.6);
    let key = analysis.key.unwrap();
    assert_eq!((key.tonic, key.mode), (0, Mode::Major));
    let analysis = read(clicks(120.0));
    within(analysis.harmonic_share.unwrap(), 0.0, 0.1);
    assert_eq!(analysis.key, None);
}

#[test]
fn a_mistuned_chord_keeps_its_key() {
    // A minor, 40 cents sharp.
    let triad = [220.0, 261.63, 329.63].map(|hz| hz * libm::pow(2.0, 0.4 / 12.0));
    let key = read(chord(&triad)).key.unwrap();
    assert_eq!((key.tonic, key.mode), (9, Mode::Minor));
}

#[test]
fn the_tempo_of_clicks_and_drums_is_their_tempo() {
    for bpm in [60.0, 72.5, 80.0, 97.0, 120.0, 133.3, 147.0, 160.0, 180.0] {
        let analysis = read(clicks(bpm));
        let tempo = analysis.tempo.unwrap();
        within(tempo.bpm, bpm - 1.0, bpm + 1.0);
        within(tempo.clarity, 0.6, 1.0);
        let print = analysis.fingerprint.unwrap();
        within(print.rhythm_stability, 0.95, 1.0);
        within(print.transient_density, 0.9 * bpm / 60.0, 1.1 * bpm / 60.0);
        for beat in tempo.beats {
            let phase = beat * bpm / 60.0;
            let away = (phase - libm::round(phase)) * 60.0 / bpm;
            within(away, -0.02, 0.02);
        }
    }
    for bpm in [80.0, 95.0, 120.0, 140.0, 160.0] {
        within(read(drums(bpm)).tempo.unwrap().bpm, bpm - 1.0, bpm + 1.0);
    }
}

#[test]
fn mono_dual_mono_and_anti_phase() {
    let tone = || pink(RATE, 10.0, 3);
    let turned: Vec<f32> = tone().iter().map(|s| -s).collect();
    let one = analyse(&mono(RATE, tone()));
    assert_eq!(one.stereo, None);
    let print = one.fingerprint.unwrap();
    assert_eq!((print.stereo_width, print.phase_correlation), (0.0, 1.0));

    let dual = analyse(&stereo(RATE, tone(), tone()));
    let field = dual.stereo.unwrap();
    assert_eq!((field.width, field.balance.unwrap().0), (0.0, 0.0));
    within(field.correlation.unwrap(), 1.0 - 1e-12, 1.0);
    // Everything but loudness, which counts speakers, is that of mono.
    let dual = dual.fingerprint.unwrap();
    within(dual.lufs - print.lufs, 3.0, 3.02);
    let same = Fingerprint { lufs: print.lufs, ..dual };
    for (n, (a, b)) in same.as_array().iter().zip(print.as_array()).enumerate() {
        assert!((a - b).abs() < 1e-6 * (1.0 + b.abs()), "{}: {a} {b}", Fingerprint::NAMES[n]);
    }

    let anti = analyse(&stereo(RATE, tone(), turned));
    let field = anti.stereo.unwrap();
    assert_eq!(field.width, 1.0);
    within(field.correlation.unwrap(), -1.0, -1.0 + 1e-12);
    assert!(field.bands.iter().all(|band| band.width.unwrap() > 0.999));
    assert_eq!(anti.fingerprint, None);
}

#[test]
fn the_bands_of_the_stereo_field_are_told_apart() {
    let low = of_time(RATE, 5.0, sine(60.0));
    let with = |noise: Vec<f32>| low.iter().zip(noise).map(|(a, b)| a + 0.1 * b).collect();
    let sound = stereo(RATE, with(white(RATE, 5.0, 1)), with(white(RATE, 5.0, 99)));
    let bands = analyse(&sound).stereo.unwrap().bands;
    within(bands[0].correlation.unwrap(), 0.99, 1.0);
    within(bands[3].correlation.unwrap(), -0.1, 0.1);
    within(bands[3].width.unwrap(), 0.45, 0.55);
}

#[test]
fn silence_and_short_sounds_have_no_fingerprint() {
    for layout in [Layout::Mono, Layout::Stereo, Layout::Surround71] {
        for length in [0, 1, 100, 44_100 * 5] {
            let silent = Buffer::silent(RATE, layout, crate::Frames(length));
            let analysis = analyse(&silent);
            assert_eq!(analysis.fingerprint, None);
            assert_eq!((analysis.rms, analysis.crest, analysis.key), (None, None, None));
            assert_eq!((analysis.stereo, analysis.harmonic_share), (None, None));
            assert_eq!(analysis.clipped_runs, 0);
        }
    }
    assert_eq!(analyse(&mono(RATE, vec![1.0])).fingerprint, None);
    assert_eq!(analyse(&mono(RATE, white(RATE, 2.9, 1))).fingerprint, None);
    assert!(analyse(&mono(RATE, white(RATE, 3.1, 1))).fingerprint.is_some());
}

#[test]
fn whole_buffer_functions_say_the_same() {
    let sound = stereo(RATE, pink(RATE, 7.3, 1), white(RATE, 7.3, 2));
    let analysis = analyse(&sound);
    let (measurement, history) = measure(&sound);
    assert_eq!((analysis.loudness, analysis.history), (measurement, history));
    assert_eq!(analysis.bands, third_octaves(&sound));
    assert_eq!(analysis.dynamic_range, dynamic_range(&sound));
    assert_eq!(analysis.rms, rms(&sound));
    assert_eq!(analysis.stereo.unwrap().correlation, correlation(&sound));
}

#[test]
fn clipped_runs_are_counted_one_by_one() {
    let mut plane = of_time(RATE, 1.0, sine(100.0));
    for (start, count) in [(1_000, 2), (2_000, 3), (4_408, 10), (9_000, 50)] {
        plane[start..start + count].fill(-1.0);
    }
    assert_eq!(analyse(&mono(RATE, plane)).clipped_runs, 3);
}

#[test]
fn gain_moves_loudness_alone() {
    let sound = |gain: f64| {
        let song = song();
        let left = of_time(RATE, 20.0, |t| gain * 0.4 * song(t));
        let hiss = pink(RATE, 20.0, 5);
        let right = left.iter().zip(hiss).map(|(s, h)| s + gain as f32 * 0.05 * h).collect();
        analyse(&stereo(RATE, left, right)).fingerprint.unwrap().as_array()
    };
    let plain = sound(1.0);
    for (gain, change) in [(0.5, -6.0206), (2.0, 6.0206)] {
        for (n, (a, b)) in sound(gain).iter().zip(plain).enumerate() {
            let b = if n == 7 { b + change } else { b };
            assert!((a - b).abs() <= 0.002 * b.abs() + 1e-9, "{}: {a} {b}", Fingerprint::NAMES[n]);
        }
    }
}

#[test]
fn the_same_programme_reads_alike_at_every_rate() {
    let at = |hz: u32| {
        let rate = SampleRate::new(hz).unwrap();
        let song = song();
        let plane = of_time(rate, 20.0, |t| 0.4 * song(t));
        analyse(&mono(rate, plane)).fingerprint.unwrap()
    };
    let middle = at(48_000).as_array();
    for hz in [44_100, 96_000] {
        for (n, (a, b)) in at(hz).as_array().iter().zip(middle).enumerate() {
            let name = Fingerprint::NAMES[n];
            // Crests fall between the samples of one rate and on those of another.
            let share = if name.starts_with("dynamic") { 0.05 } else { 0.02 };
            let tolerance = share * b.abs() + 0.01;
            assert!((a - b).abs() <= tolerance, "{hz} Hz, {name}: {a}, at 48 kHz {b}");
        }
    }
}

#[test]
fn every_rate_and_layout_is_read() {
    for hz in [8_000, 11_025, 16_000, 22_050, 32_000, 48_001, 88_200, 192_000] {
        let rate = SampleRate::new(hz).unwrap();
        let print = analyse(&mono(rate, of_time(rate, 8.0, clicks(120.0)))).fingerprint.unwrap();
        within(print.tempo_bpm.unwrap(), 119.0, 121.0);
        let print = analyse(&mono(rate, of_time(rate, 4.0, sine(440.0)))).fingerprint.unwrap();
        within(print.pitch_stability, 0.99, 1.0);
        within(print.spectral_centroid, 430.0, 450.0);
    }
    for channels in [1, 2, 3, 4, 5, 6, 8] {
        let planes = (0..channels).map(|n| white(RATE, 4.0, n)).collect();
        let analysis = analyse(&Buffer::from_planes(RATE, planes).unwrap());
        assert!(analysis.fingerprint.is_some(), "{channels} channels");
        assert_eq!(analysis.stereo.is_some(), channels > 1);
    }
}

#[test]
fn shares_add_up_to_one() {
    let print = analyse(&mono(RATE, pink(RATE, 5.0, 11))).fingerprint.unwrap();
    let sum: f64 = print.as_array()[..7].iter().sum();
    within(sum, 1.0 - 1e-9, 1.0 + 1e-9);
    // Pink noise has as much in every octave: 60 to 250 Hz are 2.06 of 9.97.
    within(print.bass, 0.17, 0.24);
}

/// Any finite sample, the unpleasant ones often.
fn sample() -> impl Strategy<Value = f32> {
    prop_oneof![
        -1.0_f32..1.0,
        Just(0.0),
        Just(1.0),
        Just(-1.0),
        Just(f32::from_bits(1)),
        Just(-1e-38),
        Just(1e30),
        Just(-1e30),
        any::<i8>().prop_map(|n| f32::from(n) * 1e-20),
    ]
}

fn finite(analysis: &Analysis) -> bool {
    let loudness = &analysis.loudness;
    let levels = [loudness.range, loudness.true_peak, loudness.sample_peak, analysis.rms]
        .into_iter()
        .chain([analysis.crest, analysis.dynamic_range])
        .flatten()
        .map(|level| level.0);
    let tempo = analysis.tempo.iter().flat_map(|t| [t.bpm, t.clarity]);
    let print = analysis.fingerprint.iter().flat_map(Fingerprint::as_array);
    let field = analysis.stereo.iter().flat_map(|field| {
        let bands = field.bands.iter().flat_map(|b| [b.correlation, b.width]).flatten();
        bands.chain(field.correlation).chain([field.width]).collect::<Vec<f64>>()
    });
    let bands = analysis.bands.iter().map(|band| band.level.0);
    let others = [analysis.dc_offset].into_iter().chain(analysis.harmonic_share);
    let key = analysis.key.map(|key| key.clarity);
    levels
        .chain(tempo)
        .chain(print)
        .chain(field)
        .chain(bands)
        .chain(others)
        .chain(key)
        .all(f64::is_finite)
}

proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(24))]

    #[test]
    fn blocks_change_no_bit(
        lengths in prop::collection::vec(0_usize..9_000, 1..12),
        channels in 1_usize..4,
    ) {
        let rate = SampleRate::new(11_025).unwrap();
        let song = song();
        let plane = of_time(rate, 4.0, |t| 0.4 * song(t));
        let planes: Vec<Vec<f32>> =
            (0..channels).map(|c| plane.iter().map(|s| s / (1 + c) as f32).collect()).collect();
        let sound = Buffer::from_planes(rate, planes).unwrap();
        let mut analyser = Analyser::new(rate, sound.layout());
        let mut at = 0;
        for length in lengths.into_iter().chain([usize::MAX]) {
            let end = at + length.min(plane.len() - at);
            let block: Vec<&[f32]> = sound.planes().iter().map(|plane| &plane[at..end]).collect();
            analyser.push(&block);
            at = end;
        }
        assert_eq!(analyser.finish(), analyse(&sound));
    }

    #[test]
    fn anything_finite_gives_finite_readings(
        pattern in prop::collection::vec(sample(), 1..300),
        frames in 0_usize..40_000,
        stereo in any::<bool>(),
        constant in any::<bool>(),
    ) {
        let rate = SampleRate::new(8_000).unwrap();
        let take = if constant { 1 } else { pattern.len() };
        let plane: Vec<f32> = pattern[..take].iter().cycle().take(frames).copied().collect();
        let turned: Vec<f32> = plane.iter().rev().map(|s| -s).collect();
        let planes = if stereo { vec![plane, turned] } else { vec![plane] };
        let analysis = analyse(&Buffer::from_planes(rate, planes).unwrap());
        assert!(finite(&analysis), "{analysis:?}");
    }
}
