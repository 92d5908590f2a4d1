//! Timelines against the files themselves and against the mastering of whole sounds.
#![expect(clippy::unwrap_used, reason = "a test that cannot make its sound has failed")]

use std::io::Cursor;

use audio::{Buffer, Decibels, Frames, SampleRate};
use audio_file::{Decoder, Depth, Pcm, Tags, resample, write_flac};
use fault::Cancel;
use listening::{Fade, Mark, Slot, Source, Timeline, Treatment};
use mastering::chain::{Ceiling, Loudness};
use mastering::{Chain, Plan};
use proptest::prelude::{prop_assert_eq, proptest};
use proptest::test_runner::Config;

/// Noise in steps of 16 bits, which swells: the same for a number.
fn noise(rate: SampleRate, frames: usize, number: u32) -> Buffer {
    let mut state = number.wrapping_mul(747_796_405) | 1;
    let mut sample = |n: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let level = 2_000 + (n / 64 % 6_000) as i32;
        ((state >> 16) as i32 * level / 65_536 - level / 2) as f32 / 32_768.0
    };
    let left: Vec<f32> = (0..frames).map(&mut sample).collect();
    let right: Vec<f32> = (0..frames).map(&mut sample).collect();
    Buffer::from_planes(rate, vec![left, right]).unwrap()
}

fn part(buffer: &Buffer, from: usize, to: usize) -> Buffer {
    let planes = buffer.planes().iter().map(|plane| plane[from..to].to_vec()).collect();
    Buffer::from_planes(buffer.rate(), planes).unwrap()
}

fn file(buffer: &Buffer) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    write_flac(&mut bytes, &Pcm::exact(buffer, Depth::Sixteen), &Tags::default()).unwrap();
    bytes.into_inner()
}

fn track(slot: u32, bytes: Vec<u8>) -> Source {
    Source {
        slot: Slot(slot),
        decoder: Decoder::open(Cursor::new(bytes)).unwrap(),
        treatment: Treatment::NONE,
        goes_on: false,
    }
}

fn plan(buffer: &Buffer) -> Plan {
    let loudness = Some(Loudness::GainDb(12.0));
    let chain = Chain { loudness, limiter: Some(Ceiling::at(-1.0)), ..Chain::default() };
    mastering::solve(&mut &*buffer, &chain, &Cancel::new()).unwrap()
}

fn by(chain: &Chain) -> Treatment {
    Treatment { chain: Some(chain.clone()), ..Treatment::NONE }
}

/// All of a timeline in portions of these sizes, in turn; tracks are put behind as it wants them.
fn hear(timeline: &mut Timeline, mut tracks: Vec<Source>, sizes: &[usize]) -> Heard {
    let mut heard = Heard::default();
    tracks.reverse();
    for size in sizes.iter().cycle() {
        let (mut left, mut right) = (vec![0.0; *size], vec![0.0; *size]);
        let portion = timeline.read(&mut [&mut left, &mut right]);
        let before = heard.left.len();
        let marks = portion.marks.iter().map(|mark| Mark { at: mark.at + before, ..*mark });
        heard.marks.extend(marks);
        heard.failed.extend(portion.failures.iter().map(|failure| failure.slot));
        heard.left.extend(&left[..portion.frames]);
        heard.right.extend(&right[..portion.frames]);
        match tracks.pop_if(|_| portion.wants) {
            Some(track) => timeline.append(track),
            None if portion.wants => timeline.close(),
            None if portion.frames < *size => return heard,
            None => {}
        }
    }
    heard
}

#[derive(Debug, Default, PartialEq)]
struct Heard {
    left: Vec<f32>,
    right: Vec<f32>,
    marks: Vec<Mark>,
    failed: Vec<Slot>,
}

impl Heard {
    fn is(&self, buffer: &Buffer) -> bool {
        self.left == buffer.plane(0) && self.right == buffer.plane(1)
    }
}

fn mark(at: usize, slot: u32) -> Mark {
    Mark { at, slot: Slot(slot), fade: None }
}

fn faded(at: usize, slot: u32, frames: usize) -> Mark {
    Mark { fade: Some(frames), ..mark(at, slot) }
}

#[test]
fn one_track_is_heard_as_it_is_in_its_file() {
    let whole = noise(SampleRate::CD, 30_000, 1);
    let mut timeline = Timeline::new(SampleRate::CD, 0.0);
    timeline.start(track(7, file(&whole)), Frames(0), Frames(0)).unwrap();
    let heard = hear(&mut timeline, Vec::new(), &[1_000]);
    assert!(heard.is(&whole));
    assert_eq!((heard.marks, heard.failed), (vec![mark(0, 7)], Vec::new()));
}

