use crate::Error;
use crate::setting::checked;

/// How frames are read and weighted. [`super::Agreement::new`] checks every field; the range is in
/// its comment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgreementSettings {
    /// Bars of the fast average, 1 to 1000, below the slow one.
    pub fast: i64,
    /// Bars of the slow average, 2 to 1000.
    pub slow: i64,
    /// Bars of the average true range, 1 to 1000.
    pub atr: i64,
    /// How many average true ranges between the averages are a direction of 1, 0.01 to 100.
    pub full_atr: f64,
    /// Bars on each side of the swings whose breaks count, 1 to 200.
    pub swing: i64,
    /// Weight of the hour, 0 to 1; the four weights sum to 1.
    pub hour: f64,
    /// Weight of the quarter of an hour.
    pub quarter: f64,
    /// Weight of five minutes.
    pub five: f64,
    /// Weight of the minute.
    pub minute: f64,
    /// Least weighted sum that is agreement, 0 to 1.
    pub minimum: f64,
    /// Whether every frame of any weight must point the same way.
    pub unanimous: bool,
    /// Whether the day may forbid what points against it. It then needs a history of its own.
    pub day_veto: bool,
}

impl AgreementSettings {
    /// What the program comes with.
    pub const DEFAULT: Self = Self {
        fast: 20,
        slow: 50,
        atr: 14,
        full_atr: 1.0,
        swing: 5,
        hour: 0.40,
        quarter: 0.30,
        five: 0.20,
        minute: 0.10,
        minimum: 0.60,
        unanimous: true,
        day_veto: false,
    };
}

impl Default for AgreementSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl AgreementSettings {
    /// The weights, the longest frame first.
    pub(super) fn weights(&self) -> Result<[f64; 4], Error> {
        let weights = [
            checked("agreement.hour", self.hour, 0.0..=1.0)?,
            checked("agreement.quarter", self.quarter, 0.0..=1.0)?,
            checked("agreement.five", self.five, 0.0..=1.0)?,
            checked("agreement.minute", self.minute, 0.0..=1.0)?,
        ];
        let sum: f64 = weights.iter().sum();
        // Decimals such as 0.1 are none in binary; this is far below what anyone would write.
        if (sum - 1.0).abs() > 1e-9 {
            return Err(Error::Setting {
                key: "agreement.hour + quarter + five + minute",
                value: sum.to_string(),
                accepted: "1".to_string(),
            });
        }
        Ok(weights)
    }

    pub(super) fn minimum(&self) -> Result<f64, Error> {
        checked("agreement.minimum", self.minimum, 0.0..=1.0)
    }
}
