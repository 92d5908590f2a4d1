//! Any event at all, for properties.

use clock::Nanos;
use market::{
    AggregateTrade, Bar, Body, Event, Fixed8, Flags, Flow, Level, Lots, Notional, Sequence, Side,
    SymbolId, Ticks, Timeframe,
};
use proptest::prelude::{Just, Strategy, any, prop_oneof};

fn level() -> impl Strategy<Value = Level> {
    any::<(i64, i64)>().prop_map(|(p, q)| Level { price: Ticks(p), quantity: Lots(q) })
}

fn side() -> impl Strategy<Value = Side> {
    any::<bool>().prop_map(|buy| if buy { Side::Buy } else { Side::Sell })
}

fn flow() -> impl Strategy<Value = Option<Flow>> {
    any::<Option<(i64, i128, u64)>>().prop_map(|flow| {
        flow.map(|(t, q, trades)| Flow { taker_buy: Lots(t), quote: Notional(q), trades })
    })
}

fn bar() -> impl Strategy<Value = Bar> {
    (0_usize..7, any::<[i64; 6]>(), flow()).prop_map(|(timeframe, [t, o, h, l, c, v], flow)| Bar {
        timeframe: Timeframe::ALL[timeframe],
        open_time: Nanos(t),
        open: Ticks(o),
        high: Ticks(h),
        low: Ticks(l),
        close: Ticks(c),
        volume: Lots(v),
        flow,
    })
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        (level(), level()).prop_map(|(bid, ask)| Body::BookTicker { bid, ask }),
        any::<(u64, u64, u64, u32)>().prop_map(|(first, last, previous, levels)| {
            Body::DepthStart { first, last, previous, levels }
        }),
        any::<(u64, u32)>().prop_map(|(last, levels)| Body::SnapshotStart { last, levels }),
        (side(), level()).prop_map(|(side, level)| Body::DepthLevel { side, level }),
        (any::<u64>(), level(), side()).prop_map(|(id, l, aggressor)| Body::Trade {
            id,
            price: l.price,
            quantity: l.quantity,
            aggressor
        }),
        (any::<[u64; 3]>(), level(), side()).prop_map(|([id, first, last], l, aggressor)| {
            let (price, quantity) = (l.price, l.quantity);
            Body::AggregateTrade(AggregateTrade { id, first, last, price, quantity, aggressor })
        }),
        bar().prop_map(Body::Bar),
        any::<[i64; 4]>().prop_map(|[m, i, r, n]| Body::MarkPrice {
            mark: Fixed8(m),
            index: Fixed8(i),
            rate: Fixed8(r),
            next: Nanos(n)
        }),
        any::<(i64, Option<i64>)>()
            .prop_map(|(r, m)| Body::Funding { rate: Fixed8(r), mark: m.map(Fixed8) }),
        (side(), any::<[i64; 3]>()).prop_map(|(side, [p, a, q])| Body::Liquidation {
            side,
            price: Ticks(p),
            average: Fixed8(a),
            quantity: Lots(q)
        }),
    ]
}

fn flags() -> impl Strategy<Value = Flags> {
    any::<[bool; 5]>().prop_map(|set| {
        let all = [Flags::LAST, Flags::CLOSED, Flags::SYNTHETIC, Flags::GAP, Flags::REPAIRED];
        all.into_iter()
            .zip(set)
            .filter(|(_, on)| *on)
            .fold(Flags::NONE, |f, (flag, _)| f.with(flag))
    })
}

/// Any event of any of `symbols` contracts, however absurd its numbers.
pub(crate) fn event(symbols: u32) -> impl Strategy<Value = Event> {
    (Just(Sequence(7)), any::<(i64, i64)>(), 0..symbols, flags(), body()).prop_map(
        |(sequence, (exchange, receive), symbol, flags, body)| Event {
            sequence,
            exchange: Nanos(exchange),
            receive: Nanos(receive),
            symbol: SymbolId(symbol),
            flags,
            body,
        },
    )
}
