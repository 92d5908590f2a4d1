use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};

use serde::{Deserialize, Serialize};

/// Ticks of a quarter note.
pub const PPQ: u64 = 960;

/// Musical time: a position in, or a length of, a song in 1/960 of a quarter note.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Ticks(pub u64);

impl Ticks {
    /// The start of the song.
    pub const ZERO: Self = Self(0);
    /// A quarter note.
    pub const QUARTER: Self = Self(PPQ);
    /// An eighth note.
    pub const EIGHTH: Self = Self(PPQ / 2);
    /// A sixteenth note.
    pub const SIXTEENTH: Self = Self(PPQ / 4);

    /// In quarter notes.
    pub fn quarters(self) -> f64 {
        self.0 as f64 / PPQ as f64
    }

    /// This less `other`, but not below the start.
    pub fn before(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Moved by a signed number of ticks, but not below the start.
    pub fn shifted(self, ticks: i64) -> Self {
        Self(self.0.saturating_add_signed(ticks))
    }
}

impl Add for Ticks {
    type Output = Ticks;
    fn add(self, other: Ticks) -> Ticks {
        Ticks(self.0 + other.0)
    }
}

impl AddAssign for Ticks {
    fn add_assign(&mut self, other: Ticks) {
        self.0 += other.0;
    }
}

/// Saturates at the start of the song, as there is no time before it.
impl Sub for Ticks {
    type Output = Ticks;
    fn sub(self, other: Ticks) -> Ticks {
        self.before(other)
    }
}

impl Mul<u64> for Ticks {
    type Output = Ticks;
    fn mul(self, times: u64) -> Ticks {
        Ticks(self.0 * times)
    }
}

impl Sum for Ticks {
    fn sum<I: Iterator<Item = Ticks>>(parts: I) -> Ticks {
        parts.fold(Ticks::ZERO, Add::add)
    }
}

impl fmt::Display for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ticks", self.0)
    }
}
