//! What a model may see of a bar: twelve numbers, each from what was confirmed when it closed.
//!
//! The set is the second generation's, corrected: real order blocks, real sweeps and gaps, absent
//! where history is short, and in place of a confidence computed from the other eleven the
//! agreement of timeframes, which is not among them. The schema (names, units, ranges, and the
//! settings behind them) has a version and a hash; a model and the rows it learnt from must carry
//! the same one.
//!
//! Contents: [`Features`], [`FeatureSettings`], [`FeatureRow`] · [`Feature`] · [`Schema`],
//! [`SchemaHash`].

mod catalogue;
mod schema;

pub use catalogue::{COUNT, Feature};
pub use schema::{Schema, SchemaHash};

use clock::Nanos;
use market::{Bar, Timeframe};

use crate::agreement::{Absence, Agreement, AgreementSettings};
use crate::indicators::{Momentum, Rsi, VolumeRatio, true_range};
use crate::setting::checked;
use crate::structure::{Extreme, Finding, Structure, StructureSettings, Trend, What};
use crate::{Candle, Error, Period};

/// What the numbers are made with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureSettings {
    /// The length of the bars that have rows.
    pub base: Timeframe,
    /// Structure, and with it the average true range that everything is measured in.
    pub structure: StructureSettings,
    /// How the frames are read and weighted.
    pub agreement: AgreementSettings,
    /// Bars of the relative strength index, 1 to 1000.
    pub rsi: i64,
    /// Bars the momentum spans, 1 to 1000.
    pub momentum: i64,
    /// Bars of the mean volume, 1 to 1000.
    pub volume: i64,
    /// Average true ranges after which a level is out of reach, 0.1 to 100.
    pub reach: f64,
}

impl Default for FeatureSettings {
    fn default() -> Self {
        Self {
            base: Timeframe::M1,
            structure: StructureSettings::default(),
            agreement: AgreementSettings::default(),
            rsi: 14,
            momentum: 5,
            volume: 20,
            reach: 5.0,
        }
    }
}

/// The features of one bar, absent where they cannot be known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FeatureRow {
    schema: SchemaHash,
    values: [Option<f32>; COUNT],
}

impl FeatureRow {
    /// One of them, within [`Feature::range`]; none as [`Feature::null_policy`] says.
    pub fn get(&self, feature: Feature) -> Option<f32> {
        self.values[feature as usize]
    }

    /// All of them, in the order of [`Feature::ALL`].
    pub fn values(&self) -> &[Option<f32>; COUNT] {
        &self.values
    }

    /// What they mean.
    pub fn schema(&self) -> SchemaHash {
        self.schema
    }
}

/// Makes rows from closed bars.
#[derive(Debug, Clone)]
pub struct Features {
    schema: SchemaHash,
    base: Timeframe,
    structure: Structure,
    agreement: Agreement,
    rsi: Rsi,
    momentum: Momentum,
    volume: VolumeRatio,
    reach: f64,
    /// Bars before the volume of one can be judged.
    impulse_window: u64,
    last: Option<Last>,
}

/// The last bar and what it alone can say.
#[derive(Debug, Clone, Copy)]
struct Last {
    end: Nanos,
    candle: Candle,
    range: Option<f64>,
    momentum: Option<f64>,
    volume: Option<f64>,
    impulse: f64,
    sweep: f64,
}

impl Features {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the first setting that is out of its range.
    pub fn new(settings: &FeatureSettings) -> Result<Self, Error> {
        Ok(Self {
            schema: Schema::new(settings).hash(),
            base: settings.base,
            structure: Structure::new(&settings.structure)?,
            agreement: Agreement::new(&settings.agreement)?,
            rsi: Rsi::new(Period::new("features.rsi", settings.rsi)?),
            momentum: Momentum::new(Period::new("features.momentum", settings.momentum)?),
            volume: VolumeRatio::new(Period::new("features.volume", settings.volume)?),
            reach: checked("features.reach", settings.reach, 0.1..=100.0)?,
            impulse_window: u64::try_from(settings.structure.impulse_window).unwrap_or(0),
            last: None,
        })
    }

    /// The structure they are read from.
    pub fn structure(&self) -> &Structure {
        &self.structure
    }

    /// The agreement among them.
    pub fn agreement(&self) -> &Agreement {
        &self.agreement
    }

    /// Takes a closed bar of any length, prices in ticks; whether it was of use and comes after
    /// those it follows.
    ///
    /// # Errors
    /// [`Error::Candle`] for a bar that cannot be.
    pub fn update(&mut self, bar: &Bar) -> Result<bool, Error> {
        let candle = Candle::of(bar)?;
        let framed = self.agreement.update(bar)?;
        let follows = self.last.is_none_or(|last| last.end < bar.end());
        if bar.timeframe != self.base || !follows {
            return Ok(framed);
        }
        let before = self.last.map(|last| last.candle.close().get());
        self.rsi.update(candle.close());
        let (impulse, sweep) = signs(self.structure.update(&candle));
        self.last = Some(Last {
            end: bar.end(),
            candle,
            range: before.map(|before| true_range(&candle, before)),
            momentum: self.momentum.update(candle.close()),
            volume: self.volume.update(&candle),
            impulse,
            sweep,
        });
        Ok(true)
    }

