use market::{Body, Contracts, Event, Flags, Sequence, Side, SymbolId, Timeframe, TradeBars};

use super::Feed;

impl Feed {
    /// The same with minutes built from trades, for every contract that has trades and no bars: told
    /// with the first event at which their end is known, and before it.
    pub fn with_bars_from_trades(self, contracts: &Contracts) -> Self {
        let mut makers: Vec<Option<TradeBars>> = contracts
            .iter()
            .map(|(symbol, contract)| {
                let wanted = lacks_bars(self.events(), symbol);
                wanted.then(|| TradeBars::new(Timeframe::M1, contract.clone()))
            })
            .collect();
        if makers.iter().all(Option::is_none) {
            return self;
        }
        let mut told = Vec::with_capacity(self.events().len());
        let mut closed = Vec::new();
        for event in self.events() {
            if let Some(Some(maker)) = makers.get_mut(event.symbol.0 as usize) {
                maker.advance(event.exchange, &mut closed);
                if let Some((price, quantity, aggressor, count)) = traded(&event.body) {
                    // A trade that is late or beyond counting is in no bar, and still in the feed.
                    maker.push(event.exchange, price, quantity, aggressor, count, &mut closed);
                }
                told.extend(closed.drain(..).map(|(bar, flags)| Event {
                    sequence: Sequence(0),
                    exchange: bar.end(),
                    receive: event.receive,
                    symbol: event.symbol,
                    flags,
                    body: Body::Bar(bar),
                }));
            }
            told.push(*event);
        }
        Self::of(told)
    }
}

fn lacks_bars(events: &[Event], symbol: SymbolId) -> bool {
    let mut own = events.iter().filter(|event| event.symbol == symbol);
    let has_trades = own.clone().any(|event| traded(&event.body).is_some());
    let is_closed = |event: &Event| event.flags.has(Flags::CLOSED);
    has_trades && !own.any(|event| matches!(event.body, Body::Bar(_)) && is_closed(event))
}

/// Price, quantity, who took, and how many trades.
fn traded(body: &Body) -> Option<(market::Ticks, market::Lots, Side, u64)> {
    match body {
        Body::Trade { price, quantity, aggressor, .. } => Some((*price, *quantity, *aggressor, 1)),
        Body::AggregateTrade(trade) => {
            let count = trade.last.saturating_sub(trade.first).saturating_add(1);
            Some((trade.price, trade.quantity, trade.aggressor, count))
        }
        _ => None,
    }
}
