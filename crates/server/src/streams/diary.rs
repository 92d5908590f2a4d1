//! What was heard, as it is remembered: who plays what now, what was played, what was left.
//!
//! Written beside the sound and never by the thread that makes it: a disk may take its time.

use std::sync::Weak;
use std::time::Duration;

use library::TrackId;

use super::live::Live;
use crate::House;
use crate::playing::{Reported, Verdict};
use crate::subsonic::views::State;

/// Written again after so much of a track.
const STEP: Duration = Duration::from_secs(1);

/// Writes until nobody refers to the player any more.
pub(super) async fn keep(live: Weak<Live>, house: House) {
    let mut diary = Diary::default();
    let mut lines = tokio::time::interval(STEP);
    loop {
        lines.tick().await;
        let Some(live) = live.upgrade() else { return };
        let house = house.clone();
        let line = tokio::task::spawn_blocking(move || {
            diary.write(&live, &house);
            diary
        });
        match line.await {
            Ok(written) => diary = written,
            Err(error) => {
                return tracing::error!(%error, "what was heard is no longer written down");
            }
        }
    }
}

/// The last line that was written.
#[derive(Debug, Default)]
struct Diary {
    last: Option<(TrackId, Duration, bool)>,
}

impl Diary {
    /// Writes down what is heard now, where it is not what it was.
    fn write(&mut self, live: &Live, house: &House) {
        let Some(heard) = live.heard() else { return };
        let (track, position, is_paused) = heard;
        let is_known = self.last.is_some_and(|(known, at, paused)| {
            known == track && paused == is_paused && position.abs_diff(at) < STEP
        });
        if is_known {
            return;
        }
        if let Some((before, at, _)) = self.last.filter(|(before, ..)| *before != track) {
            told(live, house, (before, at), State::Stopped);
        }
        let state = if is_paused { State::Paused } else { State::Playing };
        told(live, house, (track, position), state);
        self.last = Some(heard);
    }
}

fn told(live: &Live, house: &House, (track, position): (TrackId, Duration), state: State) {
    let owner = live.stream.owner;
    if let Err(error) = written(live, house, (track, position), state) {
        tracing::warn!(%error, user = owner.0, %track, "a play was not written down");
    }
}

fn written(
    live: &Live,
    house: &House,
    (track, position): (TrackId, Duration),
    state: State,
) -> Result<(), library::Error> {
    let owner = live.stream.owner;
    let player = live.stream.setup().player;
    let length = (track, house.library.track(owner, track)?.duration_ms);
    let position_ms = u64::try_from(position.as_millis()).unwrap_or(u64::MAX);
    let reported = Reported { state, position_ms, rate: 1.0 };
    let now = house.accounts.now().read();
    let who = (owner, live.name.as_str(), &*player);
    match house.playing.reported(who, length, reported, now) {
        Verdict::Nothing => Ok(()),
        Verdict::Played(track) => house.library.played(owner, track, now, &player).map(drop),
        Verdict::Skipped(track) => house.library.skipped(owner, track),
    }
}
