//! Masters of tracks, made on request.

use std::io::Read;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, write_wav};
use clock::Seed;
use studio::Error;
use studio::artifact::Kind;
use studio::desk::{Desk, Job, Limits, MasterOrder, Request, SoundId, State};
use studio::master::Mastered;

use crate::house::{House, ONE, TWO, ended, is_absent, short, wait_for};

fn order(sound: i64) -> MasterOrder {
    MasterOrder {
        reference: None,
        sound: SoundId(sound),
        preset: None,
        intensity: None,
        target: None,
        format: None,
        bits: None,
    }
}

/// Four seconds of three tones that swell twice.
fn put_sound(house: &House, number: i64) {
    let rate = SampleRate::STUDIO;
    let sample = |at: usize| {
        let t = at as f64 / 48_000.0;
        let tone = |hz: f64| 2.0 * (hz * t).fract() - 1.0;
        let swell = 0.05 * (1.0 + (0.5 * t).fract());
        (swell * (tone(110.0) + tone(440.0) + tone(1_760.0)) / 3.0) as f32
    };
    let plane: Vec<f32> = (0..192_000).map(sample).collect();
    let buffer = Buffer::from_planes(rate, vec![plane.clone(), plane]).unwrap();
    let path = house.dir.path().join(format!("{number}.wav"));
    let tags = Tags { title: "Swell".to_owned(), ..Tags::default() };
    let mut file = std::fs::File::create(path).unwrap();
    write_wav(&mut file, &Pcm::quantise(&buffer, Depth::Sixteen, Seed(1)), &tags).unwrap();
}

