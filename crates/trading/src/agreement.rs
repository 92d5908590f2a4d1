//! Whether several lengths of bars point the same way.
//!
//! Each frame says how far up or down it points, in average true ranges and so without a scale of
//! price; the frames are weighted, the longest most. A frame counts only with the last bar that is
//! closed at the moment of asking: one that is older is stale, one that ends later is not yet
//! known to anyone.
//!
//! Contents: [`Agreement`], [`AgreementSettings`] · [`Verdict`], [`Doubt`], [`Absence`].

mod frame;
mod settings;

pub use settings::AgreementSettings;

use clock::Nanos;
use market::{Bar, Timeframe};

use crate::structure::Bias;
use crate::{Candle, Error};
use frame::Frame;

/// The frames that are weighted, the longest first.
const WEIGHTED: [Timeframe; 4] = [Timeframe::H1, Timeframe::M15, Timeframe::M5, Timeframe::M1];

/// The lengths of bars of one contract, together.
#[derive(Debug, Clone)]
pub struct Agreement {
    frames: [(Frame, f64); 4],
    day: Option<Frame>,
    minimum: f64,
    unanimous: bool,
}

/// What the frames say together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// When it was asked for.
    pub at: Nanos,
    /// The weighted sum of the directions, -1 to 1.
    pub composite: f64,
    /// Which way they agree, or why they do not.
    pub bias: Result<Bias, Doubt>,
}

/// Why frames do not agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// The weighted sum is below the minimum.
    Weak,
    /// This frame points elsewhere than the longest, or nowhere.
    Divided(Timeframe),
    /// The day points the other way.
    Vetoed,
}

/// Why there is nothing to agree on yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absence {
    /// The history of this frame is too short.
    Short(Timeframe),
    /// The last closed bar of this frame has not come.
    Stale(Timeframe),
    /// This frame has seen a bar that ends after the moment asked for.
    Ahead(Timeframe),
}

impl Agreement {
    /// Nothing seen yet.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the first setting that is out of its range.
    pub fn new(settings: &AgreementSettings) -> Result<Self, Error> {
        let weights = settings.weights()?;
        let frame = |timeframe| Frame::new(timeframe, settings);
        let [h1, m15, m5, m1] = WEIGHTED;
        let [a, b, c, d] = weights;
        Ok(Self {
            frames: [(frame(h1)?, a), (frame(m15)?, b), (frame(m5)?, c), (frame(m1)?, d)],
            day: settings.day_veto.then(|| frame(Timeframe::D1)).transpose()?,
            minimum: settings.minimum()?,
            unanimous: settings.unanimous,
        })
    }

    /// Takes a closed bar, prices in ticks; whether it belongs to one of the frames and comes
    /// after what it has seen.
    ///
    /// # Errors
    /// [`Error::Candle`] for a bar that cannot be.
    pub fn update(&mut self, bar: &Bar) -> Result<bool, Error> {
        let candle = Candle::of(bar)?;
        let weighted = self.frames.iter_mut().map(|(frame, _)| frame);
        let mut all = weighted.chain(&mut self.day);
        let frame = all.find(|frame| frame.timeframe() == bar.timeframe);
        Ok(frame.is_some_and(|frame| frame.update(bar.end(), &candle)))
    }

    /// What the frames say at a moment. Where bars of several lengths close together it is there
    /// with the last of them.
    ///
    /// # Errors
    /// [`Absence`] naming the first frame, longest first, that cannot be read then.
    pub fn at(&self, now: Nanos) -> Result<Verdict, Absence> {
        let day = self.day.as_ref().map(|frame| frame.direction(now)).transpose()?;
        let mut directions = [0.0; 4];
        let mut composite = 0.0;
        for ((frame, weight), direction) in self.frames.iter().zip(&mut directions) {
            *direction = frame.direction(now)?;
            composite += weight * *direction;
        }
        Ok(Verdict { at: now, composite, bias: self.judge(composite, directions, day) })
    }

    fn judge(&self, composite: f64, directions: [f64; 4], day: Option<f64>) -> Result<Bias, Doubt> {
        if composite.abs() < self.minimum {
            return Err(Doubt::Weak);
        }
        let bias = if composite > 0.0 { Bias::Bullish } else { Bias::Bearish };
        for ((frame, weight), direction) in self.frames.iter().zip(directions) {
            if self.unanimous && *weight > 0.0 && direction * bias.sign() <= 0.0 {
                return Err(Doubt::Divided(frame.timeframe()));
            }
        }
        if day.is_some_and(|day| day * bias.sign() < 0.0) {
            return Err(Doubt::Vetoed);
        }
        Ok(bias)
    }
}
