use audio::{Buffer, Frames, Layout, SampleRate};
use audio_file::resample;

fn rate(hz: u32) -> SampleRate {
    SampleRate::new(hz).unwrap()
}

fn sine(hz: f64, from: SampleRate, frames: usize) -> Buffer {
    let turns = |n: usize| std::f64::consts::TAU * hz * n as f64 / from.hz_f64();
    Buffer::mono(from, (0..frames).map(|n| (0.5 * libm::sin(turns(n))) as f32).collect())
}

/// Amplitude of a frequency, and of all the rest, in the middle of a sound.
fn amplitudes(sound: &Buffer, hz: f64) -> (f64, f64) {
    let plane = sound.plane(0);
    let middle = &plane[plane.len() / 4..plane.len() * 3 / 4];
    let angle = |n: usize| std::f64::consts::TAU * hz * n as f64 / sound.rate().hz_f64();
    // Least squares over sine and cosine, which need not be orthogonal over the stretch.
    let (mut ss, mut cc, mut sc, mut xs, mut xc) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, x) in middle.iter().enumerate() {
        let (s, c, x) = (libm::sin(angle(n)), libm::cos(angle(n)), f64::from(*x));
        ss += s * s;
        cc += c * c;
        sc += s * c;
        xs += x * s;
        xc += x * c;
    }
    let determinant = ss * cc - sc * sc;
    let (a, b) = ((xs * cc - xc * sc) / determinant, (xc * ss - xs * sc) / determinant);
    let rest = middle.iter().enumerate().map(|(n, x)| {
        let rest = f64::from(*x) - a * libm::sin(angle(n)) - b * libm::cos(angle(n));
        rest * rest
    });
    let rest = (2.0 * rest.sum::<f64>() / middle.len() as f64).sqrt();
    ((a * a + b * b).sqrt(), rest)
}

fn db(ratio: f64) -> f64 {
    20.0 * libm::log10(ratio)
}

#[test]
fn the_pass_band_is_flat_and_free_of_images() {
    for (from, to, highest) in [
        (48_000, 44_100, 21_500.0),
        (44_100, 48_000, 21_500.0),
        (96_000, 44_100, 21_500.0),
        (44_100, 192_000, 21_500.0),
        (8_000, 192_000, 3_900.0),
        (192_000, 8_000, 3_900.0),
    ] {
        for hz in [20.0, 997.0, 3_500.0, 10_007.0, 15_000.0, 19_997.0, 20_000.0, highest] {
            if hz > highest {
                continue;
            }
            let back = resample(&sine(hz, rate(from), from as usize), rate(to)).unwrap();
            let (found, rest) = amplitudes(&back, hz);
            assert!(db(found / 0.5).abs() < 0.01, "{from} -> {to}, {hz}: {} dB", db(found / 0.5));
            assert!(db(rest / 0.5) < -120.0, "{from} -> {to}, {hz}: rest {} dB", db(rest / 0.5));
        }
    }
}

#[test]
fn what_the_lower_rate_cannot_hold_is_gone() {
    for hz in [22_051.0, 22_500.0, 23_900.0] {
        let back = resample(&sine(hz, rate(48_000), 48_000), rate(44_100)).unwrap();
        let plane = back.plane(0);
        let middle = &plane[plane.len() / 4..plane.len() * 3 / 4];
        let peak = middle.iter().fold(0.0_f32, |peak, sample| sample.abs().max(peak));
        assert!(db(f64::from(peak) / 0.5) < -120.0, "{hz}: {} dB", db(f64::from(peak) / 0.5));
    }
}

#[test]
fn the_length_is_exact_and_nothing_is_delayed() {
    for (from, to) in
        [(48_000, 44_100), (44_100, 48_000), (8_000, 192_000), (192_000, 8_000), (44_101, 48_000)]
    {
        for frames in [0_u64, 1, 2, 147, 1_000, 4_801] {
            let silence = Buffer::silent(rate(from), Layout::Stereo, Frames(frames));
            let back = resample(&silence, rate(to)).unwrap();
            let exact = frames as f64 * f64::from(to) / f64::from(from);
            assert_eq!(back.length().0, exact.round() as u64, "{from} -> {to}, {frames}");
            assert_eq!((back.rate(), back.layout()), (rate(to), Layout::Stereo));
            assert_eq!(back.peak(), 0.0);
        }
    }
    // A bump in the middle stays in the middle, and one sample is a bump.
    let mut plane = vec![0.0; 48_000];
    plane[24_000] = 1.0;
    let back = resample(&Buffer::mono(rate(48_000), plane), rate(96_000)).unwrap();
    let plane = back.plane(0);
    let highest = (0..plane.len()).max_by(|a, b| plane[*a].total_cmp(&plane[*b]));
    assert_eq!(highest, Some(48_000));
    assert!((0..40_000).all(|n| (plane[48_000 - n] - plane[48_000 + n]).abs() < 1e-6));
    let one = resample(&Buffer::mono(rate(44_100), vec![1.0]), rate(48_000)).unwrap();
    assert!(one.length() == Frames(1) && one.plane(0)[0] > 0.9, "{:?}", one.plane(0));
}

#[test]
fn the_same_rate_is_the_same_sound() {
    let sound = crate::sound(SampleRate::CD);
    assert_eq!(resample(&sound, SampleRate::CD).unwrap(), sound);
    let there = resample(&sound, SampleRate::STUDIO).unwrap();
    let back = resample(&there, SampleRate::CD).unwrap();
    assert_eq!(back.length(), sound.length());
}

/// FNV-1a over the bits of all samples.
fn fingerprint(sound: &Buffer) -> u64 {
    let samples = sound.planes().iter().flatten();
    samples
        .flat_map(|sample| sample.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_bits_are_those_of_every_processor_and_version() {
    let found = [
        (44_100, 48_000, 0.7),
        (48_000, 44_100, 0.7),
        (96_000, 44_100, 0.3),
        (8_000, 48_000, 0.5),
        (44_101, 48_000, 2.3),
        (44_100, 48_000, 0.0),
    ]
    .map(|(from, to, seconds)| {
        let sound = crate::sound_of(rate(from), seconds);
        fingerprint(&resample(&sound, rate(to)).unwrap())
    });
    let golden: [u64; 6] = [
        0x7fc5_80c6_e072_c725,
        0x7cc5_e6a6_4919_45d5,
        0x9109_fe93_1120_d4a1,
        0x0fd3_dd1a_c15f_7ed8,
        0x22d0_e30c_a4a5_ad9c,
        0xa45b_65af_44d1_3636,
    ];
    assert_eq!(found, golden, "{found:#x?}");
}
