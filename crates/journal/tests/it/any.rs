//! Some events, for what only needs many of them: all kinds, in the mix of a live market.

use clock::Nanos;
use market::{
    AggregateTrade, Bar, Body, Event, Fixed8, Flags, Level, Lots, Sequence, Side, SymbolId, Ticks,
    Timeframe,
};

/// The event that a number stands for.
pub(crate) fn event(number: u64) -> Event {
    let n = number.cast_signed();
    let level = |at: i64| Level { price: Ticks(600_000 + at), quantity: Lots(1 + at % 97) };
    let side = if number.is_multiple_of(3) { Side::Buy } else { Side::Sell };
    let (price, quantity) = (Ticks(n % 1_000_000), Lots(1 + n % 50));
    let body = match number % 32 {
        0..12 => Body::BookTicker { bid: level(n % 1_000), ask: level(n % 1_000 + 1) },
        12 => {
            Body::DepthStart { first: number, last: number + 9, previous: number - 1, levels: 12 }
        }
        13..25 => Body::DepthLevel { side, level: level(n % 500) },
        25..29 => Body::Trade { id: number, price, quantity, aggressor: side },
        29 => {
            let (first, last, aggressor) = (number, number + 3, side);
            Body::AggregateTrade(AggregateTrade {
                id: number,
                first,
                last,
                price,
                quantity,
                aggressor,
            })
        }
        30 => Body::MarkPrice {
            mark: Fixed8(n),
            index: Fixed8(n + 1),
            rate: Fixed8(100),
            next: Nanos(n),
        },
        _ => {
            let (timeframe, open_time) = (Timeframe::M1, Nanos(n * 60_000_000_000));
            let (open, high, low, close) = (price, price, price, price);
            let volume = quantity;
            Body::Bar(Bar { timeframe, open_time, open, high, low, close, volume, flow: None })
        }
    };
    let (exchange, receive) = (Nanos(n * 1_000), Nanos(n * 1_000 + 300));
    let symbol = SymbolId((number % 20) as u32);
    Event { sequence: Sequence(number), exchange, receive, symbol, flags: Flags::NONE, body }
}
