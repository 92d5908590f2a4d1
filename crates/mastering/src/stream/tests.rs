use audio::loudness::{Meter, Oversampling};
use audio::{Buffer, Frames, Layout, SampleRate};
use clock::Seed;
use fault::Cancel;
use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};

use super::{ANCHOR, PRE_ROLL_S, Stream, WARM_UP_S};
use crate::chain::{
    Band, Ceiling, Chain, Compressor, DcBlock, Dither, Dynamic, Exciter, HIGHEST, Loudness,
    Multiband, Shape, Width,
};
use crate::{Error, Intensity, REVISION, Target, render, solve};

/// Every stage at work.
fn busy(layout: Layout) -> Chain {
    let squeeze = Compressor { ratio: 3.0, release_ms: 400.0, ..Compressor::gentle(-24.0) };
    let dynamic = Dynamic { threshold_db: -30.0, slope: 0.5, attack_ms: 5.0, release_ms: 90.0 };
    Chain {
        dc_block: Some(DcBlock { hz: 4.0 }),
        eq: vec![
            Band::high_pass(25.0),
            Band::shelf(Shape::LowShelf, 120.0, 2.0),
            Band::bell(450.0, 1.0, -1.5),
            Band::bell(3_000.0, 0.8, 1.5),
            Band::shelf(Shape::HighShelf, 9_000.0, 2.0),
            Band { dynamic: Some(dynamic), ..Band::bell(6_000.0, 1.5, -4.0) },
        ],
        multiband: Some(Multiband {
            crossovers_hz: vec![120.0, 1_000.0, 6_000.0],
            bands: vec![squeeze, Compressor::gentle(-22.0), squeeze, Compressor::idle()],
        }),
        compressor: Some(Compressor { makeup_db: 1.0, ..Compressor::gentle(-18.0) }),
        exciter: Some(Exciter { above_hz: 4_000.0, drive_db: 9.0, mix_db: -12.0 }),
        width: (layout == Layout::Stereo)
            .then_some(Width { side: 1.2, mono_below_hz: Some(120.0) }),
        loudness: Some(Loudness::GainDb(9.0)),
        limiter: Some(Ceiling::at(-1.0)),
        dither: Some(Dither { bits: 16 }),
    }
}

/// Noise that swells and beats.
fn music(rate: SampleRate, channels: usize, seconds: f64) -> Buffer {
    let mut chance = Seed(3).stream("music");
    let hz = rate.hz_f64();
    let planes = (0..channels).map(|_| {
        (0..rate.frames(seconds).0)
            .map(|n| {
                let swell = 0.1 + 0.08 * libm::sin(n as f64 / hz * 1.3);
                let hit = libm::exp(-((n as f64 / hz) % 0.5) / 0.05);
                (chance.between(-1.7, 1.7) * (swell + 0.25 * hit)) as f32
            })
            .collect()
    });
    Buffer::from_planes(rate, planes.collect()).unwrap()
}

/// Everything a stream gives for a sound fed in the pieces asked for, over and over.
fn fed(stream: &mut Stream, sound: &Buffer, pieces: &[usize]) -> Vec<Vec<f32>> {
    let mut planes = sound.planes().to_vec();
    let mut at = 0;
    for piece in pieces.iter().cycle() {
        let to = (at + piece).min(planes[0].len());
        stream.process(&mut planes.iter_mut().map(|p| &mut p[at..to]).collect::<Vec<_>>());
        at = to;
        if at == planes[0].len() {
            return planes;
        }
    }
    planes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_cut_changes_a_bit(pieces in prop::collection::vec(1_usize..3_000, 1..20), layout in 0_usize..3) {
        let layout = [Layout::Mono, Layout::Stereo, Layout::Surround51][layout];
        let sound = music(SampleRate::CD, layout.channels(), 0.6);
        let stream = Stream::new(SampleRate::CD, layout, &busy(layout)).unwrap();
        let whole = fed(&mut stream.clone(), &sound, &[usize::MAX / 2]);
        prop_assert!(fed(&mut stream.clone(), &sound, &pieces) == whole);
        prop_assert!(fed(&mut stream.clone(), &sound, &[1]) == whole);
    }
}