    /// The row of the bar that closed last, as of a moment; where bars of several lengths close
    /// together, ask after the last of them.
    ///
    /// # Errors
    /// [`Absence`] where that bar is not the last one that is closed at this moment.
    pub fn row(&self, now: Nanos) -> Result<FeatureRow, Absence> {
        let last = self.last.ok_or(Absence::Short(self.base))?;
        if last.end > now {
            return Err(Absence::Ahead(self.base));
        }
        if last.end < self.base.open_of(now) {
            return Err(Absence::Stale(self.base));
        }
        let values = Feature::ALL.map(|feature| {
            let (low, high) = feature.range();
            // After ten thousand bars without movement the average true range is the smallest
            // number there is; what is measured in it then is nothing.
            let value = self.read(feature, &last, now).filter(|value| !value.is_nan());
            value.map(|value| value.clamp(low, high) as f32)
        });
        Ok(FeatureRow { schema: self.schema, values })
    }

    fn read(&self, feature: Feature, last: &Last, now: Nanos) -> Option<f64> {
        let structure = &self.structure;
        let atr = structure.atr().filter(|atr| *atr > 0.0);
        match feature {
            Feature::MarketStructure => structure.trend().map(direction),
            Feature::OrderBlocksCount => atr.map(|_| structure.blocks().len() as f64),
            Feature::InstitutionalCandle => {
                (structure.bars() > self.impulse_window).then_some(last.impulse)
            }
            Feature::LiquidityGrab => atr.and(self.level(&last.candle)).and(Some(last.sweep)),
            Feature::FvgSizeAtr => structure.gaps().last()?.size,
            Feature::FvgProximity => self.gap_proximity(&last.candle, atr?),
            Feature::ObProximity => self.block_proximity(&last.candle, atr?),
            Feature::AtrNormalizedVolume => {
                let range = last.range.filter(|range| *range > 0.0)?;
                Some(last.volume? * (atr? / range))
            }
            Feature::Rsi => self.rsi.value().map(|rsi| rsi / 100.0),
            Feature::MomentumAtr => {
                Momentum::in_ranges(last.momentum?, atr?).map(|momentum| momentum / 2.0)
            }
            Feature::TimeToNextLevel => Some(self.level(&last.candle)? / (atr? * self.reach)),
            Feature::Agreement => self.agreement.at(now).ok().map(|verdict| verdict.composite),
        }
    }

    /// The distance from the close to the nearer of the last swings.
    fn level(&self, candle: &Candle) -> Option<f64> {
        let swings = [Extreme::High, Extreme::Low].map(|extreme| self.structure.swing(extreme));
        let apart = swings.into_iter().flatten().map(|s| (candle.close().get() - s.level).abs());
        apart.min_by(f64::total_cmp)
    }

    /// The nearest open gap: the sign of its bias, times 1 within it falling to 0 out of reach.
    fn gap_proximity(&self, candle: &Candle, atr: f64) -> Option<f64> {
        let close = candle.close().get();
        let gaps = self.structure.gaps().iter();
        let near = gaps.map(|gap| (outside(close, gap.top, gap.bottom), gap.bias.sign()));
        let (apart, sign) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(sign * self.nearness(apart, atr))
    }

    /// The nearest valid block: 1 within it falling to 0 out of reach.
    fn block_proximity(&self, candle: &Candle, atr: f64) -> Option<f64> {
        let close = candle.close().get();
        let blocks = self.structure.blocks().iter();
        let near = blocks.map(|block| outside(close, block.top, block.bottom));
        near.min_by(f64::total_cmp).map(|apart| self.nearness(apart, atr))
    }

    fn nearness(&self, apart: f64, atr: f64) -> f64 {
        1.0 - (apart / (atr * self.reach)).min(1.0)
    }
}

/// How far a price lies outside of a zone; 0 within it.
fn outside(price: f64, top: f64, bottom: f64) -> f64 {
    (price - top).max(bottom - price).max(0.0)
}

fn direction(trend: Trend) -> f64 {
    match trend {
        Trend::Falling => -1.0,
        Trend::Mixed => 0.0,
        Trend::Rising => 1.0,
    }
}

/// Which way an institutional candle and a sweep of this bar point; 0 where there is none.
fn signs(found: &[Finding]) -> (f64, f64) {
    let (mut impulse, mut sweep) = (0.0, 0.0);
    for finding in found {
        match finding.what {
            What::Impulse { bias, .. } => impulse = bias.sign(),
            What::Sweep { bias, .. } => sweep += bias.sign(),
            _ => {}
        }
    }
    (impulse, sweep)
}