#[test]
fn a_track_that_cannot_be_read_to_its_end_is_told_and_the_next_one_follows() {
    let (first, second) = (noise(SampleRate::CD, 30_000, 1), noise(SampleRate::CD, 20_000, 2));
    let mut bytes = file(&first);
    bytes.truncate(bytes.len() / 2);
    for goes_on in [false, true] {
        let mut timeline = Timeline::new(SampleRate::CD, 0.0);
        timeline.start(track(1, bytes.clone()), Frames(0), Frames(0)).unwrap();
        let next = Source { goes_on, ..track(2, file(&second)) };
        let heard = hear(&mut timeline, vec![next], &[500]);
        assert_eq!(heard.failed, [Slot(1)]);
        let cut = heard.left.len() - 20_000;
        assert_eq!(heard.marks, [mark(0, 1), mark(cut, 2)]);
        assert_eq!(heard.left[..cut], first.plane(0)[..cut]);
        assert_eq!(heard.left[cut..], *second.plane(0));
    }
}

#[test]
fn tracks_that_have_nothing_to_do_with_each_other_fade_with_equal_power() {
    let (first, second) = (noise(SampleRate::CD, 90_000, 1), noise(SampleRate::CD, 70_000, 2));
    let mut timeline = Timeline::new(SampleRate::CD, 1.0);
    timeline.start(track(1, file(&first)), Frames(0), Frames(0)).unwrap();
    let heard = hear(&mut timeline, vec![track(2, file(&second))], &[4_096]);
    let (fade, begins) = (44_100, 90_000 - 44_100);
    assert_eq!(heard.marks, [mark(0, 1), faded(begins, 2, fade)]);
    assert_eq!(heard.left.len(), 90_000 + 70_000 - fade);
    assert_eq!(heard.left[..begins], first.plane(0)[..begins]);
    assert_eq!(heard.left[90_000..], second.plane(0)[fade..]);
    let at = fade / 2;
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let wanted = half * (first.plane(0)[begins + at] + second.plane(0)[at]);
    assert!((heard.left[begins + at] - wanted).abs() < 1e-4);
}

#[test]
fn no_more_than_half_of_a_track_fades_and_none_fades_into_a_shorter_one() {
    let long = noise(SampleRate::CD, 90_000, 1);
    let short = noise(SampleRate::CD, 10_000, 2);
    let mut timeline = Timeline::new(SampleRate::CD, 1.0);
    timeline.start(track(1, file(&long)), Frames(0), Frames(0)).unwrap();
    let rest = vec![track(2, file(&short)), track(3, file(&long))];
    let heard = hear(&mut timeline, rest, &[1_000]);
    assert_eq!(heard.marks, [mark(0, 1), mark(90_000, 2), faded(95_000, 3, 5_000)]);
    assert_eq!(heard.left.len(), 90_000 + 5_000 + 90_000);
    assert_eq!(heard.left[..90_000], *long.plane(0));
    assert_eq!(heard.left[90_000..95_000], short.plane(0)[..5_000]);
    assert_eq!(heard.left[100_000..], long.plane(0)[5_000..]);
}

#[test]
fn short_tracks_of_an_album_are_one_run_whatever_is_kept_for_a_fade() {
    let whole = noise(SampleRate::CD, 100_000, 4);
    let wanted = resample(&whole, SampleRate::STUDIO).unwrap();
    for size in [100, 4_800, 50_000] {
        let mut timeline = Timeline::new(SampleRate::STUDIO, 12.0);
        let cuts = [0, 60_000, 60_100, 61_000, 100_000];
        let mut tracks: Vec<Source> = (0..4)
            .map(|n| Source {
                goes_on: n > 0,
                ..track(n as u32, file(&part(&whole, cuts[n], cuts[n + 1])))
            })
            .collect();
        timeline.start(tracks.remove(0), Frames(0), Frames(0)).unwrap();
        assert!(hear(&mut timeline, tracks, &[size]).is(&wanted), "{size}");
    }
}

