//! Two contracts, and orders and fills of them.

use clock::Nanos;
use market::{
    ClientId, Contract, Contracts, Fill, Fixed8, Liquidity, Lots, Notional, Order, OrderId,
    OrderKind, QuantityLimits, Side, Status, Step, SymbolId, Ticks, TradeId,
};

pub(crate) const BTC: SymbolId = SymbolId(0);
pub(crate) const ETH: SymbolId = SymbolId(1);

pub(crate) fn contracts() -> Contracts {
    let limits = QuantityLimits { min: Lots(1), max: Lots(1_000_000_000), step: Lots(1) };
    let contract = |name: &str, tick: &[u8], lot: &[u8]| Contract {
        name: name.to_owned(),
        kind: "PERPETUAL".to_owned(),
        quote: "USDT".to_owned(),
        status: Status::Trading,
        tick: Step::parse(tick).unwrap(),
        lot: Step::parse(lot).unwrap(),
        min_price: Ticks(1),
        max_price: Ticks(1_000_000_000),
        limit: limits,
        market: limits,
        min_notional: Notional::whole(5),
        band: None,
    };
    Contracts::new([contract("BTCUSDT", b"0.1", b"0.001"), contract("ETHUSDT", b"0.01", b"0.001")])
        .unwrap()
}

pub(crate) fn fill(trade: u64, symbol: SymbolId, side: Side, price: i64, quantity: i64) -> Fill {
    Fill {
        client: ClientId(1),
        order: OrderId(1),
        trade: TradeId(trade),
        symbol,
        side,
        price: Ticks(price),
        quantity: Lots(quantity),
        fee: Fixed8(0),
        liquidity: Liquidity::Taker,
        time: Nanos(trade as i64),
    }
}

pub(crate) fn market_order(client: u64, side: Side, quantity: i64) -> Order {
    Order {
        client: ClientId(client),
        symbol: BTC,
        side,
        quantity: Lots(quantity),
        kind: OrderKind::Market,
        reduce_only: false,
    }
}
