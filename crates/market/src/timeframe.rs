use clock::Nanos;

const MINUTE: i64 = 60_000_000_000;

/// How long a bar lasts. Bars open at whole multiples of it since 1970 UTC, as the venue's do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// One minute.
    M1,
    /// Three minutes.
    M3,
    /// Five minutes.
    M5,
    /// A quarter of an hour.
    M15,
    /// One hour.
    H1,
    /// Four hours.
    H4,
    /// One day.
    D1,
}

impl Timeframe {
    /// All of them, shortest first.
    pub const ALL: [Self; 7] =
        [Self::M1, Self::M3, Self::M5, Self::M15, Self::H1, Self::H4, Self::D1];

    /// Its length.
    pub const fn nanos(self) -> i64 {
        MINUTE
            * match self {
                Self::M1 => 1,
                Self::M3 => 3,
                Self::M5 => 5,
                Self::M15 => 15,
                Self::H1 => 60,
                Self::H4 => 240,
                Self::D1 => 1_440,
            }
    }

    /// Its name at the venue: "1m" to "1d".
    pub const fn name(self) -> &'static str {
        match self {
            Self::M1 => "1m",
            Self::M3 => "3m",
            Self::M5 => "5m",
            Self::M15 => "15m",
            Self::H1 => "1h",
            Self::H4 => "4h",
            Self::D1 => "1d",
        }
    }

    /// The timeframe of a name; none for those this system does not build (30m, 1w, ...).
    pub fn named(name: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|timeframe| timeframe.name().as_bytes() == name)
    }

    /// When the bar that holds `time` opened.
    pub const fn open_of(self, time: Nanos) -> Nanos {
        Nanos(time.0.saturating_sub(time.0.rem_euclid(self.nanos())))
    }

    /// Whether bars of this length can be put together from bars of `base`.
    pub const fn is_built_of(self, base: Self) -> bool {
        self.nanos() % base.nanos() == 0
    }
}