#[test]
fn a_fade_takes_half_of_the_last_track_and_nothing_of_the_one_before() {
    let whole = noise(SampleRate::CD, 100_000, 4);
    let other = noise(SampleRate::CD, 90_000, 5);
    let mut timeline = Timeline::new(SampleRate::CD, 1.0);
    timeline.start(track(1, file(&part(&whole, 0, 80_000))), Frames(0), Frames(0)).unwrap();
    let last = Source { goes_on: true, ..track(2, file(&part(&whole, 80_000, 100_000))) };
    let heard = hear(&mut timeline, vec![last, track(3, file(&other))], &[2_000]);
    assert_eq!(heard.marks, [mark(0, 1), mark(80_000, 2), faded(90_000, 3, 10_000)]);
    assert_eq!(heard.left[..90_000], whole.plane(0)[..90_000]);
}

#[test]
fn broken_tracks_and_places_behind_an_end_leave_the_rest_whole() {
    let (first, second) = (noise(SampleRate::CD, 30_000, 1), noise(SampleRate::CD, 20_000, 2));
    let mut broken = file(&first);
    broken.truncate(broken.len() / 2);
    for goes_on in [false, true] {
        for from in [30_000, 31_000, 1 << 40, u64::MAX] {
            for rate in [SampleRate::CD, SampleRate::STUDIO] {
                let mut timeline = Timeline::new(rate, 0.0);
                timeline.start(track(1, file(&first)), Frames(from), Frames(0)).unwrap();
                let tracks = vec![
                    track(2, broken.clone()),
                    track(3, broken.clone()),
                    Source { goes_on, ..track(4, file(&second)) },
                ];
                let heard = hear(&mut timeline, tracks, &[1_000]);
                assert_eq!(heard.failed, [Slot(2), Slot(3)]);
                let wanted = resample(&second, rate).unwrap();
                let from = heard.left.len() - wanted.plane(0).len();
                assert_eq!(heard.marks.last().map(|mark| mark.slot), Some(Slot(4)));
                // What goes on from a broken track goes on in its resampler.
                let is_own = !goes_on || rate == SampleRate::CD;
                assert!(!is_own || heard.left[from..] == *wanted.plane(0));
            }
        }
    }
    let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
    timeline.start(track(1, file(&first)), Frames(u64::MAX), Frames(0)).unwrap();
    let next = Source { goes_on: true, ..track(2, file(&second)) };
    let heard = hear(&mut timeline, vec![next], &[1_000]);
    assert_eq!(heard.marks.last().map(|mark| mark.slot), Some(Slot(2)));
    assert!(heard.left.len() >= resample(&second, SampleRate::STUDIO).unwrap().plane(0).len());
}

#[test]
fn tracks_of_an_album_are_never_faded() {
    let whole = noise(SampleRate::CD, 100_000, 3);
    let mut timeline = Timeline::new(SampleRate::CD, 5.0);
    timeline.start(track(1, file(&part(&whole, 0, 60_000))), Frames(0), Frames(0)).unwrap();
    let next = Source { goes_on: true, ..track(2, file(&part(&whole, 60_000, 100_000))) };
    let heard = hear(&mut timeline, vec![next], &[3_000]);
    assert!(heard.is(&whole));
    assert_eq!(heard.marks, [mark(0, 1), mark(60_000, 2)]);
}

#[test]
fn a_track_of_another_rate_joins_where_the_one_before_ends() {
    let (first, second) = (noise(SampleRate::CD, 44_100, 1), noise(SampleRate::STUDIO, 48_000, 2));
    let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
    timeline.start(track(1, file(&first)), Frames(0), Frames(0)).unwrap();
    let next = Source { goes_on: true, ..track(2, file(&second)) };
    let heard = hear(&mut timeline, vec![next], &[777]);
    assert_eq!(heard.marks, [mark(0, 1), mark(48_000, 2)]);
    assert_eq!(heard.left[..48_000], *resample(&first, SampleRate::STUDIO).unwrap().plane(0));
    assert_eq!(heard.left[48_000..], *second.plane(0));
}

#[test]
fn levels_begin_with_their_tracks() {
    let whole = noise(SampleRate::CD, 20_000, 3);
    let mut timeline = Timeline::new(SampleRate::CD, 0.0);
    let at = |gain| Treatment { gain: Decibels(gain), ..Treatment::NONE };
    let first = Source { treatment: at(-6.0), ..track(1, file(&part(&whole, 0, 9_000))) };
    timeline.start(first, Frames(0), Frames(0)).unwrap();
    let next = Source {
        treatment: at(-12.0),
        goes_on: true,
        ..track(2, file(&part(&whole, 9_000, 20_000)))
    };
    let heard = hear(&mut timeline, vec![next], &[100]);
    for (n, (heard, sample)) in heard.left.iter().zip(whole.plane(0)).enumerate() {
        let level = Decibels(if n < 9_000 { -6.0 } else { -12.0 }).amplitude() as f32;
        assert_eq!(*heard, sample * level, "{n}");
    }
}

