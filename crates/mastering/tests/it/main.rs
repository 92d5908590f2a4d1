//! What a stream costs: no allocation while it plays, and little memory however long.

use audio::{Layout, SampleRate};
use mastering::Stream;
use mastering::chain::{
    Band, Ceiling, Chain, Compressor, Dither, Exciter, Loudness, Multiband, Width,
};
use testkit::{ALLOCATIONS, Counting, HELD};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The bound for one listener.
const MOST_BYTES: i64 = 40 << 20;

#[test]
fn playing_allocates_nothing_and_a_stream_is_small() {
    let before = HELD.get();
    let chain = Chain {
        eq: (0..30).map(|n| Band::bell(40.0 * f64::from(n + 1), 4.0, 1.0)).collect(),
        multiband: Some(Multiband {
            crossovers_hz: vec![120.0, 1_000.0, 6_000.0],
            bands: vec![Compressor::gentle(-30.0); 4],
        }),
        compressor: Some(Compressor::gentle(-20.0)),
        exciter: Some(Exciter { above_hz: 4_000.0, drive_db: 9.0, mix_db: -12.0 }),
        width: Some(Width { side: 1.2, mono_below_hz: Some(100.0) }),
        loudness: Some(Loudness::GainDb(9.0)),
        limiter: Some(Ceiling::at(-1.0)),
        dither: Some(Dither { bits: 16 }),
        ..Chain::default()
    };
    let mut stream = Stream::new(SampleRate::MAX, Layout::Stereo, &chain).unwrap();
    let mut planes = vec![vec![0.0_f32; 4_096]; 2];
    let play = |stream: &mut Stream, planes: &mut [Vec<f32>]| {
        for plane in planes.iter_mut() {
            for (n, sample) in plane.iter_mut().enumerate() {
                *sample = ((n * 7_919) % 1_009) as f32 / 1_009.0 - 0.5;
            }
        }
        let [left, right] = planes else { return };
        stream.process(&mut [left.as_mut_slice(), right.as_mut_slice()]);
    };
    play(&mut stream, &mut planes);
    ALLOCATIONS.set(0);
    for _ in 0..50 {
        play(&mut stream, &mut planes);
    }
    assert_eq!(ALLOCATIONS.get(), 0);
    let held = HELD.get() - before;
    assert!(held < MOST_BYTES / 40, "{held} bytes");
    stream.change(&Chain::default()).unwrap();
    play(&mut stream, &mut planes);
    assert!(HELD.get() - before < MOST_BYTES / 20, "two racks while a change lasts");
}
