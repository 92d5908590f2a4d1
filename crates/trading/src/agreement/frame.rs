use clock::Nanos;
use market::Timeframe;

use super::{Absence, AgreementSettings};
use crate::indicators::Ema;
use crate::setting::checked;
use crate::structure::{Bias, Structure, StructureSettings};
use crate::{Candle, Error, Period};

/// One length of bars.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    timeframe: Timeframe,
    fast: Ema,
    slow: Ema,
    structure: Structure,
    full_atr: f64,
    /// The end of the last bar, and the close.
    last: Option<(Nanos, f64)>,
}

impl Frame {
    pub(super) fn new(timeframe: Timeframe, settings: &AgreementSettings) -> Result<Self, Error> {
        let slow = Period::new("agreement.slow", settings.slow)?;
        let fast = Period::new("agreement.fast", settings.fast)?;
        if fast >= slow {
            let accepted = format!("1 to {}, below agreement.slow", slow.bars().saturating_sub(1));
            let value = settings.fast.to_string();
            return Err(Error::Setting { key: "agreement.fast", value, accepted });
        }
        let swing = checked("agreement.swing", settings.swing, 1..=200)?;
        // Only breaks are asked for here; of everything else there is room for one.
        let structure = StructureSettings {
            atr: checked("agreement.atr", settings.atr, 1..=1_000)?,
            swing_left: swing,
            swing_right: swing,
            gaps_kept: 1,
            blocks_kept: 1,
            zones_kept: 1,
            ..StructureSettings::default()
        };
        Ok(Self {
            timeframe,
            fast: Ema::new(fast),
            slow: Ema::new(slow),
            structure: Structure::new(&structure)?,
            full_atr: checked("agreement.full_atr", settings.full_atr, 0.01..=100.0)?,
            last: None,
        })
    }

    pub(super) fn timeframe(&self) -> Timeframe {
        self.timeframe
    }

    /// Takes the bar that ends then; whether it comes after the last one.
    pub(super) fn update(&mut self, end: Nanos, candle: &Candle) -> bool {
        if self.last.is_some_and(|(last, _)| end <= last) {
            return false;
        }
        self.fast.update(candle.close());
        self.slow.update(candle.close());
        self.structure.update(candle);
        self.last = Some((end, candle.close().get()));
        true
    }

    /// How far it points up (to 1) or down (to -1) at a moment: the distance of its averages in
    /// average true ranges, as long as the close lies beyond the fast one and structure did not
    /// last break the other way; else 0.
    pub(super) fn direction(&self, now: Nanos) -> Result<f64, Absence> {
        let (end, close) = self.last.ok_or(Absence::Short(self.timeframe))?;
        if end > now {
            return Err(Absence::Ahead(self.timeframe));
        }
        if end < self.timeframe.open_of(now) {
            return Err(Absence::Stale(self.timeframe));
        }
        let readings = (self.fast.value(), self.slow.value(), self.structure.atr());
        let (Some(fast), Some(slow), Some(atr)) = readings else {
            return Err(Absence::Short(self.timeframe));
        };
        let bias = if fast > slow { Bias::Bullish } else { Bias::Bearish };
        let beyond = (close - fast) * bias.sign() > 0.0;
        let broken_against = self.structure.bias().is_some_and(|last| last != bias);
        // Without a range there is no unit, and without movement no direction.
        if !beyond || broken_against || atr <= 0.0 {
            return Ok(0.0);
        }
        Ok(((fast - slow) / (atr * self.full_atr)).clamp(-1.0, 1.0))
    }
}
