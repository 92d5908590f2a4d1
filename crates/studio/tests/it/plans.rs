//! Plans of tracks that are heard: what is promised is what an independent render of them measures.

use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use audio::analysis::{Analysis, analyse};
use audio::dsp::{Biquad, BiquadFilter};
use audio::loudness::measure;
use audio::{Buffer, Decibels, Lufs, SampleRate};
use audio_file::{Decoder, Depth, Pcm, Tags, write_flac};
use fault::Cancel;
use mastering::{Preset, render, spectral_distance};
use store::Store;
use studio::desk::SoundId;
use studio::plans::{Enhancement, Manner, Plans, State, Urgency, Wish};

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

/// Plans of sounds that are opened by a function of their own.
fn plans_of(store: &Store, open: impl Fn(SoundId) -> Vec<u8> + Send + Sync + 'static) -> Plans {
    let open = Box::new(move |id| Ok(Decoder::open(Cursor::new(open(id))).unwrap()));
    Plans::new(store.clone(), open, 1, Cancel::new()).unwrap()
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

/// All of a manner, at -16 LUFS.
fn whole(manner: Manner, parts: &[i64], reference: &[u8]) -> Wish {
    let parts: Vec<SoundId> = parts.iter().copied().map(SoundId).collect();
    let essence = format!("{parts:?}").into_bytes();
    let enhancement = Enhancement::new(manner, 1.0, Lufs(-16.0)).unwrap();
    Wish { parts, essence, reference: reference.to_vec(), enhancement }
}

fn wish(preset: Preset, intensity: f64) -> Wish {
    let enhancement = Enhancement::new(Manner::Preset(preset), intensity, Lufs(-16.0)).unwrap();
    Wish { parts: vec![SoundId(1)], essence: vec![1, 2, 3], reference: Vec::new(), enhancement }
}

/// Waits for the end of it; panics after a minute.
fn made(plans: &Plans, wish: &Wish) -> State {
    plans.ask(wish, Urgency::Now).unwrap();
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
        let known = second.ask(&wish(preset, intensity), Urgency::Now).unwrap();
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
    let warm = Manner::Preset(Preset::Warm);
    for (intensity, loudness) in
        [(1.1, -14.0), (-0.1, -14.0), (f64::NAN, -14.0), (1.0, 0.0), (1.0, -40.0), (1.0, f64::NAN)]
    {
        assert!(Enhancement::new(warm, intensity, Lufs(loudness)).is_err());
    }
    let wish = Enhancement::new(warm, 0.333, Lufs(-14.04)).unwrap();
    assert_eq!((wish.share(), wish.loudness().0), (0.33, -14.0));
}

/// The same, with other colour and level.
fn coloured(whole: &Buffer, shelf: Decibels, gain: f32) -> Buffer {
    let planes = (0..2).map(|channel| {
        let mut plane: Vec<f32> = whole.plane(channel).iter().map(|s| s * gain).collect();
        BiquadFilter::new(Biquad::high_shelf(SampleRate::CD, 2_000.0, shelf)).process(&mut plane);
        plane
    });
    Buffer::from_planes(SampleRate::CD, planes.collect()).unwrap()
}

#[test]
fn a_track_is_made_like_another_at_the_loudness_that_is_listened_to() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let own = file(&coloured(&music(15), Decibels(0.0), 0.9));
    let other = file(&coloured(&music(12), Decibels(9.0), 0.3));
    let heard = |bytes: &[u8]| audio_file::decode(Cursor::new(bytes.to_vec())).unwrap().0;
    let (track, reference) = (heard(&own), analyse(&heard(&other)));
    let open = move |id| if id == SoundId(1) { own.clone() } else { other.clone() };
    let plans = plans_of(&store, open);
    let wish = whole(Manner::Like(SoundId(2)), &[1], b"other");
    let State::Solved(known) = made(&plans, &wish) else { panic!("it has a master") };
    let master = analyse(&render(&track, &known.chain).unwrap());
    let apart = |is: &Analysis| spectral_distance(&is.bands, &reference.bands).unwrap();
    let (before, after) = (apart(&analyse(&track)), apart(&master));
    assert!(before > 2.0 && after < before / 4.0, "{before:.2} dB apart, then {after:.2} dB");
    let loudness = master.loudness.integrated.unwrap().0;
    assert!((loudness + 16.0).abs() < 0.1, "{loudness}");
    // A way of its own, which is kept apart from presets.
    let State::Solved(other) = made(&plans, &whole(Manner::Preset(Preset::Warm), &[1], b"")) else {
        panic!("it has a master")
    };
    assert_ne!(known.chain, other.chain);
    assert_eq!(store.read(plans_kept).unwrap(), 2);
}