#[test]
fn a_snapshot_goes_on_as_its_original() {
    let sound = music(SampleRate::STUDIO, 2, 2.0);
    let mut stream =
        Stream::new(SampleRate::STUDIO, Layout::Stereo, &busy(Layout::Stereo)).unwrap();
    fed(&mut stream, &sound, &[777]);
    let mut snapshot = stream.clone();
    assert_eq!(fed(&mut stream, &sound, &[1_000]), fed(&mut snapshot, &sound, &[64]));
}

#[test]
fn after_the_warm_up_a_seek_is_the_same_bit_for_bit_and_nearly_so_after_the_pre_roll() {
    let rate = SampleRate::CD;
    let sound = music(rate, 2, 30.0);
    let chain = busy(Layout::Stereo);
    let linear = render(&sound, &chain).unwrap();
    for (to_s, seconds, least_db) in
        [(25.0, WARM_UP_S, f64::NEG_INFINITY), (27.3, PRE_ROLL_S, -40.0)]
    {
        let to = rate.frames(to_s);
        let start = Stream::start_before(rate, to, seconds);
        assert!(start.0.is_multiple_of(ANCHOR) && start <= to);
        let mut stream = Stream::starting_at(rate, Layout::Stereo, &chain, start).unwrap();
        assert_eq!(stream.position(), None);
        let mut rest = sound.clone();
        rest.skip(start);
        let planes = fed(&mut stream, &rest, &[4_096]);
        let shift = stream.latency() + (to.0 - start.0) as usize;
        let count = sound.length().index() - to.index() - stream.latency();
        let mut off = 0.0_f64;
        for (plane, linear) in planes.iter().zip(linear.planes()) {
            for n in 0..count {
                off = off.max(f64::from((plane[shift + n] - linear[to.index() + n]).abs()));
            }
        }
        assert!(20.0 * libm::log10(off) <= least_db, "{seconds} s: {} dB", 20.0 * libm::log10(off));
        assert_eq!(stream.position(), Some(Frames(sound.length().0 - stream.latency() as u64)));
    }
}

#[test]
fn the_bypass_gives_back_every_bit_within_10_ms_and_all_chains_are_equally_late() {
    let rate = SampleRate::STUDIO;
    let sound = music(rate, 2, 1.0);
    let mut stream = Stream::new(rate, Layout::Stereo, &busy(Layout::Stereo)).unwrap();
    let plain = Stream::new(rate, Layout::Stereo, &Chain::default()).unwrap();
    assert_eq!(stream.latency(), plain.latency());
    let latency = stream.latency();
    fed(&mut stream, &sound, &[500]);
    stream.bypass(true);
    let out = fed(&mut stream, &sound, &[500]);
    let from = rate.frames(0.010).index() + 2 * super::QUANTUM;
    for (out, sound) in out.iter().zip(sound.planes()) {
        assert_eq!(
            out[from.max(latency)..],
            sound[from.max(latency) - latency..sound.len() - latency]
        );
    }
    let empty = render(&sound, &Chain::default()).unwrap();
    assert_eq!(empty, sound, "a chain without stages changes nothing");
}

#[test]
fn a_provisional_stream_gives_back_what_came_until_it_has_a_plan() {
    let rate = SampleRate::STUDIO;
    let sound = music(rate, 2, 1.0);
    let mut stream = Stream::provisional(rate, Layout::Stereo).unwrap();
    let latency = stream.latency();
    assert!(stream.is_provisional());
    let out = fed(&mut stream, &sound, &[480]);
    assert_eq!(out[0][latency..], sound.plane(0)[..sound.length().index() - latency]);
    let chain = Target::DEFAULT.on(Chain::default());
    let plan = solve(&mut &sound, &chain, &Cancel::new()).unwrap();
    stream.adopt(&plan, Intensity::FULL).unwrap();
    assert!(!stream.is_provisional());
    let out = fed(&mut stream, &sound, &[480]);
    let mut planned = Stream::new(rate, Layout::Stereo, &plan.chain).unwrap();
    fed(&mut planned, &sound, &[480]);
    let settled = rate.frames(0.9).index();
    for (out, planned) in out.iter().zip(fed(&mut planned, &sound, &[480])) {
        let off = out[settled..].iter().zip(&planned[settled..]).map(|(a, b)| (a - b).abs());
        assert!(off.fold(0.0, f32::max) < 0.05, "the plan is heard");
    }
}

/// The largest second difference: a click stands far above what a low tone has.
fn sharpest(plane: &[f32]) -> f32 {
    plane.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).abs()).fold(0.0, f32::max)
}