/// Filters are at rest two seconds before the place that is sought: what is heard is what would have been,
/// to within what nobody hears.
#[test]
fn a_place_that_is_sought_in_a_master_is_close_to_it() {
    let whole = noise(SampleRate::STUDIO, 300_000, 8);
    let plan = plan(&whole);
    let wanted = mastering::render(&whole, &plan.chain).unwrap();
    for from in [0, 1, 50_000, 123_456, 299_000] {
        let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
        let source = Source { treatment: by(&plan.chain), ..track(1, file(&whole)) };
        timeline.start(source, Frames(from), Frames(0)).unwrap();
        let heard = hear(&mut timeline, Vec::new(), &[4_800]);
        let from = from as usize;
        assert_eq!(heard.left.len(), 300_000 - from);
        let furthest = heard.left.iter().zip(&wanted.plane(0)[from..]);
        let furthest = furthest.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 1e-4, "{from}: {furthest}");
    }
}

#[test]
fn master_and_original_are_heard_side_by_side_to_the_sample() {
    let whole = noise(SampleRate::STUDIO, 60_000, 9);
    let plan = plan(&whole);
    let wanted = mastering::render(&whole, &plan.chain).unwrap();
    let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
    let original_gain = Decibels(-6.0);
    let source = Source {
        treatment: Treatment { original_gain, ..by(&plan.chain) },
        ..track(1, file(&whole))
    };
    timeline.start(source, Frames(0), Frames(0)).unwrap();
    timeline.close();
    let mut planes = [0; 4].map(|_| vec![0.0; 60_000]);
    let portion = timeline.read(&mut planes.each_mut().map(Vec::as_mut_slice));
    assert_eq!(portion.frames, 60_000);
    let half = original_gain.amplitude() as f32;
    for channel in [0, 1] {
        assert_eq!(&planes[channel][..], wanted.plane(channel));
        let original: Vec<f32> = whole.plane(channel).iter().map(|sample| sample * half).collect();
        assert_eq!(planes[channel + 2], original);
    }
}

