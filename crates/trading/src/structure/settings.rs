use crate::setting::checked;
use crate::{Error, Period};

/// Most bars on each side of a swing.
const MAX_SWING: i64 = 200;
/// Most gaps, blocks or zones that are kept: each is looked at with every bar.
const MAX_KEPT: i64 = 10_000;

/// What structure looks for. [`super::Structure::new`] checks every field; the range is in its
/// comment. Fields are plain numbers, so that a file of settings can name them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StructureSettings {
    /// Period of the average true range all sizes are in, 1 to 1000.
    pub atr: i64,
    /// Bars before a swing that must stay below it (above a low), 1 to 200.
    pub swing_left: i64,
    /// Bars after it that must; it is confirmed with the last of them. 1 to 200.
    pub swing_right: i64,
    /// Whether the first of equal highs (lows) is a swing; otherwise none of them is.
    pub swing_ties: bool,
    /// How many swings of each kind decide the trend, 2 to 8.
    pub trend_swings: i64,
    /// Smallest gap, percent of the price, 0 to 100.
    pub gap_min_percent: f64,
    /// Smallest gap in average true ranges, 0 to 100. Above 0 nothing is a gap while there is no
    /// average.
    pub gap_min_atr: f64,
    /// Whether the middle bar of a gap must close its way.
    pub gap_with_body: bool,
    /// Whether gaps the same way on bars in a row are one.
    pub gap_join: bool,
    /// Most open gaps kept, 1 to 10000.
    pub gaps_kept: i64,
    /// How many bars before a break are searched for the block, 1 to 200.
    pub block_window: i64,
    /// Least distance from the close of the block to the close of the break, in average true
    /// ranges, 0 to 100.
    pub displacement_atr: f64,
    /// Most valid blocks kept, 1 to 10000.
    pub blocks_kept: i64,
    /// Least touches of a zone, 2 to 50.
    pub zone_touches: i64,
    /// How far a touch may lie from the first, percent of the price, 0 to 10.
    pub zone_percent: f64,
    /// Bars after which an untouched level is forgotten, 1 to 1000000.
    pub zone_window: i64,
    /// Most levels kept a side, those of a single touch included, 1 to 10000.
    pub zones_kept: i64,
    /// Least depth of a sweep in average true ranges, 0 to 100.
    pub sweep_atr: f64,
    /// What the body of an institutional candle exceeds, as a fraction of its range, 0 to 1.
    pub impulse_body: f64,
    /// What each of its wicks stays below, as a fraction of its range, 0 to 1.
    pub impulse_wick: f64,
    /// What its volume exceeds, in deviations of the volume before, 0 to 100.
    pub impulse_score: f64,
    /// How many bars of volume before it, 2 to 1000.
    pub impulse_window: i64,
}

impl StructureSettings {
    /// What the program comes with.
    pub const DEFAULT: Self = Self {
        atr: 14,
        swing_left: 5,
        swing_right: 5,
        swing_ties: false,
        trend_swings: 3,
        gap_min_percent: 0.1,
        gap_min_atr: 0.0,
        gap_with_body: false,
        gap_join: false,
        gaps_kept: 64,
        block_window: 20,
        displacement_atr: 1.5,
        blocks_kept: 32,
        zone_touches: 3,
        zone_percent: 0.2,
        zone_window: 200,
        zones_kept: 32,
        sweep_atr: 0.5,
        impulse_body: 0.7,
        impulse_wick: 0.3,
        impulse_score: 2.0,
        impulse_window: 20,
    };
}

impl Default for StructureSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The settings, checked and in the types they are used in.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) atr: Period,
    pub(super) swing_left: usize,
    pub(super) swing_right: usize,
    pub(super) swing_ties: bool,
    pub(super) trend_swings: usize,
    pub(super) gap_min_share: f64,
    pub(super) gap_min_atr: f64,
    pub(super) gap_with_body: bool,
    pub(super) gap_join: bool,
    pub(super) gaps_kept: usize,
    pub(super) block_window: usize,
    pub(super) displacement_atr: f64,
    pub(super) blocks_kept: usize,
    pub(super) zone_touches: u32,
    pub(super) zone_share: f64,
    pub(super) zone_window: u64,
    pub(super) zones_kept: usize,
    pub(super) sweep_atr: f64,
    pub(super) impulse_body: f64,
    pub(super) impulse_wick: f64,
    pub(super) impulse_score: f64,
    pub(super) impulse_window: Period,
}

impl Rules {
    pub(super) fn of(raw: &StructureSettings) -> Result<Self, Error> {
        let count = |key, value, low, high| {
            let value: i64 = checked(key, value, low..=high)?;
            Ok::<_, Error>(usize::try_from(value).unwrap_or(0))
        };
        let number = |key, value: f64, high| checked(key, value, 0.0..=high);
        let touches = checked("structure.zone_touches", raw.zone_touches, 2..=50)?;
        let window = checked("structure.zone_window", raw.zone_window, 1..=1_000_000)?;
        checked("structure.impulse_window", raw.impulse_window, 2..=1_000)?;
        Ok(Self {
            atr: Period::new("structure.atr", raw.atr)?,
            swing_left: count("structure.swing_left", raw.swing_left, 1, MAX_SWING)?,
            swing_right: count("structure.swing_right", raw.swing_right, 1, MAX_SWING)?,
            swing_ties: raw.swing_ties,
            trend_swings: count("structure.trend_swings", raw.trend_swings, 2, 8)?,
            gap_min_share: number("structure.gap_min_percent", raw.gap_min_percent, 100.0)? / 100.0,
            gap_min_atr: number("structure.gap_min_atr", raw.gap_min_atr, 100.0)?,
            gap_with_body: raw.gap_with_body,
            gap_join: raw.gap_join,
            gaps_kept: count("structure.gaps_kept", raw.gaps_kept, 1, MAX_KEPT)?,
            block_window: count("structure.block_window", raw.block_window, 1, MAX_SWING)?,
            displacement_atr: number("structure.displacement_atr", raw.displacement_atr, 100.0)?,
            blocks_kept: count("structure.blocks_kept", raw.blocks_kept, 1, MAX_KEPT)?,
            zone_touches: touches as u32,
            zone_share: number("structure.zone_percent", raw.zone_percent, 10.0)? / 100.0,
            zone_window: window as u64,
            zones_kept: count("structure.zones_kept", raw.zones_kept, 1, MAX_KEPT)?,
            sweep_atr: number("structure.sweep_atr", raw.sweep_atr, 100.0)?,
            impulse_body: number("structure.impulse_body", raw.impulse_body, 1.0)?,
            impulse_wick: number("structure.impulse_wick", raw.impulse_wick, 1.0)?,
            impulse_score: number("structure.impulse_score", raw.impulse_score, 100.0)?,
            impulse_window: Period::new("structure.impulse_window", raw.impulse_window)?,
        })
    }

    /// How many bars back anything looks.
    pub(super) fn bars(&self) -> usize {
        (self.swing_left + self.swing_right + 1).max(self.block_window + 1).max(3)
    }
}