#[test]
fn changes_do_not_click() {
    let rate = SampleRate::STUDIO;
    let tone: Vec<f32> = (0..96_000)
        .map(|n| 0.3 * libm::sin(std::f64::consts::TAU * 110.0 * f64::from(n) / 48_000.0) as f32)
        .collect();
    let sound = Buffer::from_planes(rate, vec![tone.clone(), tone]).unwrap();
    let quiet = Chain {
        eq: vec![Band::shelf(Shape::LowShelf, 200.0, 4.0), Band::high_pass(40.0)],
        loudness: Some(Loudness::GainDb(-3.0)),
        ..Chain::default()
    };
    let full = Chain { dither: None, exciter: None, ..busy(Layout::Stereo) };
    let mut stream = Stream::new(rate, Layout::Stereo, &quiet).unwrap();
    let mut out = fed(&mut stream, &sound, &[512]);
    let steady = sharpest(&out[0][48_000..]);
    for step in 0..6 {
        stream.change(if step % 2 == 0 { &full } else { &quiet }).unwrap();
        // Wished for while another change is under way; the last wish wins.
        stream.change(&Chain::default()).unwrap();
        stream.change(if step % 2 == 0 { &full } else { &quiet }).unwrap();
        stream.bypass(step == 3);
        let next = fed(&mut stream, &sound, &[512]);
        out[0].extend(&next[0]);
    }
    // The tone is whole in each piece, so its joins are no steps; the loudest chain is 9 dB over.
    let sharp = sharpest(&out[0][48_000..]);
    assert!(sharp < 6.0 * steady, "{sharp} against {steady} of a steady tone");
}

/// What a rate has room for of a chain; all of it from 22 kHz on.
fn with_room(rate: SampleRate, mut chain: Chain) -> Chain {
    let refused = chain.validate_for(rate, Layout::Stereo).is_err();
    if rate.hz() < 20_000 {
        assert!(refused, "{rate} has no room for a shelf at 9 kHz");
        chain.eq.retain(|band| band.hz < HIGHEST * rate.hz_f64());
        chain.multiband = None;
        chain.exciter = None;
    }
    chain
}

#[test]
fn every_rate_and_layout_and_length_is_mastered_and_holds_its_ceiling() {
    for hz in [8_000, 11_025, 22_050, 44_100, 96_000, 192_000] {
        let rate = SampleRate::new(hz).unwrap();
        for channels in [1, 2, 3, 4, 5, 6, 8] {
            let layout = Layout::of_channels(channels).unwrap();
            let sound = music(rate, channels, 0.7);
            let chain = with_room(rate, busy(layout));
            let out = render(&sound, &chain).unwrap();
            assert_eq!(out.length(), sound.length());
            let mut meter = Meter::with_true_peak(rate, layout, Some(Oversampling::Sixteen));
            meter.push(&out.planes().iter().map(Vec::as_slice).collect::<Vec<_>>());
            let peak = meter.finish().0.true_peak.unwrap();
            assert!(peak.0 <= -0.95, "{rate} {channels}: {peak}");
        }
    }
    for length in [0, 1, 63, 64, 65, 400] {
        let sound = Buffer::silent(SampleRate::CD, Layout::Stereo, Frames(length));
        let out = render(&sound, &busy(Layout::Stereo)).unwrap();
        assert_eq!(out, sound, "silence stays silent");
    }
}

/// The spectrum of what a chain makes of an impulse, dB at a frequency.
fn gain_at(chain: &Chain, hz: f64) -> f64 {
    let rate = SampleRate::STUDIO;
    let mut plane = vec![0.0_f32; 32_768];
    plane[100] = 0.25;
    let sound = Buffer::from_planes(rate, vec![plane.clone(), plane]).unwrap();
    let out = render(&sound, chain).unwrap();
    let (mut re, mut im) = (0.0, 0.0);
    for (n, sample) in out.plane(0).iter().enumerate() {
        let turn = std::f64::consts::TAU * hz * n as f64 / rate.hz_f64();
        re += f64::from(*sample) * libm::cos(turn);
        im += f64::from(*sample) * libm::sin(turn);
    }
    20.0 * libm::log10((re * re + im * im).sqrt() / 0.25)
}