fn read(desk: &Desk, job: &Job, name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    desk.open_file(ONE, job.id, name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn a_track_becomes_a_master_that_was_measured() {
    let house = House::new();
    put_sound(&house, 7);
    let desk = house.desk();
    let asked = MasterOrder { target: Some("club".to_owned()), bits: Some(16), ..order(7) };
    let job = desk.master(ONE, &asked).unwrap();
    assert_eq!(job.order, Some(Request::Master(asked)));
    let job = wait_for(&desk, &job, ended);
    assert_eq!(job.state, State::Mastered { passed: true }, "{:?}", desk.detail(job.id));
    assert_eq!(job.title.as_deref(), Some("A/B: a \"title\""));
    let files = desk.files(ONE, job.id).unwrap();
    let told: Vec<_> = files.iter().map(|file| (file.name.as_str(), file.kind)).collect();
    let [(name, Kind::Master), ("report.json", Kind::Report)] = told[..] else {
        panic!("{told:?}")
    };
    assert!(name.ends_with(".flac") && !name.contains('/'), "{name}");
    let report: Mastered = serde_json::from_slice(&read(&desk, &job, "report.json")).unwrap();
    assert_eq!((report.input.as_str(), report.output.as_str()), ("A/B: a \"title\"", name));
    // Nothing of where the work was done leaves.
    let text = String::from_utf8(read(&desk, &job, "report.json")).unwrap();
    assert!(!text.contains(house.dir.path().to_str().unwrap()), "{text}");
    let master = house.dir.path().join("out.flac");
    std::fs::write(&master, read(&desk, &job, name)).unwrap();
    let heard = studio::analyse::analyse(&master, &fault::Cancel::new()).unwrap();
    let loudness = heard.described.figures.integrated_lufs.unwrap();
    assert!((loudness - report.target_lufs).abs() < 0.2, "{loudness}");
}

#[test]
fn a_master_like_another_track_is_as_loud_as_that_and_names_it_by_its_title() {
    let house = House::new();
    put_sound(&house, 7);
    put_sound(&house, 8);
    let desk = house.desk();
    let asked = MasterOrder { reference: Some(SoundId(8)), ..order(7) };
    let job = wait_for(&desk, &desk.master(ONE, &asked).unwrap(), ended);
    assert_eq!(job.state, State::Mastered { passed: true }, "{:?}", desk.detail(job.id));
    let report: Mastered = serde_json::from_slice(&read(&desk, &job, "report.json")).unwrap();
    assert_eq!(report.treatment, "like A/B: a \"title\"");
    let (before, after) = (report.before.integrated_lufs, report.after.integrated_lufs);
    // It is the same sound: there is nothing to be changed about it.
    assert!((before.unwrap() - after.unwrap()).abs() < 0.2, "{before:?} {after:?}");
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains(house.dir.path().to_str().unwrap()), "{text}");
}

#[test]
fn a_master_that_cannot_be_made_is_refused_before_it_waits() {
    let house = House::new();
    put_sound(&house, 7);
    let desk = house.desk_within(Limits { longest_mastered_s: 4.0, ..Limits::default() });
    let with = |change: fn(&mut MasterOrder)| {
        let mut asked = order(7);
        change(&mut asked);
        desk.master(ONE, &asked).unwrap_err()
    };
    assert!(matches!(with(|o| o.preset = Some("loud".to_owned())), Error::Order(_)));
    assert!(matches!(with(|o| o.intensity = Some(1.5)), Error::Order(_)));
    assert!(matches!(with(|o| o.intensity = Some(f64::NAN)), Error::Order(_)));
    assert!(matches!(with(|o| o.target = Some("radio".to_owned())), Error::Order(_)));
    assert!(matches!(with(|o| o.format = Some("ogg".to_owned())), Error::Order(_)));
    assert!(matches!(with(|o| o.bits = Some(32)), Error::Order(_)));
    assert!(matches!(with(|o| o.sound = SoundId(8)), Error::Absent(_)));
    assert!(matches!(with(|o| o.reference = Some(SoundId(8))), Error::Absent(_)));
    let both = |o: &mut MasterOrder| {
        (o.preset, o.reference) = (Some("warm".to_owned()), Some(SoundId(7)));
    };
    assert!(matches!(with(both), Error::Order(_)));
    assert!(is_absent(&desk.master(TWO, &order(7))));
    let short = house.desk_within(Limits { longest_mastered_s: 3.0, ..Limits::default() });
    assert!(matches!(short.master(ONE, &order(7)), Err(Error::OutOfRange { .. })));
}

#[test]
fn a_file_that_is_longer_than_it_says_is_not_held_in_memory() {
    let house = House::new();
    put_sound(&house, 7);
    // It is said to be four seconds, and is.
    let desk = house.desk_within(Limits { longest_mastered_s: 4.0, ..Limits::default() });
    let job = desk.master(ONE, &order(7)).unwrap();
    assert_eq!(wait_for(&desk, &job, ended).state, State::Mastered { passed: true });
    let whole = std::fs::read(house.dir.path().join("7.wav")).unwrap();
    let (rate, frames) = (SampleRate::STUDIO, 240_000);
    let buffer = Buffer::silent(rate, audio::Layout::Stereo, audio::Frames(frames));
    let mut file = std::fs::File::create(house.dir.path().join("7.wav")).unwrap();
    let pcm = Pcm::quantise(&buffer, Depth::Sixteen, Seed(1));
    write_wav(&mut file, &pcm, &Tags::default()).unwrap();
    assert!(file.metadata().unwrap().len() > whole.len() as u64);
    let job = desk.master(ONE, &order(7)).unwrap();
    let State::Failed { reason } = wait_for(&desk, &job, ended).state else { panic!() };
    assert!(reason.contains("at most 4 seconds"), "{reason}");
}

#[test]
fn a_file_that_is_no_sound_fails_and_says_so() {
    let house = House::new();
    std::fs::write(house.dir.path().join("9.wav"), b"RIFF is not enough").unwrap();
    let desk = house.desk();
    let job = desk.master(ONE, &order(9)).unwrap();
    let State::Failed { reason } = wait_for(&desk, &job, ended).state else { panic!() };
    assert_eq!(reason, "the track could not be read as sound");
    assert!(matches!(desk.files(ONE, job.id), Err(Error::Unfinished)));
}

#[test]
fn a_master_is_its_owners_to_delete_and_takes_no_place_of_a_song() {
    let house = House::new();
    put_sound(&house, 7);
    let desk = house.desk_within(Limits { songs_a_day: 1, ..Limits::default() });
    let job = desk.master(ONE, &order(7)).unwrap();
    let job = wait_for(&desk, &job, ended);
    desk.cancel(ONE, desk.order(ONE, &short(1)).unwrap().id).unwrap();
    assert!(is_absent(&desk.delete_master(TWO, job.id)));
    assert!(is_absent(&desk.files(TWO, job.id)));
    desk.delete_master(ONE, job.id).unwrap();
    assert!(desk.files(ONE, job.id).unwrap().is_empty());
    assert_eq!(desk.job(ONE, job.id).unwrap().state, State::Mastered { passed: true });
}
