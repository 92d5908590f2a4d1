use market::{Fixed8, Notional};

/// So many orders in so long a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The most.
    pub orders: u32,
    /// The stretch, in nanoseconds.
    pub nanos: i64,
}

/// What risk holds an account to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most an order may be worth.
    pub order: Notional,
    /// How far from the reference price a limit order may stand, either way: 0.05 is 5 %.
    pub collar: Fixed8,
    /// The most a position in one contract may be worth.
    pub symbol: Notional,
    /// The most all long positions, and all short ones, may be worth.
    pub side: Notional,
    /// The most all positions may be worth without their signs.
    pub gross: Notional,
    /// The most orders open at once.
    pub open_orders: u32,
    /// How many orders may leave in how long.
    pub rates: [Window; 2],
    /// The most that may be lost in a day, against the equity the day began with.
    pub daily_loss: Notional,
    /// The most that may be lost from the highest equity there was: 0.2 is 20 %.
    pub drawdown: Fixed8,
    /// How old the reference price may be, in nanoseconds.
    pub stale_after: i64,
}

impl Limits {
    /// The venue's own order counters, and what one careful account of ten thousand would set.
    pub const DEFAULT: Self = Self {
        order: Notional::whole(10_000),
        collar: Fixed8(5_000_000),
        symbol: Notional::whole(10_000),
        side: Notional::whole(30_000),
        gross: Notional::whole(30_000),
        open_orders: 200,
        rates: [
            Window { orders: 300, nanos: 10_000_000_000 },
            Window { orders: 1_200, nanos: 60_000_000_000 },
        ],
        daily_loss: Notional::whole(500),
        drawdown: Fixed8(20_000_000),
        stale_after: 10_000_000_000,
    };
}
