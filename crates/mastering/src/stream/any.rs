//! Any chain that is accepted masters any sound: finite, under its ceiling, as long as it came.

use audio::loudness::{Meter, Oversampling};
use audio::{Buffer, Layout, SampleRate};
use clock::Seed;
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_oneof, proptest,
};

use crate::chain::{
    Band, Ceiling, Chain, Compressor, DcBlock, Dither, Dynamic, Exciter, Loudness, Multiband,
    Shape, Width,
};
use crate::limiter::FURTHEST;
use crate::render;

fn band() -> impl Strategy<Value = Band> {
    let shapes = prop_oneof![
        Just(Shape::HighPass),
        Just(Shape::LowPass),
        Just(Shape::LowShelf),
        Just(Shape::HighShelf),
        Just(Shape::Bell),
    ];
    let dynamic = (-80.0..0.0, 0.05..5.0, 1.0..500.0, 10.0..2_000.0).prop_map(
        |(threshold_db, slope, attack_ms, release_ms)| Dynamic {
            threshold_db,
            slope,
            attack_ms,
            release_ms,
        },
    );
    (shapes, 10.0..40_000.0, 0.1..18.0, -24.0..24.0, prop::option::of(dynamic)).prop_map(
        |(shape, hz, q, gain, dynamic)| {
            let is_pass = matches!(shape, Shape::HighPass | Shape::LowPass);
            let is_shelf = matches!(shape, Shape::LowShelf | Shape::HighShelf);
            Band {
                shape,
                hz,
                q: (!is_shelf).then_some(q),
                gain_db: (!is_pass).then_some(gain),
                dynamic: dynamic.filter(|_| shape == Shape::Bell),
            }
        },
    )
}

fn compressor() -> impl Strategy<Value = Compressor> {
    let times = (1.0..500.0, 10.0..2_000.0);
    (-80.0..0.0, 1.01..20.0, 0.0..24.0, times, 0.5..24.0, -12.0..12.0).prop_map(
        |(threshold_db, ratio, knee_db, (attack_ms, release_ms), range_db, makeup_db)| Compressor {
            threshold_db,
            ratio,
            knee_db,
            attack_ms,
            release_ms,
            range_db,
            makeup_db,
        },
    )
}

fn multiband() -> impl Strategy<Value = Multiband> {
    (40.0..2_000.0, 2.0..2.8, 1_usize..4).prop_flat_map(|(first, ratio, count)| {
        let crossovers_hz: Vec<f64> =
            (0..count).map(|n| first * libm::pow(ratio, n as f64)).collect();
        prop::collection::vec(compressor(), count + 1)
            .prop_map(move |bands| Multiband { crossovers_hz: crossovers_hz.clone(), bands })
    })
}

fn chain() -> impl Strategy<Value = Chain> {
    let exciter = (500.0..12_000.0, 0.0..24.0, -40.0..0.0)
        .prop_map(|(above_hz, drive_db, mix_db)| Exciter { above_hz, drive_db, mix_db });
    let width =
        (0.0..0.9, 20.0..300.0).prop_map(|(side, hz)| Width { side, mono_below_hz: Some(hz) });
    let stages = (
        prop::option::of((1.0..20.0).prop_map(|hz| DcBlock { hz })),
        prop::collection::vec(band(), 0..8),
        prop::option::of(multiband()),
        prop::option::of(compressor()),
        prop::option::of(exciter),
        prop::option::of(width),
    );
    let last =
        (-60.0..60.0, -20.0..0.0, prop::option::of((8_u32..=24).prop_map(|bits| Dither { bits })));
    (stages, last).prop_map(|((dc_block, eq, multiband, compressor, exciter, width), last)| Chain {
        dc_block,
        eq,
        multiband,
        compressor,
        exciter,
        width,
        loudness: Some(Loudness::GainDb(last.0)),
        limiter: Some(Ceiling::at(last.1)),
        dither: last.2,
    })
}

fn loudest(sound: &Buffer) -> f64 {
    f64::from(sound.planes().iter().flatten().fold(0.0_f32, |most, sample| most.max(sample.abs())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_accepted_chain_masters_any_sound(
        mut chain in chain(),
        hz in 8_000_u32..192_000,
        level in prop_oneof![Just(0.0), Just(1e-38), Just(0.3), Just(1e4)],
        seed in any::<u64>(),
    ) {
        let rate = SampleRate::new(hz).unwrap();
        // A resonance at Nyquist itself stands between the samples where no grid sees it.
        for band in &mut chain.eq {
            band.hz = band.hz.min(0.4 * rate.hz_f64());
        }
        if let Some(multiband) = &mut chain.multiband {
            let most = 0.45 * rate.hz_f64();
            if multiband.crossovers_hz.iter().any(|corner| *corner > most) {
                chain.multiband = None;
            }
        }
        chain.exciter = chain.exciter.filter(|exciter| exciter.above_hz < 0.2 * rate.hz_f64());
        chain.validate_for(rate, Layout::Stereo).unwrap();
        let mut chance = Seed(seed).stream("any");
        let planes = (0..2)
            .map(|_| (0..6_000).map(|_| (level * chance.between(-1.0, 1.0)) as f32).collect())
            .collect();
        let sound = Buffer::from_planes(rate, planes).unwrap();
        let out = render(&sound, &chain).unwrap();
        prop_assert!(out.length() == sound.length());
        prop_assert!(out.first_not_finite().is_none());
        // Noise at Nyquist 80 dB over is read a little low by an 8x grid, and dither stands on top of
        // the ceiling: a step and a half of it.
        let ceiling = chain.limiter.unwrap().ceiling_dbtp;
        let step = chain.dither.map_or(0.0, |d| 3.0 / f64::from(1_u32 << d.bits));
        let most = libm::pow(10.0, (ceiling + 0.15) / 20.0) + 2.0 * step;
        prop_assert!(loudest(&out) <= most, "{} over {}", loudest(&out), most);
        let open = render(&sound, &Chain { limiter: None, dither: None, ..chain }).unwrap();
        if 20.0 * libm::log10(loudest(&open)) - ceiling <= FURTHEST.0 {
            let mut meter = Meter::with_true_peak(rate, Layout::Stereo, Some(Oversampling::Sixteen));
            meter.push(&out.planes().iter().map(Vec::as_slice).collect::<Vec<_>>());
            let peak = meter.finish().0.true_peak.map_or(0.0, |p| libm::pow(10.0, p.0 / 20.0));
            prop_assert!(peak <= most, "{} over {}", peak, most);
        }
    }
}
