use std::fs;
use std::path::Path;
use std::time::Duration;

use audio::{Buffer, SampleRate};
use audio_file::{Depth, Pcm, Tags, decode, write_flac};
use clock::Seed;
use fault::Cancel;
use library::analysis::{Coverage, POINTS, Pace, Progress};
use library::{Error, TrackId};

use crate::house::{House, song};

const AT_ONCE: Pace = Pace { between_tracks: Duration::ZERO, within: Duration::ZERO };

/// Four seconds of whatever `wave` says of a time in seconds.
fn sound(path: &Path, title: &str, mut wave: impl FnMut(f64) -> f64) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let rate = SampleRate::CD;
    let plane: Vec<f32> =
        (0..4 * rate.hz()).map(|n| wave(f64::from(n) / rate.hz_f64()) as f32).collect();
    let buffer = Buffer::from_planes(rate, vec![plane.clone(), plane]).unwrap();
    let tags = Tags { title: title.to_owned(), artist: "Somebody".to_owned(), ..Tags::default() };
    let mut bytes = std::io::Cursor::new(Vec::new());
    write_flac(&mut bytes, &Pcm::quantise(&buffer, Depth::Sixteen, Seed(1)), &tags).unwrap();
    fs::write(path, bytes.into_inner()).unwrap();
}

fn tone(hz: f64) -> impl FnMut(f64) -> f64 {
    move |at| 0.25 * libm::sin(at * hz * std::f64::consts::TAU)
}

fn noise(mut state: u32) -> impl FnMut(f64) -> f64 {
    move |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state) / f64::from(u32::MAX) - 0.5
    }
}

impl House {
    fn analyse(&self) -> u64 {
        self.library.analyse(AT_ONCE, &Cancel::new()).unwrap()
    }

    fn progress(&self) -> [u64; 3] {
        let Progress { done, failed, waiting } = self.library.analysis_progress().unwrap();
        [done, failed, waiting]
    }

    fn id(&self, title: &str) -> TrackId {
        let rows = self.rows("SELECT concat(title, '|', id) FROM track");
        let row = rows.iter().find(|row| row.split('|').next() == Some(title)).unwrap();
        TrackId(row.rsplit('|').next().unwrap().parse().unwrap())
    }
}

#[test]
fn figures_are_those_of_the_one_analysis_and_a_half_silent_file_looks_so() {
    let house = House::new();
    let path = house.music().join("a/1.flac");
    let mut wave = tone(440.0);
    sound(&path, "Half", |at| if at < 2.0 { 0.0 } else { wave(at) });
    house.scan();
    let track = house.id("Half");
    assert_eq!(house.library.loudness(track).unwrap(), None);
    assert_eq!(house.library.waveform(track).unwrap(), None);
    assert_eq!(house.analyse(), 1);

    let (buffer, _) = decode(fs::File::open(&path).unwrap()).unwrap();
    let wanted = audio::analysis::analyse(&buffer).loudness;
    let loudness = house.library.loudness(track).unwrap().unwrap();
    assert_eq!(loudness.integrated, wanted.integrated);
    assert_eq!(loudness.true_peak, wanted.true_peak);
    assert_eq!(loudness.range, wanted.range);

    let points = house.library.waveform(track).unwrap().unwrap();
    assert_eq!(points.len(), POINTS);
    // Dither is one step of 16 bits: nothing of 8.
    assert!(points[..POINTS / 2 - 1].iter().all(|point| *point == 0));
    assert!(points[POINTS / 2 + 1..].iter().all(|point| (60..=68).contains(point)));
}

