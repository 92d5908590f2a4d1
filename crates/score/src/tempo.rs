use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, PPQ, Ticks};

/// A tempo as MIDI files keep it: whole microseconds to a quarter note, so that the file and the
/// sound agree to the last bit. 20 to 300 quarters a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Tempo(u32);

const MICROS_A_MINUTE: f64 = 60_000_000.0;

impl Tempo {
    /// The slowest tempo, in quarters a minute.
    pub const SLOWEST: f64 = 20.0;
    /// The fastest tempo, in quarters a minute.
    pub const FASTEST: f64 = 300.0;

    /// The tempo nearest to a number of quarter notes a minute.
    pub fn from_bpm(bpm: f64) -> Result<Self, Error> {
        if (Self::SLOWEST..=Self::FASTEST).contains(&bpm) {
            Ok(Self((MICROS_A_MINUTE / bpm).round() as u32))
        } else {
            Err(Error::Tempo(bpm.to_string()))
        }
    }

    /// Quarter notes a minute.
    pub fn bpm(self) -> f64 {
        MICROS_A_MINUTE / f64::from(self.0)
    }

    /// Microseconds to a quarter note.
    pub fn micros(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Tempo {
    type Error = Error;
    fn try_from(micros: u32) -> Result<Self, Error> {
        if (200_000..=3_000_000).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(Error::Tempo((MICROS_A_MINUTE / f64::from(micros)).to_string()))
        }
    }
}

impl From<Tempo> for u32 {
    fn from(tempo: Tempo) -> u32 {
        tempo.0
    }
}

impl fmt::Display for Tempo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} bpm", self.bpm())
    }
}

/// How fast the music goes, everywhere: the tempo at the start and each change of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TempoMap {
    /// Ascending by position; the first is at the start.
    changes: Vec<(Ticks, Tempo)>,
}

impl TempoMap {
    /// One tempo throughout.
    pub fn constant(tempo: Tempo) -> Self {
        Self { changes: vec![(Ticks::ZERO, tempo)] }
    }

    /// Sets the tempo from a position on, until the next change; replaces one at the same place.
    pub fn set(&mut self, at: Ticks, tempo: Tempo) {
        match self.changes.binary_search_by_key(&at, |change| change.0) {
            Ok(index) => self.changes[index].1 = tempo,
            Err(index) => self.changes.insert(index, (at, tempo)),
        }
    }

    /// The changes, ascending; the first is at the start.
    pub fn changes(&self) -> &[(Ticks, Tempo)] {
        &self.changes
    }

    /// The tempo at a position.
    pub fn at(&self, at: Ticks) -> Tempo {
        let after = self.changes.partition_point(|change| change.0 <= at);
        self.changes[after.saturating_sub(1)].1
    }

    /// Seconds from the start to a position. Sums whole microseconds before it divides, so it is
    /// exact to rounding and never runs backward.
    pub fn seconds(&self, at: Ticks) -> f64 {
        let mut tick_micros: u128 = 0;
        for (index, (from, tempo)) in self.changes.iter().enumerate() {
            if *from >= at {
                break;
            }
            let until = self.changes.get(index + 1).map_or(at, |next| next.0.min(at));
            tick_micros += u128::from((until - *from).0) * u128::from(tempo.micros());
        }
        tick_micros as f64 / (PPQ as f64 * 1e6)
    }

    /// The position nearest to a time in seconds; the start for negative times.
    pub fn ticks(&self, seconds: f64) -> Ticks {
        let mut from = self.changes.first().map_or(Ticks::ZERO, |change| change.0);
        let mut tempo = self.at(Ticks::ZERO);
        for (at, next) in &self.changes {
            if self.seconds(*at) > seconds {
                break;
            }
            (from, tempo) = (*at, *next);
        }
        let left = (seconds - self.seconds(from)).max(0.0);
        from + Ticks((left * 1e6 * PPQ as f64 / f64::from(tempo.micros())).round() as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop, proptest};

    use super::{Tempo, TempoMap};
    use crate::Ticks;

    #[test]
    fn two_minutes_at_120_are_240_quarters() {
        let map = TempoMap::constant(Tempo::from_bpm(120.0).unwrap());
        assert!((map.seconds(Ticks(960 * 240)) - 120.0).abs() < 1e-12);
        assert_eq!(map.ticks(120.0), Ticks(960 * 240));
        assert!(Tempo::from_bpm(19.9).is_err() && Tempo::from_bpm(f64::NAN).is_err());
    }

    proptest! {
        #[test]
        fn time_is_monotone_and_returns(
            changes in prop::collection::vec((0_u64..200_000, 20.0..300.0_f64), 0..8),
            places in prop::collection::vec(0_u64..400_000, 2..20),
        ) {
            let mut map = TempoMap::constant(Tempo::from_bpm(100.0).unwrap());
            for (at, bpm) in changes {
                map.set(Ticks(at), Tempo::from_bpm(bpm).unwrap());
            }
            let mut places = places;
            places.sort_unstable();
            for pair in places.windows(2) {
                assert!(map.seconds(Ticks(pair[0])) <= map.seconds(Ticks(pair[1])));
            }
            for place in places {
                assert_eq!(map.ticks(map.seconds(Ticks(place))), Ticks(place));
            }
        }
    }
}
