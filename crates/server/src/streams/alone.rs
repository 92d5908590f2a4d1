//! One track by itself, mastered, as fast as it is taken: for players that ask for files and are to be
//! given masters.

use std::time::Duration;

use audio_file::Target;
use gateway::Phase;
use library::model::Track;
use store::UserId;
use studio::plans::{Enhancement, State, Urgency, Wish};

use super::render::{Past, Position, Render, Start};
use super::{Level, Setup, Stream, StreamId};
use crate::House;
use crate::sounds::wish;

/// A plan is waited for so long: a file that is fetched as fast as it is made would be over before it is
/// there.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

/// A track that a player is given mastered.
pub(crate) struct Alone {
    stream: Stream,
    wish: Wish,
}

impl Alone {
    /// None where the player is to hear the track as it came.
    pub(crate) fn of(
        house: &House,
        owner: UserId,
        track: &Track,
        player: &str,
    ) -> Result<Option<Self>, library::Error> {
        let of_player = house.tastes.of_player(owner, player)?.flatten();
        let wanted = house.tastes.of_track(owner, track, of_player)?;
        let Some(enhancement) = wanted.filter(|wanted: &Enhancement| !wanted.is_none()) else {
            return Ok(None);
        };
        let setup = Setup {
            tracks: [track.id].into(),
            crossfade_s: 0.0,
            level: Level::Off,
            enhancement: Some(enhancement),
            player: player.into(),
        };
        let wish = wish(&house.library, track.id, enhancement)?;
        let stream = Stream::new(StreamId(0), owner, setup, (0, Duration::ZERO));
        Ok(Some(Self { stream, wish }))
    }

    /// Sends it from a place on. Blocks.
    ///
    /// # Errors
    /// A track that cannot be played; those of the encoder.
    pub(crate) fn send(
        &self,
        house: &House,
        target: Target,
        from: Duration,
        send: &mut dyn FnMut(Vec<u8>) -> bool,
    ) -> std::io::Result<()> {
        let seat = self.stream.seat(house.drain.clone());
        let position = Position::Time(from);
        let rate = target.only_rate();
        let start =
            Start { place: 0, position, past: Past::default(), frame: 0, rate, pairs: false };
        let goes_on = Box::new(|| seat.goes_on());
        let render = Render::begin(&self.stream, house, goes_on, start)
            .map_err(|_| std::io::Error::other("the track cannot be played"))?;
        self.stream.encode(&seat, render, target, None, send)?;
        // Who asked for a file must not take a part for the whole.
        if seat.goes_on() && self.stream.progress().failed.is_empty() {
            return Ok(());
        }
        Err(std::io::Error::other("the track was not played to its end"))
    }

    /// Waits until it is known what is to be done. Blocks.
    ///
    /// # Errors
    /// Those of the database.
    pub(crate) fn await_plan(&self, house: &House) -> Result<(), studio::Error> {
        let mut state = house.plans.ask(&self.wish, Urgency::Now)?;
        let mut left = PATIENCE;
        while matches!(state, State::Waiting | State::Estimated(_))
            && !left.is_zero()
            && house.drain.phase() != Phase::Draining
        {
            std::thread::sleep(LOOK);
            left = left.saturating_sub(LOOK);
            state = house.plans.look(&self.wish).unwrap_or(state);
        }
        Ok(())
    }
}
