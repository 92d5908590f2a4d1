//! Who listens to what just now, as clients tell.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use clock::Nanos;
use gateway::UserId;
use library::TrackId;

use crate::subsonic::views::State;

/// Players remembered; the one not heard of for longest makes room.
const MAX_PLAYERS: usize = 1_000;
/// A player not heard of for so long plays no more: longer than nearly any track.
const SILENT_NANOS: i64 = 20 * 60 * 1_000_000_000;
/// A track counts as played after half of it, or after four minutes (the rule of scrobbling).
pub(crate) const COUNTS_AFTER_MS: u64 = 4 * 60 * 1_000;

/// One player.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Player {
    pub(crate) user: UserId,
    pub(crate) user_name: String,
    pub(crate) client: String,
    pub(crate) track: TrackId,
    /// When it was last heard of.
    pub(crate) heard: Nanos,
    /// Where it is and what it does, where it tells.
    pub(crate) reported: Option<Reported>,
    /// Whether this play was counted.
    counted: bool,
}

/// How far a player says it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reported {
    pub(crate) state: State,
    pub(crate) position_ms: u64,
    pub(crate) rate: f64,
}

/// What follows from a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing yet.
    Nothing,
    /// The track was played.
    Played(TrackId),
    /// The track was left before it counts.
    Skipped(TrackId),
}

/// All players.
#[derive(Debug, Default)]
pub(crate) struct Playing(Mutex<BTreeMap<(UserId, String), Player>>);

impl Player {
    fn new(
        (user, user_name, client): (UserId, &str, &str),
        track: TrackId,
        reported: Option<Reported>,
        heard: Nanos,
    ) -> Self {
        let (user_name, client) = (user_name.to_owned(), client.to_owned());
        Self { user, user_name, client, track, heard, reported, counted: false }
    }
}

impl Playing {
    /// A player says that it began a track.
    pub(crate) fn began(&self, who: (UserId, &str, &str), track: TrackId, at: Nanos) {
        self.put(Player::new(who, track, None, at));
    }

    /// A player says how far it is in a track of a length.
    pub(crate) fn reported(
        &self,
        who @ (user, _, client): (UserId, &str, &str),
        (track, duration_ms): (TrackId, u64),
        reported: Reported,
        at: Nanos,
    ) -> Verdict {
        let mut players = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = players.remove(&(user, client.to_owned())).filter(|p| p.track == track);
        drop(players);
        let counts = reported.position_ms >= COUNTS_AFTER_MS.min(duration_ms / 2).max(1);
        let was_counted = before.is_some_and(|player| player.counted);
        let (verdict, counted) = match (was_counted, counts, reported.state) {
            (true, ..) => (Verdict::Nothing, true),
            (false, true, _) => (Verdict::Played(track), true),
            (false, false, State::Stopped) => (Verdict::Skipped(track), false),
            (false, false, _) => (Verdict::Nothing, false),
        };
        if reported.state != State::Stopped {
            self.put(Player { counted, ..Player::new(who, track, Some(reported), at) });
        }
        verdict
    }

    /// What a player of ours is heard to do; `number` tells apart those of one name.
    pub(crate) fn show(
        &self,
        who: (UserId, &str, &str),
        number: u64,
        track: TrackId,
        reported: Reported,
        at: Nanos,
    ) {
        let player = Player::new(who, track, Some(reported), at);
        self.put_as(own_name(&player.client, number), player);
    }

    /// A player of ours is there no more.
    pub(crate) fn leave(&self, user: UserId, client: &str, number: u64) {
        let mut players = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        players.remove(&(user, own_name(client, number)));
    }

    /// Those heard of lately, the latest first.
    pub(crate) fn now(&self, at: Nanos) -> Vec<Player> {
        let mut players = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        players.retain(|_, player| at.since(player.heard) < SILENT_NANOS);
        let mut now: Vec<Player> = players.values().cloned().collect();
        now.sort_by_key(|player| std::cmp::Reverse(player.heard));
        now
    }

    fn put(&self, player: Player) {
        self.put_as(player.client.clone(), player);
    }

    fn put_as(&self, name: String, player: Player) {
        let mut players = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if players.len() >= MAX_PLAYERS {
            let oldest = players.iter().min_by_key(|(_, player)| player.heard);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                players.remove(&key);
            }
        }
        players.insert((player.user, name), player);
    }
}

/// No client can call itself so.
fn own_name(client: &str, number: u64) -> String {
    format!("{client}\n{number}")
}

#[cfg(test)]
mod tests {
    use super::{Playing, Reported, Verdict};
    use crate::subsonic::views::State;
    use clock::Nanos;
    use gateway::UserId;
    use library::TrackId;

    const WHO: (UserId, &str, &str) = (UserId(1), "ann", "phone");
    const TRACK: (TrackId, u64) = (TrackId(7), 100_000);

    fn at(state: State, position_ms: u64) -> Reported {
        Reported { state, position_ms, rate: 1.0 }
    }

    #[test]
    fn a_play_counts_once_after_half_of_the_track() {
        let playing = Playing::default();
        let report = |reported| playing.reported(WHO, TRACK, reported, Nanos(0));
        assert_eq!(report(at(State::Starting, 0)), Verdict::Nothing);
        assert_eq!(report(at(State::Playing, 49_999)), Verdict::Nothing);
        assert_eq!(report(at(State::Playing, 50_000)), Verdict::Played(TrackId(7)));
        assert_eq!(report(at(State::Paused, 60_000)), Verdict::Nothing);
        assert_eq!(report(at(State::Stopped, 99_000)), Verdict::Nothing);
        assert!(playing.now(Nanos(0)).is_empty());
    }

    #[test]
    fn a_track_that_is_left_early_is_skipped() {
        let playing = Playing::default();
        let report = |reported| playing.reported(WHO, TRACK, reported, Nanos(0));
        assert_eq!(report(at(State::Playing, 10)), Verdict::Nothing);
        assert_eq!(report(at(State::Stopped, 4_000)), Verdict::Skipped(TrackId(7)));
    }

    #[test]
    fn players_are_bounded_and_fall_silent() {
        let playing = Playing::default();
        for n in 0..2_000 {
            playing.began((UserId(n), "x", "y"), TrackId(1), Nanos(n));
        }
        assert_eq!(playing.now(Nanos(0)).len(), super::MAX_PLAYERS);
        assert!(playing.now(Nanos(super::SILENT_NANOS + 2_000)).is_empty());
    }
}
