use market::Timeframe;

use super::FeatureSettings;
use crate::Error;

/// How many features a row has.
pub const COUNT: usize = 12;

/// Columns of earlier systems that are known only after entry, or that the engine itself decides
/// upon it. A model that sees them has seen the answer.
const OUTCOMES: [&str; 16] = [
    "close_price",
    "close_time",
    "exit_price",
    "exit_reason",
    "exit_time",
    "fee",
    "fill_price",
    "funding",
    "holding_time",
    "max_adverse",
    "max_favourable",
    "pnl",
    "pnl_pct",
    "position_size_pct",
    "reward_score",
    "slippage",
];

/// A number a model may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(usize)]
pub enum Feature {
    /// Which way the last swings go.
    MarketStructure,
    /// How many order blocks are valid.
    OrderBlocksCount,
    /// Whether and which way this bar is an institutional candle.
    InstitutionalCandle,
    /// Whether this bar swept a swing: 1 below a low, -1 above a high.
    LiquidityGrab,
    /// The size of the newest open gap.
    FvgSizeAtr,
    /// How near the nearest open gap is, with the sign of its bias.
    FvgProximity,
    /// How near the nearest valid order block is.
    ObProximity,
    /// The volume against the usual, over the true range against the usual: effort over result.
    AtrNormalizedVolume,
    /// The relative strength index.
    Rsi,
    /// The momentum.
    MomentumAtr,
    /// How far the nearer of the last swings is.
    TimeToNextLevel,
    /// The agreement of timeframes.
    Agreement,
}

impl Feature {
    /// All of them, in the order of a row.
    pub const ALL: [Self; COUNT] = [
        Self::MarketStructure,
        Self::OrderBlocksCount,
        Self::InstitutionalCandle,
        Self::LiquidityGrab,
        Self::FvgSizeAtr,
        Self::FvgProximity,
        Self::ObProximity,
        Self::AtrNormalizedVolume,
        Self::Rsi,
        Self::MomentumAtr,
        Self::TimeToNextLevel,
        Self::Agreement,
    ];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MarketStructure => "market_structure",
            Self::OrderBlocksCount => "order_blocks_count",
            Self::InstitutionalCandle => "institutional_candle",
            Self::LiquidityGrab => "liquidity_grab",
            Self::FvgSizeAtr => "fvg_size_atr",
            Self::FvgProximity => "fvg_proximity",
            Self::ObProximity => "ob_proximity",
            Self::AtrNormalizedVolume => "atr_normalized_volume",
            Self::Rsi => "rsi",
            Self::MomentumAtr => "momentum_atr",
            Self::TimeToNextLevel => "time_to_next_level",
            Self::Agreement => "agreement",
        }
    }

    /// The feature of a name.
    ///
    /// # Errors
    /// [`Error::Feature`] for what is none, and in other words for what is known only after entry.
    pub fn named(name: &str) -> Result<Self, Error> {
        let feature = Self::ALL.into_iter().find(|feature| feature.name() == name);
        feature.ok_or_else(|| {
            let outcome = OUTCOMES.contains(&name);
            let reason = if outcome { "is known only after entry" } else { "is no feature" };
            Error::Feature { name: name.to_string(), reason }
        })
    }

    /// Its unit.
    pub const fn unit(self) -> &'static str {
        match self {
            Self::MarketStructure | Self::InstitutionalCandle | Self::LiquidityGrab => "sign",
            Self::OrderBlocksCount => "blocks",
            Self::FvgSizeAtr => "average true ranges",
            Self::FvgProximity => "signed nearness",
            Self::ObProximity => "nearness",
            Self::AtrNormalizedVolume => "ratio of ratios",
            Self::Rsi => "hundredths of 1",
            Self::MomentumAtr => "2 average true ranges",
            Self::TimeToNextLevel => "reach",
            Self::Agreement => "weighted direction",
        }
    }

    /// Its least and greatest value; what lies beyond is moved there.
    pub const fn range(self) -> (f64, f64) {
        match self {
            Self::MarketStructure
            | Self::InstitutionalCandle
            | Self::LiquidityGrab
            | Self::FvgProximity
            | Self::MomentumAtr
            | Self::Agreement => (-1.0, 1.0),
            Self::OrderBlocksCount => (0.0, 32.0),
            Self::FvgSizeAtr | Self::AtrNormalizedVolume => (0.0, 10.0),
            Self::ObProximity | Self::Rsi | Self::TimeToNextLevel => (0.0, 1.0),
        }
    }

    /// When it is absent.
    pub const fn null_policy(self) -> &'static str {
        match self {
            Self::MarketStructure => "before enough swings of both kinds",
            Self::OrderBlocksCount => "before the average true range",
            Self::InstitutionalCandle => "before the volume window is full",
            Self::LiquidityGrab | Self::TimeToNextLevel => "before a swing or the true range",
            Self::FvgSizeAtr | Self::FvgProximity => "while no gap is open",
            Self::ObProximity => "while no block is valid",
            Self::AtrNormalizedVolume => "before both windows are full, and where nothing moved",
            Self::Rsi => "before as many changes as its period",
            Self::MomentumAtr => "before as many bars as it spans, and before the true range",
            Self::Agreement => "while a frame is short or stale",
        }
    }

    /// How many bars it looks back at least; for those that follow structure, what a first reading
    /// takes.
    pub fn lookback(self, settings: &FeatureSettings) -> i64 {
        let structure = &settings.structure;
        let swing = structure.swing_left + structure.swing_right + 1;
        match self {
            Self::MarketStructure => swing * structure.trend_swings,
            Self::OrderBlocksCount | Self::ObProximity => structure.atr + 1,
            Self::InstitutionalCandle => structure.impulse_window + 1,
            Self::LiquidityGrab | Self::TimeToNextLevel => swing.max(structure.atr + 1),
            Self::FvgSizeAtr | Self::FvgProximity => 3.max(structure.atr + 1),
            Self::AtrNormalizedVolume => settings.volume.max(structure.atr + 1),
            Self::Rsi => settings.rsi + 1,
            Self::MomentumAtr => (settings.momentum + 1).max(structure.atr + 1),
            // The first of the hours may be cut short by the beginning.
            Self::Agreement => {
                let bars = (Timeframe::H1.nanos() / settings.base.nanos()).max(1);
                (settings.agreement.slow - 1) * bars + 1
            }
        }
    }
}
