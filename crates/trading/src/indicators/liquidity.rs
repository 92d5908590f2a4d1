use market::Level;

use crate::Error;

/// The best bid and ask as the book has them; never invented from a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopOfBook {
    bid: Level,
    ask: Level,
}

impl TopOfBook {
    /// Both sides, with something standing there.
    ///
    /// # Errors
    /// [`Error::Candle`] for a price of zero or less, an empty side, or a book that is crossed.
    pub fn new(bid: Level, ask: Level) -> Result<Self, Error> {
        let refuse =
            |field, value: i64, reason| Err(Error::Candle { field, value: value as f64, reason });
        if bid.price.0 <= 0 {
            return refuse("bid", bid.price.0, "is no price in ticks");
        }
        if ask.price <= bid.price {
            return refuse("ask", ask.price.0, "is not above the bid");
        }
        if bid.quantity.0 <= 0 {
            return refuse("bid quantity", bid.quantity.0, "is nothing");
        }
        if ask.quantity.0 <= 0 {
            return refuse("ask quantity", ask.quantity.0, "is nothing");
        }
        Ok(Self { bid, ask })
    }

    /// The spread as a fraction of the mid price, above 0 and below 2.
    pub fn spread(&self) -> f64 {
        let (bid, ask) = (self.bid.price.0 as f64, self.ask.price.0 as f64);
        2.0 * ((ask - bid) / (ask + bid))
    }

    /// What stands at both, in lots.
    pub fn depth(&self) -> f64 {
        self.bid.quantity.0 as f64 + self.ask.quantity.0 as f64
    }

    /// What stands at the bid less what stands at the ask, as a fraction of both: -1 to 1.
    pub fn imbalance(&self) -> f64 {
        (self.bid.quantity.0 as f64 - self.ask.quantity.0 as f64) / self.depth()
    }
}

/// How easily a position is opened, 0.09 to 1: 0.7 of it falls from a spread of nothing to one of
/// 1 % of the price, 0.3 rises from 0.3 of itself at no volume to all of it at twice the usual.
///
/// `spread` as of [`TopOfBook::spread`], `volume_ratio` as of [`super::VolumeRatio`].
pub fn liquidity_score(spread: f64, volume_ratio: f64) -> f64 {
    let tight = (1.0 - 100.0 * spread).clamp(0.0, 1.0);
    let busy = volume_ratio.clamp(0.0, 2.0) / 2.0;
    0.7 * tight + 0.3 * (0.3 + 0.7 * busy)
}
