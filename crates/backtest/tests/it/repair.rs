//! Real minutes from which stretches are cut, with and without somebody to ask for them.

use std::collections::BTreeMap;

use backtest::{Feed, Outcome};
use clock::Nanos;
use market::{Bar, Body, Event, Flags, Timeframe};
use trading::strategy::{Strategy, View, Wishes};

use crate::real::{drive, play, recordings};

/// Every bar that was shown, by length and open time: what it was, its flags, and when.
type Shown = BTreeMap<(Timeframe, Nanos), (Bar, Flags, Nanos)>;

struct Watcher<'a>(&'a mut Shown);

impl Strategy for Watcher<'_> {
    fn name(&self) -> String {
        "watcher".to_owned()
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[Timeframe::M5, Timeframe::H1]
    }

    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, _: &mut Wishes) {
        let before = self.0.insert((bar.timeframe, bar.open_time), (*bar, flags, view.now));
        assert_eq!(before, None, "shown twice");
    }
}

/// Cut from the minutes: so many from such a place on. The last is one more than is asked for.
const CUTS: [(usize, usize); 5] =
    [(1_003, 1), (2_000, 7), (5_000, 100), (20_000, 60), (30_000, 101)];

fn is_cut(at: usize, cuts: &[(usize, usize)]) -> bool {
    cuts.iter().any(|(from, count)| (*from..from + count).contains(&at))
}

/// The recording without its cuts, and the cuts alone.
fn cut(minutes: &[Event]) -> (Vec<Event>, Vec<Event>) {
    let numbered = minutes.iter().copied().enumerate();
    let (gone, left): (Vec<_>, Vec<_>) = numbered.partition(|(at, _)| is_cut(*at, &CUTS));
    let events = |numbered: Vec<(usize, Event)>| numbered.into_iter().map(|(_, e)| e).collect();
    (events(left), events(gone))
}

fn watch(events: Vec<Event>, repairs: Option<Feed>, gap_limit: u64) -> (Shown, Outcome) {
    let mut drive = drive(&["BTCUSDT"], "regular");
    (drive.repairs, drive.settings.gap_limit) = (repairs, gap_limit);
    let mut shown = Shown::new();
    let outcome = play(&Feed::merge([events]), &drive, Watcher(&mut shown));
    (shown, outcome)
}

/// Whether a bar holds any of the minutes of a stretch.
fn touches(bar: &Bar, minutes: &[Event], (from, count): (usize, usize)) -> bool {
    let mut stretch = minutes[from..from + count].iter();
    stretch.any(|event| (bar.open_time..bar.end()).contains(&open_time(event)))
}

fn open_time(event: &Event) -> Nanos {
    let Body::Bar(bar) = event.body else { panic!("{event:?}") };
    bar.open_time
}

#[test]
fn what_is_repaired_is_as_it_would_have_been_and_says_so() {
    let Some(recordings) = recordings("repairs", &["BTCUSDT"]) else { return };
    let minutes = &recordings[0];
    let (whole, _) = watch(minutes.clone(), None, 0);
    let (left, gone) = cut(minutes);
    // The source has more than is asked for; none of that is taken.
    let source = Feed::merge([minutes.clone()]);
    let (shown, outcome) = watch(left.clone(), Some(source), 100);
    let (repaired, given_up) = CUTS.split_at(4);
    assert_eq!((outcome.gaps[0], outcome.repaired[0]), (5, 168));
    let latency = 40_000_000;
    for (key, (bar, before, told)) in &whole {
        let is_lost = touches(bar, minutes, given_up[0]);
        let Some((ours, flags, when)) = shown.get(key) else {
            assert!(is_lost, "{bar:?}");
            continue;
        };
        assert_eq!(flags.has(Flags::GAP), is_lost || before.has(Flags::GAP), "{bar:?}");
        let stretch = repaired.iter().find(|stretch| touches(bar, minutes, **stretch));
        assert_eq!(flags.has(Flags::REPAIRED), stretch.is_some(), "{bar:?}");
        if is_lost {
            continue;
        }
        assert_eq!(ours, bar);
        if let Some((from, count)) = stretch
            && bar.timeframe == Timeframe::M1
        {
            // Asked for when the bar behind the gap came, and there when the answer had travelled.
            let behind = &minutes[from + count];
            assert_eq!(*when, behind.receive.plus(latency));
        } else if stretch.is_none() && bar.timeframe == Timeframe::M1 {
            assert!(*when == *told || *when == told.plus(latency), "{bar:?}");
        }
    }
    assert!(shown.keys().all(|key| whole.contains_key(key)));
    // The cuts alone are as good a source.
    let (same, again) = watch(left, Some(Feed::merge([gone])), 100);
    assert!(same == shown && again.hash == outcome.hash);
}

#[test]
fn what_nobody_has_is_marked_as_a_gap() {
    let Some(recordings) = recordings("gaps", &["BTCUSDT"]) else { return };
    let minutes = &recordings[0];
    let (whole, _) = watch(minutes.clone(), None, 0);
    let (left, _) = cut(minutes);
    let (shown, outcome) = watch(left.clone(), None, 0);
    assert_eq!((outcome.gaps[0], outcome.repaired[0]), (5, 0));
    for (key, (bar, before, _)) in &whole {
        let is_lost = CUTS.iter().any(|stretch| touches(bar, minutes, *stretch));
        match shown.get(key) {
            None => assert!(is_lost, "{bar:?}"),
            Some((ours, flags, _)) => {
                assert_eq!(flags.has(Flags::GAP), is_lost || before.has(Flags::GAP), "{bar:?}");
                assert!(is_lost || ours == bar);
            }
        }
    }
    // A source that has nothing of it: the same bars with the same marks, a travel time later.
    let empty = Feed::merge([minutes[..1_000].to_vec()]);
    let (asked, outcome) = watch(left, Some(empty), 100);
    let marks = |shown: &Shown| -> Vec<(Bar, Flags)> {
        shown.values().map(|(bar, flags, _)| (*bar, *flags)).collect()
    };
    assert_eq!(outcome.repaired[0], 0);
    assert!(marks(&asked) == marks(&shown));
}
