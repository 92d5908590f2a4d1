//! What was heard, as it is remembered: who plays what now, what was played, what was left.
//!
//! Written beside the sound and never by the thread that makes it: a disk may take its time.

use std::sync::Weak;
use std::time::Duration;

use library::TrackId;

use super::live::Live;
use crate::House;
use crate::playing::{COUNTS_AFTER_MS, Reported};
use crate::subsonic::views::State;

/// Written again after so much time.
const STEP: Duration = Duration::from_secs(1);
/// From one line to the next no more than this is heard: what lies further on was sought.
const LEAP: Duration = Duration::from_secs(4);
/// Who falls back behind this of a track hears it anew.
const BEGINNING: Duration = Duration::from_secs(2);

/// Writes until nobody refers to the player any more.
pub(super) async fn keep(live: Weak<Live>, house: House) {
    let mut diary = Diary::default();
    let mut lines = tokio::time::interval(STEP);
    loop {
        lines.tick().await;
        let Some(live) = live.upgrade() else { return };
        let house = house.clone();
        let line = tokio::task::spawn_blocking(move || {
            if let Err(error) = diary.write(&live, &house) {
                tracing::warn!(%error, stream = live.stream.id.0, "a play was not written down");
            }
            diary
        });
        match line.await {
            Ok(written) => diary = written,
            Err(error) => return tracing::error!(%error, "what is heard is no longer written down"),
        }
    }
}

/// One hearing of a track.
#[derive(Debug, Clone, Copy)]
struct Hearing {
    track: TrackId,
    place: usize,
    at: Duration,
    /// How much was heard, whatever was passed over or heard again.
    heard: Duration,
    was_counted: bool,
}

#[derive(Debug, Default)]
struct Diary {
    last: Option<Hearing>,
}

impl Hearing {
    fn begin(track: TrackId, place: usize, at: Duration) -> Self {
        Self { track, place, at, heard: Duration::ZERO, was_counted: false }
    }

    /// The same hearing further on, or none where another has begun.
    fn further(self, track: TrackId, place: usize, at: Duration) -> Option<Self> {
        let is_anew = at < self.at && at < BEGINNING;
        if track != self.track || place != self.place || is_anew {
            return None;
        }
        let since = at.saturating_sub(self.at);
        let since = if since <= LEAP { since } else { Duration::ZERO };
        Some(Self { at, heard: self.heard + since, ..self })
    }
}

impl Diary {
    /// Writes down what is heard now.
    fn write(&mut self, live: &Live, house: &House) -> Result<(), library::Error> {
        let Some((track, place, at)) = live.stream.heard() else { return Ok(()) };
        let player = live.stream.setup().player;
        let (owner, now) = (live.stream.owner, house.accounts.now().read());
        let further = self.last.and_then(|last| last.further(track, place, at));
        let left = self.last.filter(|_| further.is_none());
        let mut hearing = further.unwrap_or_else(|| Hearing::begin(track, place, at));
        let duration_ms = house.library.track(owner, track)?.duration_ms;
        let counts = COUNTS_AFTER_MS.min(duration_ms / 2).max(1);
        if !hearing.was_counted && hearing.heard.as_millis() >= u128::from(counts) {
            house.library.played(owner, track, now, &player)?;
            hearing.was_counted = true;
        }
        self.last = Some(hearing);
        if let Some(left) = left.filter(|left| !left.was_counted && !left.heard.is_zero()) {
            house.library.skipped(owner, left.track)?;
        }
        let state = if live.is_paused() { State::Paused } else { State::Playing };
        let position_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        let reported = Reported { state, position_ms, rate: 1.0 };
        let who = (owner, live.name.as_str(), &*player);
        house.playing.show(who, live.stream.id.0, track, reported, now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Hearing;
    use library::TrackId;
    use std::time::Duration;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_was_sought_was_not_heard_and_what_begins_again_is_another_hearing() {
        let track = TrackId(1);
        let begun = Hearing::begin(track, 0, s(0));
        let heard = begun.further(track, 0, s(2)).and_then(|h| h.further(track, 0, s(4))).unwrap();
        assert_eq!(heard.heard, s(4));
        let sought = heard.further(track, 0, s(90)).unwrap();
        assert_eq!((sought.heard, sought.at), (s(4), s(90)));
        let back = sought.further(track, 0, s(60)).unwrap();
        assert_eq!(back.heard, s(4), "going back is not hearing");
        assert_eq!(back.further(track, 0, s(61)).unwrap().heard, s(5));
        assert!(sought.further(track, 0, s(1)).is_none(), "from the beginning");
        assert!(sought.further(track, 1, s(91)).is_none(), "the same track twice in a list");
        assert!(sought.further(TrackId(2), 0, s(91)).is_none());
    }
}