#[test]
fn an_analysis_that_is_cut_off_goes_on_where_it_was() {
    let house = House::new();
    for (n, hz) in [(1, 440.0), (2, 550.0), (3, 660.0)] {
        sound(&house.music().join(format!("a/{n}.flac")), &n.to_string(), tone(hz));
    }
    house.scan();
    assert_eq!(house.progress(), [0, 0, 3]);
    let cancel = Cancel::new();
    let cut = std::thread::scope(|scope| {
        let pace = Pace { between_tracks: Duration::from_secs(60), ..AT_ONCE };
        let (library, stop) = (&house.library, &cancel);
        let analysis = scope.spawn(move || library.analyse(pace, stop));
        while house.progress()[0] == 0 {
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(matches!(library.analyse(pace, stop), Err(Error::Analysing)));
        cancel.cancel();
        analysis.join().unwrap()
    });
    assert!(matches!(cut, Err(Error::Stopped(_))));
    assert_eq!(house.progress(), [1, 0, 2]);
    assert_eq!(house.analyse(), 2);
    assert_eq!(house.progress(), [3, 0, 0]);
    assert_eq!(house.analyse(), 0);
}

#[test]
fn other_words_keep_the_figures_another_sound_and_another_revision_do_not() {
    let house = House::new();
    let path = house.music().join("a/1.flac");
    sound(&path, "One", tone(440.0));
    house.scan();
    house.analyse();
    sound(&path, "One, again", tone(440.0));
    house.scan();
    assert_eq!(house.progress(), [1, 0, 0]);
    sound(&path, "One, again", tone(880.0));
    house.scan();
    assert_eq!(house.progress(), [0, 0, 1]);
    assert_eq!(house.library.waveform(house.id("One, again")).unwrap(), None);
    assert_eq!(house.analyse(), 1);
    house.write("UPDATE analysis SET revision = revision - 1");
    assert_eq!(house.progress(), [0, 0, 1]);
}

#[test]
fn what_cannot_be_heard_is_kept_with_its_reason_and_what_is_not_there_waits() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    sound(&at("a/1.flac"), "Cut", tone(440.0));
    sound(&at("a/2.flac"), "Gone", tone(550.0));
    sound(&at("a/3.flac"), "Whole", tone(660.0));
    house.scan();
    let bytes = fs::read(at("a/1.flac")).unwrap();
    fs::write(at("a/1.flac"), &bytes[..bytes.len() / 2]).unwrap();
    fs::rename(at("a/2.flac"), at("away")).unwrap();
    assert_eq!(house.analyse(), 2);
    assert_eq!(house.progress(), [1, 1, 1]);
    let unheard = house.library.unheard(10).unwrap();
    assert_eq!(unheard.len(), 1);
    assert_eq!(unheard[0].track, house.id("Cut"));
    assert!(!unheard[0].reason.is_empty());
    assert_eq!(house.library.loudness(house.id("Cut")).unwrap(), None);
    fs::rename(at("away"), at("a/2.flac")).unwrap();
    assert_eq!(house.analyse(), 1);
}

#[test]
fn the_most_similar_comes_first_and_copies_and_what_is_gone_do_not_come() {
    let house = House::new();
    let at = |name: &str| house.music().join(name);
    sound(&at("a/1.flac"), "A", tone(440.0));
    sound(&at("a/2.flac"), "Near", tone(450.0));
    sound(&at("a/3.flac"), "Noise", noise(7));
    song(&at("a/4.flac"), 440, "Short", "Somebody", "X");
    fs::copy(at("a/1.flac"), at("a/copy.flac")).unwrap();
    house.scan();
    let [a, near, noise] = ["A", "Near", "Noise"].map(|title| house.id(title));
    assert!(matches!(house.library.similar(a, 5), Err(Error::Absent(_))));
    house.analyse();
    let found = house.library.similar(near, 9).unwrap();
    assert_eq!(found.tracks.len(), 3);
    assert_eq!(found.tracks[2].0, noise);
    assert!(found.tracks[2].1 > 2.0 * found.tracks[0].1, "{found:?}");
    assert_eq!(found.coverage, Coverage { analysed: 4, all: 5 });
    let ids = |found: library::analysis::Similar| -> Vec<TrackId> {
        found.tracks.into_iter().map(|(track, _)| track).collect()
    };
    assert_eq!(ids(house.library.similar(a, 9).unwrap()), [near, noise]);
    assert_eq!(ids(house.library.similar(a, 1).unwrap()), [near]);
    assert!(matches!(house.library.similar(house.id("Short"), 5), Err(Error::Absent(_))));

    fs::remove_file(at("a/2.flac")).unwrap();
    house.scan();
    assert_eq!(ids(house.library.similar(a, 9).unwrap()), [noise]);
    // Heard while the table is in memory.
    sound(&at("a/5.flac"), "Nearer", tone(442.0));
    house.scan();
    house.library.similar(a, 9).unwrap();
    house.analyse();
    assert_eq!(ids(house.library.similar(a, 9).unwrap()), [house.id("Nearer"), noise]);
}

#[test]
fn a_way_leads_from_one_track_to_another_over_what_lies_between() {
    let house = House::new();
    for n in 0..8 {
        let hz = 200.0 * f64::from(1 << n).sqrt() * 2.0;
        sound(&house.music().join(format!("a/{n}.flac")), &n.to_string(), tone(hz));
    }
    house.scan();
    house.analyse();
    let titles = |limit| {
        let path = house.library.sonic_path(house.id("0"), house.id("7"), limit).unwrap();
        let path: Vec<TrackId> = path.tracks.into_iter().map(|(track, _)| track).collect();
        path
    };
    let path = titles(5);
    assert_eq!(path.len(), 5);
    assert_eq!((path[0], path[4]), (house.id("0"), house.id("7")));
    let mut once = titles(100);
    assert_eq!(once.len(), 8);
    once.sort();
    once.dedup();
    assert_eq!(once.len(), 8);
    assert_eq!(titles(0).len(), 2);
}