fn plans_kept(connection: &store::rusqlite::Connection) -> Result<i64, store::Error> {
    Ok(connection.query_row("SELECT count(*) FROM plan", [], |row| row.get(0))?)
}

#[test]
fn an_album_is_one_sound_whose_tracks_keep_their_levels() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let tracks = [0.8, 0.2, 0.5].map(|gain| coloured(&music(10), Decibels(0.0), gain));
    let files = tracks.each_ref().map(file);
    let plans = plans_of(&store, move |SoundId(id)| files[id as usize].clone());
    let wish = whole(Manner::Preset(Preset::Gentle), &[0, 1, 2], b"");
    let State::Solved(known) = made(&plans, &wish) else { panic!("it has a master") };
    let planes = |n: usize| tracks.iter().flat_map(|t| t.plane(n).to_vec()).collect::<Vec<f32>>();
    let album = Buffer::from_planes(SampleRate::CD, vec![planes(0), planes(1)]).unwrap();
    let master = render(&album, &known.chain).unwrap();
    let heard = measure(&master).0.integrated.unwrap().0;
    assert!((known.after.unwrap().lufs.unwrap() - heard).abs() < 0.01);
    // Gentle is a little quieter than what is asked for.
    assert!((heard + 17.0).abs() < 0.1, "{heard}");
    let level = |whole: &Buffer, n: usize| {
        let part = [0, 1].map(|c| whole.plane(c)[n * 441_000..(n + 1) * 441_000].to_vec());
        let part = Buffer::from_planes(SampleRate::CD, part.to_vec()).unwrap();
        measure(&part).0.integrated.unwrap().0
    };
    for n in 1..3 {
        let (was, is) =
            (level(&album, n) - level(&album, 0), level(&master, n) - level(&master, 0));
        assert!((was - is).abs() < 1.0, "track {n}: {was:.2} dB to the first, then {is:.2} dB");
    }
}

#[test]
fn a_track_does_not_wait_for_an_album() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let bytes = file(&music(10));
    let plans = plans_of(&store, move |_| bytes.clone());
    let album = whole(Manner::Preset(Preset::Warm), &[1, 2, 3, 4, 5, 6, 7, 8], b"");
    plans.ask(&album, Urgency::Now).unwrap();
    let State::Solved(_) = made(&plans, &wish(Preset::Warm, 1.0)) else { panic!("no master") };
    let state = plans.look(&album).unwrap();
    assert!(!matches!(state, State::Solved(known) if known.is_measured()), "it came too late");
    let State::Solved(_) = made(&plans, &album) else { panic!("no master of the album") };
}

#[test]
fn a_disk_that_does_not_answer_keeps_nobody_else_waiting() {
    let dir = tempfile::tempdir().unwrap();
    let store = database(&dir.path().join("plans.db"));
    let bytes = file(&music(5));
    let answers = Arc::new((Mutex::new(false), Condvar::new()));
    let disk = Arc::clone(&answers);
    let plans = plans_of(&store, move |id| {
        if id == SoundId(7) {
            let waits = disk.0.lock().unwrap();
            drop(disk.1.wait_while(waits, |answers| !*answers).unwrap());
        }
        bytes.clone()
    });
    let stalled = whole(Manner::Preset(Preset::Warm), &[7], b"");
    plans.ask(&stalled, Urgency::Now).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let wish = wish(Preset::Warm, 1.0);
    let is_made = || {
        // Whoever follows a stalled track asks for it again and again.
        plans.ask(&stalled, Urgency::Now).unwrap();
        let state = plans.ask(&wish, Urgency::Now).unwrap();
        matches!(state, State::Solved(known) if known.is_measured())
    };
    let tries = (0..600).position(|_| {
        std::thread::sleep(Duration::from_millis(100));
        is_made()
    });
    assert!(tries.is_some(), "no plan within a minute");
    assert!(matches!(plans.look(&stalled), Some(State::Waiting)));
    *answers.0.lock().unwrap() = true;
    answers.1.notify_all();
    let State::Solved(_) = made(&plans, &stalled) else { panic!("no master in the end") };
}
