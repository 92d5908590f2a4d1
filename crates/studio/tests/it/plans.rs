//! Plans of tracks that are heard: what is promised is what an independent render of them measures.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use audio::loudness::measure;
use audio::{Buffer, Lufs, SampleRate};
use audio_file::{Decoder, Depth, Pcm, Tags, write_flac};
use fault::Cancel;
use mastering::{Preset, render};
use store::Store;
use studio::desk::SoundId;
use studio::plans::{Enhancement, Plans, State, Urgency, Wish};

use crate::house::database;

/// Pink enough, with beats, a quarter of the way up: something to master.
fn music(seconds: usize) -> Buffer {
    let (mut state, mut low) = (1_u32, 0.0_f32);
    let mut sample = |n: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = (state >> 16) as f32 / 32_768.0 - 1.0;
        low += 0.05 * (noise - low);
        let beat = 1.0 - (n % 22_050) as f32 / 22_050.0;
        low * (0.2 + 0.8 * beat * beat)
    };
    let left: Vec<f32> = (0..seconds * 44_100).map(&mut sample).collect();
    let right: Vec<f32> = (0..seconds * 44_100).map(&mut sample).collect();
    Buffer::from_planes(SampleRate::CD, vec![left, right]).unwrap()
}

fn file(buffer: &Buffer) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &Pcm::exact(buffer, Depth::Sixteen), &Tags::default()).unwrap();
    bytes.into_inner()
}

/// A sound that counts how often it is opened.
fn plans(store: &Store, bytes: Vec<u8>) -> (Plans, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let open = Box::new(move |_: SoundId| {
        count.fetch_add(1, Ordering::Relaxed);
        Ok(Decoder::open(Cursor::new(bytes.clone())).unwrap())
    });
    (Plans::new(store.clone(), open, 1, Cancel::new()).unwrap(), opened)
}

fn wish(preset: Preset, intensity: f64) -> Wish {
    let enhancement = Enhancement::new(preset, intensity, Lufs(-16.0)).unwrap();
    Wish { essence: vec![1, 2, 3], enhancement }
}

/// Waits for the end of it; panics after a minute.
fn made(plans: &Plans, wish: &Wish) -> State {
    plans.ask(SoundId(1), wish, Urgency::Now).unwrap();
    for _ in 0..1_200 {
        match plans.look(wish).unwrap() {
            State::Solved(known) if known.is_measured() => return State::Solved(known),
            State::Failed(error) => return State::Failed(error),
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    panic!("no plan within a minute");
}

#[test]
fn what_a_plan_promises_is_what_its_render_measures_and_it_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let whole = music(20);
    let bytes = file(&whole);
    let whole = audio_file::decode(Cursor::new(bytes.clone())).unwrap().0;
    let (first, _) = plans(&store, bytes.clone());
    for (preset, intensity) in [(Preset::Warm, 1.0), (Preset::Warm, 0.5), (Preset::Bright, 1.0)] {
        let wish = wish(preset, intensity);
        let State::Solved(known) = made(&first, &wish) else { panic!("it has a master") };
        let (heard, _) = measure(&render(&whole, &known.chain).unwrap());
        let after = known.after.unwrap();
        let near = |a: Option<f64>, b: f64| (a.unwrap() - b).abs() < 0.01;
        assert!(near(after.lufs, heard.integrated.unwrap().0), "{after:?} {heard:?}");
        assert!(near(after.true_peak_dbtp, heard.true_peak.unwrap().0), "{after:?} {heard:?}");
        assert!(near(known.before.lufs, measure(&whole).0.integrated.unwrap().0));
        if intensity == 1.0 {
            assert!((after.lufs.unwrap() + 16.0).abs() < 0.1, "{after:?}");
        }
        assert!(!known.stages.is_empty() && known.bands.iter().any(|band| band.after_db.is_some()));
        let matched = known.matched().unwrap();
        let (original, enhanced) = (
            known.before.lufs.unwrap() + matched.original_db,
            after.lufs.unwrap() + matched.enhanced_db,
        );
        assert!((original - enhanced).abs() < 1e-9);
        assert!(known.before.true_peak_dbtp.unwrap() + matched.original_db < 1e-9);
    }
    drop(first);
    // Another run of the program hears nothing anew.
    let (second, opened) = plans(&store, bytes);
    for (preset, intensity) in [(Preset::Warm, 1.0), (Preset::Warm, 0.5), (Preset::Bright, 1.0)] {
        let known = second.ask(SoundId(9), &wish(preset, intensity), Urgency::Now).unwrap();
        assert!(matches!(known, State::Solved(known) if known.is_measured()));
    }
    assert_eq!(opened.load(Ordering::Relaxed), 0);
}

#[test]
fn silence_has_no_master_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let silent = Buffer::from_planes(SampleRate::CD, vec![vec![0.0; 90_000]; 2]).unwrap();
    let (plans, _) = plans(&store, file(&silent));
    let State::Failed(error) = made(&plans, &wish(Preset::Adaptive, 1.0)) else {
        panic!("silence was mastered")
    };
    assert!(error.to_string().contains("not measurable"), "{error}");
}

#[test]
fn a_wish_out_of_range_is_refused() {
    for (intensity, loudness) in
        [(1.1, -14.0), (-0.1, -14.0), (f64::NAN, -14.0), (1.0, 0.0), (1.0, -40.0), (1.0, f64::NAN)]
    {
        assert!(Enhancement::new(Preset::Warm, intensity, Lufs(loudness)).is_err());
    }
    let wish = Enhancement::new(Preset::Warm, 0.333, Lufs(-14.04)).unwrap();
    assert_eq!((wish.share(), wish.loudness().0), (0.33, -14.0));
}
