//! What may be traded and on which grid, as the venue's list of contracts says.

mod listing;
mod names;
mod rules;

pub use listing::{Listing, read_listing};

use crate::number::{nearest, power_of_ten};
use crate::{Error, Fixed8, Lots, Notional, Step, SymbolId, Ticks};
use names::Names;

/// What a market order or a limit order of a contract may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityLimits {
    /// The smallest quantity.
    pub min: Lots,
    /// The largest quantity.
    pub max: Lots,
    /// Quantities are whole multiples of this; at least one lot.
    pub step: Lots,
}

/// How far from the mark price a limit order may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PriceBand {
    /// A buy may cost at most the mark price times this.
    pub up: Fixed8,
    /// A sell must bring at least the mark price times this.
    pub down: Fixed8,
}

/// Whether a contract is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Orders are taken.
    Trading,
    /// Listed, but no orders are taken: pending, settling, halted, delivered.
    Closed,
}

/// One contract: its grid and its limits. Tick and lot come from the venue's filters only; the
/// `pricePrecision` beside them is no tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Its name at the venue, such as "BTCUSDT"; not always ASCII.
    pub name: String,
    /// Its kind at the venue, such as "PERPETUAL".
    pub kind: String,
    /// What it is quoted in, such as "USDT".
    pub quote: String,
    /// Whether it is open.
    pub status: Status,
    /// The grid of its prices.
    pub tick: Step,
    /// The grid of its quantities.
    pub lot: Step,
    /// The lowest price.
    pub min_price: Ticks,
    /// The highest price.
    pub max_price: Ticks,
    /// Limit orders.
    pub limit: QuantityLimits,
    /// Market orders.
    pub market: QuantityLimits,
    /// The least an order may be worth, unless it only reduces; for market orders at the mark price.
    pub min_notional: Notional,
    /// How far from the mark price; none where the venue sets no band.
    pub band: Option<PriceBand>,
}

impl Contract {
    /// What `quantity` at `price` is worth, exactly; none beyond i128.
    pub fn notional(&self, price: Ticks, quantity: Lots) -> Option<Notional> {
        let steps = i128::from(price.0) * i128::from(quantity.0);
        steps.checked_mul(i128::from(self.step_value()?)).map(Notional)
    }

    /// The price in units of 1e-8, to be held against mark prices and averages; none beyond 63
    /// bits.
    pub fn fine(&self, price: Ticks) -> Option<Fixed8> {
        let scale = power_of_ten(8_u8.checked_sub(self.tick.decimals())?)?;
        price.0.checked_mul(self.tick.unit())?.checked_mul(scale).map(Fixed8)
    }

    /// What `quantity` is worth at a price finer than a tick, rounded to the nearest 1e-8, ties to
    /// even; none beyond i128.
    pub fn value(&self, price: Fixed8, quantity: Lots) -> Option<Notional> {
        let steps = i128::from(price.0) * i128::from(quantity.0);
        let product = steps.checked_mul(i128::from(self.lot.unit()))?;
        Some(Notional(nearest(product, i128::from(power_of_ten(self.lot.decimals())?))))
    }

    /// What one lot at one tick is worth, in units of 1e-8; none where that is no whole number.
    fn step_value(&self) -> Option<i64> {
        let decimals = self.tick.decimals() + self.lot.decimals();
        let scale = power_of_ten(8_u8.checked_sub(decimals)?)?;
        self.tick.unit().checked_mul(self.lot.unit())?.checked_mul(scale)
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |reason| Err(Error::Contract { symbol: self.name.clone(), reason });
        if self.name.is_empty() {
            return wrong("a contract without a name");
        }
        if self.step_value().is_none() {
            return wrong("one lot at one tick is worth no whole number of 1e-8");
        }
        if self.min_price > self.max_price {
            return wrong("the lowest price is above the highest");
        }
        for limits in [self.limit, self.market] {
            if limits.min > limits.max || limits.step < Lots(1) {
                return wrong("the limits of its quantity contradict each other");
            }
        }
        Ok(())
    }
}

/// Every contract of a run, numbered in the order they were given. The order is the caller's to
/// store: a [`SymbolId`] means nothing beside another table.
#[derive(Debug, Clone, Default)]
pub struct Contracts {
    table: Vec<Contract>,
    names: Names,
}

impl Contracts {
    /// Numbers the contracts in the order given.
    ///
    /// # Errors
    /// [`Error::Contract`] for two of one name, limits that contradict each other, or a grid whose
    /// notional cannot be counted in whole 1e-8.
    pub fn new(contracts: impl IntoIterator<Item = Contract>) -> Result<Self, Error> {
        let table: Vec<Contract> = contracts.into_iter().collect();
        for contract in &table {
            contract.check()?;
        }
        let names = Names::new(&table)?;
        Ok(Self { table, names })
    }

    /// The number of a contract; none if it is not in the table.
    pub fn find(&self, name: &[u8]) -> Option<SymbolId> {
        self.names.find(name, &self.table)
    }

    /// The contract of a number; none if the number is of another table.
    pub fn get(&self, id: SymbolId) -> Option<&Contract> {
        self.table.get(id.0 as usize)
    }

    /// All of them, in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (SymbolId, &Contract)> {
        self.table.iter().enumerate().map(|(at, contract)| (SymbolId(at as u32), contract))
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}
