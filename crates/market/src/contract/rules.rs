use crate::{Contract, Fixed8, Lots, Order, OrderKind, Rejection, Side, Status, Ticks};

impl Contract {
    /// Whether the venue's filters let an order in: `mark` is the mark price, by which market
    /// orders are valued and limit orders held to the band; without one neither is asked.
    ///
    /// Source: the venue's PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE, MIN_NOTIONAL and PERCENT_PRICE.
    ///
    /// # Errors
    /// The first filter that says no.
    pub fn admits(&self, order: &Order, mark: Option<Fixed8>) -> Result<(), Rejection> {
        if self.status != Status::Trading {
            return Err(Rejection::Closed);
        }
        let (limits, price) = match order.kind {
            OrderKind::Market => (self.market, None),
            OrderKind::Limit { price, .. } => (self.limit, Some(price)),
            OrderKind::Stop { trigger } | OrderKind::TakeProfit { trigger } => {
                self.on_range(trigger)?;
                (self.market, None)
            }
        };
        if let Some(price) = price {
            self.on_range(price)?;
            self.in_band(order.side, price, mark)?;
        }
        let quantity = order.quantity;
        if quantity < limits.min || quantity > limits.max || quantity.0 % limits.step.0 != 0 {
            return Err(Rejection::Quantity);
        }
        if order.reduce_only {
            return Ok(());
        }
        let worth = match (order.kind, mark) {
            (OrderKind::Limit { price, .. }, _) => self.notional(price, quantity),
            (OrderKind::Stop { trigger } | OrderKind::TakeProfit { trigger }, _) => {
                self.notional(trigger, quantity)
            }
            (OrderKind::Market, Some(mark)) => self.value(mark, quantity),
            (OrderKind::Market, None) => return Ok(()),
        };
        match worth {
            Some(worth) if worth >= self.min_notional => Ok(()),
            _ => Err(Rejection::Notional),
        }
    }

    /// The largest quantity of at most `quantity` that a market order may have; zero if none.
    pub fn floor_market(&self, quantity: Lots) -> Lots {
        let whole =
            Lots(quantity.0.min(self.market.max.0) / self.market.step.0 * self.market.step.0);
        if whole < self.market.min { Lots(0) } else { whole }
    }

    fn on_range(&self, price: Ticks) -> Result<(), Rejection> {
        if price < self.min_price || price > self.max_price {
            return Err(Rejection::Price);
        }
        Ok(())
    }

    fn in_band(&self, side: Side, price: Ticks, mark: Option<Fixed8>) -> Result<(), Rejection> {
        let (Some(band), Some(mark)) = (self.band, mark) else { return Ok(()) };
        let price = self.fine(price).ok_or(Rejection::Price)?;
        let scaled = |by: Fixed8| i128::from(mark.0) * i128::from(by.0);
        let price = i128::from(price.0) * i128::from(Fixed8::ONE.0);
        let inside = match side {
            Side::Buy => price <= scaled(band.up),
            Side::Sell => price >= scaled(band.down),
        };
        if inside { Ok(()) } else { Err(Rejection::Band) }
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::{PriceBand, QuantityLimits};
    use crate::{
        ClientId, Contract, Fixed8, Lots, Notional, Order, OrderKind, Rejection, Side, Status,
        Step, SymbolId, Ticks, TimeInForce,
    };

    fn contract() -> Contract {
        let limits = QuantityLimits { min: Lots(1), max: Lots(1_000), step: Lots(1) };
        Contract {
            name: "BTCUSDT".to_owned(),
            kind: "PERPETUAL".to_owned(),
            quote: "USDT".to_owned(),
            status: Status::Trading,
            tick: Step::parse(b"0.1").unwrap(),
            lot: Step::parse(b"0.001").unwrap(),
            min_price: Ticks(1_000),
            max_price: Ticks(10_000_000),
            limit: limits,
            market: QuantityLimits { max: Lots(120), step: Lots(5), min: Lots(5) },
            min_notional: Notional::whole(50),
            band: Some(PriceBand { up: Fixed8(105_000_000), down: Fixed8(95_000_000) }),
        }
    }

    fn limit(side: Side, price: i64, quantity: i64) -> Order {
        let kind = OrderKind::Limit { price: Ticks(price), time_in_force: TimeInForce::Gtc };
        Order {
            client: ClientId(1),
            symbol: SymbolId(0),
            side,
            quantity: Lots(quantity),
            kind,
            reduce_only: false,
        }
    }

    const MARK: Option<Fixed8> = Some(Fixed8::whole(60_000));

    #[test]
    fn each_filter_has_its_own_answer() {
        let contract = contract();
        let admits = |order: Order| contract.admits(&order, MARK);
        assert_eq!(admits(limit(Side::Buy, 600_000, 10)), Ok(()));
        assert_eq!(admits(limit(Side::Buy, 999, 10)), Err(Rejection::Price));
        assert_eq!(admits(limit(Side::Buy, 630_000, 10)), Ok(()));
        assert_eq!(admits(limit(Side::Buy, 630_001, 10)), Err(Rejection::Band));
        assert_eq!(admits(limit(Side::Sell, 569_999, 10)), Err(Rejection::Band));
        assert_eq!(admits(limit(Side::Sell, 600_000, 1_001)), Err(Rejection::Quantity));
        // 0.001 of 49,999.9 is below 50; a reduction of the same worth may be.
        let cheap = Order { reduce_only: false, ..limit(Side::Buy, 499_999, 1) };
        assert_eq!(contract.admits(&cheap, None), Err(Rejection::Notional));
        assert_eq!(contract.admits(&Order { reduce_only: true, ..cheap }, None), Ok(()));
        let closed = Contract { status: Status::Closed, ..contract.clone() };
        assert_eq!(closed.admits(&limit(Side::Buy, 600_000, 10), MARK), Err(Rejection::Closed));
    }

    #[test]
    fn market_orders_have_their_own_grid_and_are_valued_at_the_mark() {
        let contract = contract();
        let market = |quantity| Order { kind: OrderKind::Market, ..limit(Side::Buy, 1, quantity) };
        assert_eq!(contract.admits(&market(10), MARK), Ok(()));
        assert_eq!(contract.admits(&market(12), MARK), Err(Rejection::Quantity));
        assert_eq!(contract.admits(&market(125), MARK), Err(Rejection::Quantity));
        assert_eq!(
            contract.admits(&market(5), Some(Fixed8::whole(9_999))),
            Err(Rejection::Notional)
        );
        let floors = [4, 5, 9, 124, 5_000].map(|lots| contract.floor_market(Lots(lots)).0);
        assert_eq!(floors, [0, 5, 5, 120, 120]);
    }
}
