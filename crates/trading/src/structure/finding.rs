use super::{Block, Gap, Zone};

/// Up or down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bias {
    /// For higher prices.
    Bullish,
    /// For lower prices.
    Bearish,
}

impl Bias {
    /// 1 or -1.
    pub const fn sign(self) -> f64 {
        match self {
            Self::Bullish => 1.0,
            Self::Bearish => -1.0,
        }
    }
}

/// Which end of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extreme {
    /// Its high.
    High,
    /// Its low.
    Low,
}

/// How a break stands to the break before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakKind {
    /// Break of structure: the same way, or the first of all.
    Bos,
    /// Change of character: the other way.
    Choch,
}

/// What a bar settled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// The number of the bar it is about, counted from 0.
    pub pivot_index: u64,
    /// The number of the bar that settled it: the one just closed.
    pub confirmed_index: u64,
    /// What it is.
    pub what: What,
}

/// Kinds of findings. Levels are in the unit of the price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A high above, or a low below, those of so many bars on each side.
    Swing {
        /// High or low.
        extreme: Extreme,
        /// Its price.
        level: f64,
    },
    /// A close beyond the last confirmed swing; the pivot is the swing.
    Break {
        /// With the break before it or against it.
        kind: BreakKind,
        /// Which way.
        bias: Bias,
        /// The swing's price.
        level: f64,
    },
    /// A wick far beyond the last confirmed swing and a close back inside; the pivot is the swing.
    Sweep {
        /// Bearish where a high was swept.
        bias: Bias,
        /// The swing's price.
        level: f64,
        /// How far beyond, in average true ranges.
        depth: f64,
    },
    /// A fair-value gap; the pivot is its middle bar, here and below.
    GapOpened(Gap),
    /// A gap of the next bar joined the gap before it, which it replaces.
    GapExtended(Gap),
    /// Price came back into a gap for the first time.
    GapTouched(Gap),
    /// Price traded through a gap; it is no longer tracked.
    GapFilled(Gap),
    /// An order block; the pivot is its bar, here and below.
    BlockFormed(Block),
    /// Price came back into a block for the first time and closed on its right side.
    BlockRetested(Block),
    /// Price closed beyond a block; it is no longer tracked.
    BlockInvalidated(Block),
    /// Swings enough at one level; the pivot is the first of them, here and below.
    ZoneFormed(Zone),
    /// One swing more at that level.
    ZoneTouched(Zone),
    /// Price traded beyond a zone; it is no longer tracked.
    ZoneTaken {
        /// The zone.
        zone: Zone,
        /// Whether the bar closed back inside.
        swept: bool,
    },
    /// An institutional candle: nearly all body, on a volume far out of the ordinary.
    Impulse {
        /// Which way.
        bias: Bias,
        /// Body over range, 0 to 1.
        body: f64,
        /// Deviations of its volume from that of the bars before.
        volume_score: f64,
    },
}