#[test]
fn a_change_in_the_middle_is_heard_soon_and_without_a_click() {
    let rate = SampleRate::STUDIO;
    // A slow saw: no step of it is larger than this.
    let saw = (0..96_000).map(|n| ((n % 400 - 200_i32).abs() - 100) as f32 / 1_024.0);
    let saw: Vec<f32> = saw.collect();
    let whole = Buffer::from_planes(rate, vec![saw.clone(), saw]).unwrap();
    let louder = Treatment {
        chain: Some(Chain { loudness: Some(Loudness::GainDb(6.0)), ..Chain::default() }),
        gain: Decibels(-3.0),
        ..Treatment::NONE
    };
    let mut timeline = Timeline::new(rate, 0.0);
    timeline.start(track(1, file(&whole)), Frames(0), Frames(0)).unwrap();
    timeline.close();
    let mut heard = Vec::new();
    let (mut left, mut right) = (vec![0.0; 4_800], vec![0.0; 4_800]);
    for block in 0..20 {
        if block == 10 {
            assert!(timeline.treat(Slot(1), &louder).unwrap());
            assert!(!timeline.treat(Slot(2), &louder).unwrap());
        }
        let portion = timeline.read(&mut [&mut left, &mut right]);
        heard.extend_from_slice(&left[..portion.frames]);
    }
    assert_eq!(heard.len(), 96_000);
    let change = heard.iter().zip(whole.plane(0)).position(|(a, b)| a != b).unwrap();
    // What was made ahead is heard first.
    assert!((48_000..48_000 + 9_600).contains(&change), "{change}");
    let step = heard.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(step < 0.002, "a step of {step}");
    let gain = Decibels(3.0).amplitude() as f32;
    let rest = heard.iter().zip(whole.plane(0)).skip(change + 4_800);
    assert!(rest.map(|(a, b)| (a - b * gain).abs()).fold(0.0, f32::max) < 1e-4);
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    /// Cut anywhere, resampled or not: no seam.
    #[test]
    fn pieces_of_a_sound_are_the_sound(
        cut in 1..60_000_usize,
        is_resampled: bool,
        sizes in proptest::collection::vec(1..9_000_usize, 1..4),
    ) {
        let whole = noise(SampleRate::CD, 60_001, 5);
        let rate = if is_resampled { SampleRate::STUDIO } else { SampleRate::CD };
        let mut timeline = Timeline::new(rate, 0.0);
        timeline.start(track(1, file(&part(&whole, 0, cut))), Frames(0), Frames(0)).unwrap();
        let next = Source { goes_on: true, ..track(2, file(&part(&whole, cut, 60_001))) };
        let heard = hear(&mut timeline, vec![next], &sizes);
        let wanted = resample(&whole, rate).unwrap();
        prop_assert_eq!(&heard.left[..], wanted.plane(0));
        prop_assert_eq!(&heard.right[..], wanted.plane(1));
        let hz = rate.hz() as usize;
        prop_assert_eq!(heard.marks, vec![mark(0, 1), mark((cut * hz).div_ceil(44_100), 2)]);
    }

    /// From any frame on, resampled: what is heard from the beginning.
    #[test]
    fn a_place_that_is_sought_is_the_place(from in 0..65_000_u64, size in 1..9_000_usize) {
        let whole = noise(SampleRate::CD, 60_000, 6);
        let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
        timeline.start(track(1, file(&whole)), Frames(from), Frames(0)).unwrap();
        let heard = hear(&mut timeline, Vec::new(), &[size]);
        let wanted = resample(&whole, SampleRate::STUDIO).unwrap();
        let from = wanted.plane(0).len().min(from as usize);
        prop_assert_eq!(&heard.left[..], &wanted.plane(0)[from..]);
    }

    /// From any frame of two tracks on that fade, in the midst of the fade too: what is heard from the
    /// beginning.
    #[test]
    fn a_fade_that_is_gone_on_with_is_the_fade(
        begun in 0..50_000_u64,
        from in 0..100_000_usize,
        seconds in 0.1..2.0_f64,
        size in 1..9_000_usize,
    ) {
        let [first, second] = [(50_000, 8), (40_000, 9)].map(|(frames, number)| {
            file(&noise(SampleRate::CD, frames, number))
        });
        let (one, two) = (|| track(1, first.clone()), || track(2, second.clone()));
        let mut whole = Timeline::new(SampleRate::STUDIO, seconds);
        whole.start(one(), Frames(begun), Frames(0)).unwrap();
        let whole = hear(&mut whole, vec![two()], &[4_000]);
        let [Mark { fade: None, .. }, Mark { at, fade: Some(length), .. }] = whole.marks[..] else {
            panic!("{:?}", whole.marks);
        };
        let from = from.min(whole.left.len());
        let of_one = Frames(begun + from as u64);
        // Whoever goes on does with other fades.
        let crossfade_s = if from < at { seconds } else { 0.0 };
        let mut timeline = Timeline::new(SampleRate::STUDIO, crossfade_s);
        let rest = match from.checked_sub(at) {
            None => {
                timeline.start(one(), of_one, Frames(from as u64)).unwrap();
                vec![two()]
            }
            Some(done) => {
                timeline.start(two(), Frames(done as u64), Frames(done as u64)).unwrap();
                if done < length {
                    let fade = Fade { done, length };
                    timeline.fade_out(one(), of_one, fade).unwrap();
                }
                Vec::new()
            }
        };
        let heard = hear(&mut timeline, rest, &[size]);
        prop_assert_eq!(&heard.left[..], &whole.left[from..]);
        prop_assert_eq!(&heard.right[..], &whole.right[from..]);
        let wanted = match from.checked_sub(at) {
            None => vec![mark(0, 1), faded(at - from, 2, length)],
            Some(done) if done < length => vec![faded(0, 2, length)],
            Some(_) => vec![mark(0, 2)],
        };
        prop_assert_eq!(heard.marks, wanted);
    }

    /// Mastered as it goes: the bits of the master of the whole, however it is read.
    #[test]
    fn what_is_heard_is_the_master(sizes in proptest::collection::vec(1..9_000_usize, 1..4)) {
        let whole = noise(SampleRate::STUDIO, 50_000, 7);
        let plan = plan(&whole);
        let mut timeline = Timeline::new(SampleRate::STUDIO, 0.0);
        let source = Source { treatment: by(&plan.chain), ..track(1, file(&whole)) };
        timeline.start(source, Frames(0), Frames(0)).unwrap();
        let heard = hear(&mut timeline, Vec::new(), &sizes);
        let wanted = mastering::render(&whole, &plan.chain).unwrap();
        prop_assert_eq!(&heard.left[..], wanted.plane(0));
    }
}