#[test]
fn a_multiband_that_has_nothing_to_do_is_flat() {
    // Far above an impulse's power in a tick: it never acts.
    let never = Compressor { threshold_db: 0.0, knee_db: 0.0, ..Compressor::gentle(0.0) };
    for corners in [vec![200.0], vec![120.0, 2_500.0], vec![120.0, 1_000.0, 6_000.0]] {
        let bands = vec![never; corners.len() + 1];
        let multiband = Some(Multiband { crossovers_hz: corners.clone(), bands });
        let chain = Chain { multiband, ..Chain::default() };
        for hz in [20.0, 60.0, 119.0, 300.0, 1_000.0, 2_400.0, 6_000.0, 12_000.0, 20_000.0] {
            let off = gain_at(&chain, hz);
            assert!(off.abs() < 0.05, "{corners:?} at {hz} Hz: {off:.3} dB");
        }
    }
}

#[test]
fn a_dynamic_bell_is_its_bell_when_driven_and_nothing_at_rest() {
    let tone = |level: f64| {
        let plane: Vec<f32> = (0..96_000)
            .map(|n| {
                let turn = std::f64::consts::TAU * 1_000.0 * f64::from(n) / 48_000.0;
                (level * libm::sin(turn)) as f32
            })
            .collect();
        Buffer::mono(SampleRate::STUDIO, plane)
    };
    let dynamic = Dynamic { threshold_db: -30.0, slope: 1.0, attack_ms: 5.0, release_ms: 50.0 };
    let band = Band { dynamic: Some(dynamic), ..Band::bell(1_000.0, 1.0, -6.0) };
    let chain = Chain { eq: vec![band], ..Chain::default() };
    let level = |sound: &Buffer| {
        let out = render(sound, &chain).unwrap();
        let steady = |b: &Buffer| b.plane(0)[48_000..].iter().fold(0.0_f32, |p, s| p.max(s.abs()));
        20.0 * libm::log10(f64::from(steady(&out) / steady(sound)))
    };
    assert!((level(&tone(0.5)) + 6.0).abs() < 0.05, "{}", level(&tone(0.5)));
    assert!(level(&tone(0.01)).abs() < 0.001, "below its threshold it rests");
    // 5 dB over: the slope says 5.
    let over = level(&tone(libm::pow(10.0, -25.0 / 20.0)));
    assert!((over + 5.0).abs() < 0.15, "{over}");
}

#[test]
fn every_stage_does_something_and_can_be_left_out() {
    let sound = music(SampleRate::CD, 2, 1.0);
    let full = busy(Layout::Stereo);
    assert_eq!(full.stages().len(), 9);
    let whole = render(&sound, &full).unwrap();
    let without = [
        Chain { dc_block: None, ..full.clone() },
        Chain { eq: Vec::new(), ..full.clone() },
        Chain { multiband: None, ..full.clone() },
        Chain { compressor: None, ..full.clone() },
        Chain { exciter: None, ..full.clone() },
        Chain { width: None, ..full.clone() },
        Chain { loudness: None, ..full.clone() },
        Chain { limiter: None, ..full.clone() },
        Chain { dither: None, ..full.clone() },
    ];
    for chain in without {
        assert_eq!(chain.stages().len(), 8);
        assert!(render(&sound, &chain).unwrap() != whole, "{:?} changes nothing", chain.stages());
    }
}

#[test]
fn dither_leaves_whole_steps_only() {
    let out = render(&music(SampleRate::CD, 2, 0.3), &busy(Layout::Stereo)).unwrap();
    assert!(out.planes().iter().flatten().all(|s| (s * 32_768.0).fract() == 0.0));
}

#[test]
fn a_chain_without_its_gain_is_no_stream() {
    let chain = Chain { loudness: Some(Loudness::Lufs(-14.0)), ..Chain::default() };
    assert_eq!(Stream::new(SampleRate::CD, Layout::Stereo, &chain).err(), Some(Error::Unsolved));
}

/// The same samples for ever: when this moves, [`REVISION`] rises and the hash is renewed.
#[test]
fn a_master_is_the_same_for_ever() {
    let out = render(&music(SampleRate::CD, 2, 1.0), &busy(Layout::Stereo)).unwrap();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for sample in out.planes().iter().flatten() {
        hash = (hash ^ u64::from(sample.to_bits())).wrapping_mul(0x100_0000_01b3);
    }
    assert_eq!((REVISION, hash), (3, 2_492_814_599_192_226_757), "the engine gives other samples");
}
