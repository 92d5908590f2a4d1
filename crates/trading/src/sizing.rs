//! How much.

use market::{Contract, Fixed8, Lots, Notional, Ticks};

/// How the size of a position is found. No rule asks how often it wins: nobody has measured that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizing {
    /// Always worth as much.
    Worth(Notional),
    /// Worth this share of the equity.
    Share(Fixed8),
    /// Loses this share of the equity when its stop is met; an entry without a stop gets nothing.
    Risk(Fixed8),
}

impl Sizing {
    /// The lots of a position entered at `price` with its stop at `stop`: worth at most `most`, on
    /// the grid of market orders, never rounded up. Zero where nothing fits.
    pub fn lots(
        self,
        contract: &Contract,
        equity: Notional,
        price: Ticks,
        stop: Option<Ticks>,
        most: Notional,
    ) -> Lots {
        let one = |ticks: i64| contract.notional(Ticks(ticks), Lots(1)).unwrap_or(Notional::ZERO);
        let wanted = match self {
            Self::Worth(worth) => Self::whole(worth, one(price.0)),
            Self::Share(share) => equity.times(share).and_then(|w| Self::whole(w, one(price.0))),
            Self::Risk(share) => stop.and_then(|stop| {
                let lost = one(i64::try_from(price.0.abs_diff(stop.0)).ok()?);
                Self::whole(equity.times(share)?, lost)
            }),
        };
        let cap = Self::whole(most, one(price.0));
        wanted.zip(cap).map_or(Lots(0), |(wanted, cap)| contract.floor_market(wanted.min(cap)))
    }

    fn whole(amount: Notional, one: Notional) -> Option<Lots> {
        amount.whole_times(one).map(|lots| Lots(lots.max(0)))
    }
}
