use super::RollingMoments;
use crate::setting::checked;
use crate::{Error, Period, Price};

/// What Bollinger bands read, in the unit of the price where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// The middle plus the deviations.
    pub upper: f64,
    /// The simple average.
    pub middle: f64,
    /// The middle less the deviations.
    pub lower: f64,
    /// The population standard deviation of the closes, one of it.
    pub deviation: f64,
    /// Upper less lower, as a fraction of the middle.
    pub width: f64,
}

/// Bollinger bands: a simple average and so many population standard deviations around it.
#[derive(Debug, Clone)]
pub struct Bollinger {
    moments: RollingMoments,
    deviations: f64,
}

impl Bollinger {
    /// Over so many bars, `deviations` (0.1 to 10) to each side.
    ///
    /// # Errors
    /// [`Error::Setting`] for other deviations.
    pub fn new(period: Period, deviations: f64) -> Result<Self, Error> {
        let deviations = checked("bollinger.deviations", deviations, 0.1..=10.0)?;
        Ok(Self { moments: RollingMoments::new(period), deviations })
    }

    /// The bands after this close.
    #[inline]
    pub fn update(&mut self, close: Price) -> Option<Bands> {
        let (middle, variance) = self.moments.push(close.get())?;
        let deviation = variance.sqrt();
        let reach = self.deviations * deviation;
        let (upper, lower) = (middle + reach, middle - reach);
        Some(Bands { upper, middle, lower, deviation, width: 2.0 * reach / middle })
    }
}
