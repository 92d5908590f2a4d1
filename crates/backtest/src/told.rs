use journal::contracts::Listed;
use market::{Body, Event, Flags, Level, Lots, Side, Ticks};
use serde_json::{Value, json};

/// An event in words and as JSON, its prices and quantities as the venue writes them; in steps
/// where nobody says what a step is.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    event: &'a Event,
    listed: Option<&'a Listed>,
}

impl<'a> Told<'a> {
    /// An event of these contracts, in the order of their numbers.
    pub fn new(event: &'a Event, contracts: &'a [Listed]) -> Self {
        Self { event, listed: contracts.get(event.symbol.0 as usize) }
    }

    /// One line.
    pub fn line(&self) -> String {
        let Event { sequence, receive, .. } = self.event;
        format!("{} {receive} {} {}", sequence.0, self.name(), self.words())
    }

    /// One object.
    pub fn json(&self) -> Value {
        let Event { sequence, exchange, receive, flags, .. } = self.event;
        let flags: Vec<&str> =
            FLAGS.into_iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, name)| name).collect();
        let mut all = json!({
            "sequence": sequence.0,
            "exchange_ns": exchange.0,
            "receive_ns": receive.0,
            "contract": self.name(),
            "flags": flags,
        });
        let (kind, what) = self.fields();
        all["kind"] = kind.into();
        all[kind] = what;
        all
    }

    fn name(&self) -> String {
        match self.listed {
            Some(listed) => listed.name.clone(),
            None => format!("#{}", self.event.symbol.0),
        }
    }

    fn words(&self) -> String {
        let (price, lots) = (|ticks| self.price(ticks), |lots| self.lots(lots));
        match self.event.body {
            Body::BookTicker { bid, ask } => {
                let (bids, asks) = (lots(bid.quantity), lots(ask.quantity));
                format!("ticker: {bids} at {} / {asks} at {}", price(bid.price), price(ask.price))
            }
            Body::DepthStart { first, last, previous, levels } => {
                format!("change {first} to {last} after {previous}, {levels} levels")
            }
            Body::SnapshotStart { last, levels } => format!("book as of {last}, {levels} levels"),
            Body::DepthLevel { side, level: Level { price: at, quantity } } => {
                let side = if side == Side::Buy { "bid" } else { "ask" };
                format!("level: {side} {} at {}", lots(quantity), price(at))
            }
            Body::Trade { id, price: at, quantity, aggressor } => {
                format!("trade {id}: {} {} at {}", act(aggressor), lots(quantity), price(at))
            }
            Body::AggregateTrade(t) => {
                let (what, at) = (lots(t.quantity), price(t.price));
                let (first, last) = (t.first, t.last);
                format!("trades {first} to {last}: {} {what} at {at}", act(t.aggressor))
            }
            Body::Bar(bar) => {
                let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(price);
                let (length, volume) = (bar.timeframe.name(), lots(bar.volume));
                let is_closed = self.event.flags.has(Flags::CLOSED);
                let state = if is_closed { "" } else { ", not closed" };
                format!("bar {length}: {open} {high} {low} {close}, volume {volume}{state}")
            }
            Body::MarkPrice { mark, index, rate, next } => {
                format!("mark {mark}, index {index}, rate {rate} due {next}")
            }
            Body::Funding { rate, mark } => {
                let at = mark.map_or(String::new(), |mark| format!(" at {mark}"));
                format!("funding {rate}{at}")
            }
            Body::Liquidation { side, price: at, average, quantity } => {
                let (what, at) = (lots(quantity), price(at));
                format!("liquidation: {} {what} at {at}, got {average}", act(side))
            }
        }
    }

    /// The kind of the event, and what it says.
    fn fields(&self) -> (&'static str, Value) {
        let (price, lots) = (|ticks| self.price(ticks), |lots| self.lots(lots));
        let level = |at: Level| json!({ "price": price(at.price), "quantity": lots(at.quantity) });
        match self.event.body {
            Body::BookTicker { bid, ask } => {
                ("ticker", json!({ "bid": level(bid), "ask": level(ask) }))
            }
            Body::DepthStart { first, last, previous, levels } => (
                "change",
                json!({ "first": first, "last": last, "previous": previous, "levels": levels }),
            ),
            Body::SnapshotStart { last, levels } => {
                ("book", json!({ "last": last, "levels": levels }))
            }
            Body::DepthLevel { side, level: at } => {
                let side = if side == Side::Buy { "bid" } else { "ask" };
                ("level", json!({ "side": side, "level": level(at) }))
            }
            Body::Trade { id, price: at, quantity, aggressor } => {
                let at = level(Level { price: at, quantity });
                ("trade", json!({ "id": id, "level": at, "taker": act(aggressor) }))
            }
            Body::AggregateTrade(t) => {
                let at = level(Level { price: t.price, quantity: t.quantity });
                let taker = act(t.aggressor);
                let (first, last) = (t.first, t.last);
                let of = json!({ "id": t.id, "first": first, "last": last, "level": at, "taker": taker });
                ("trades", of)
            }
            Body::Bar(bar) => {
                let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(price);
                let flow = bar.flow.map(|flow| {
                    let (taker_buy, quote) = (lots(flow.taker_buy), flow.quote.to_string());
                    json!({ "taker_buy": taker_buy, "quote": quote, "trades": flow.trades })
                });
                let of = json!({
                    "length": bar.timeframe.name(),
                    "open_ns": bar.open_time.0,
                    "open": open,
                    "high": high,
                    "low": low,
                    "close": close,
                    "volume": lots(bar.volume),
                    "flow": flow,
                });
                ("bar", of)
            }
            Body::MarkPrice { mark, index, rate, next } => {
                let [mark, index, rate] = [mark, index, rate].map(|number| number.to_string());
                let of = json!({ "mark": mark, "index": index, "rate": rate, "next_ns": next.0 });
                ("mark", of)
            }
            Body::Funding { rate, mark } => {
                let mark = mark.map(|mark| mark.to_string());
                ("funding", json!({ "rate": rate.to_string(), "mark": mark }))
            }
            Body::Liquidation { side, price: at, average, quantity } => {
                let (at, average) = (level(Level { price: at, quantity }), average.to_string());
                ("liquidation", json!({ "side": act(side), "level": at, "average": average }))
            }
        }
    }

    fn price(&self, price: Ticks) -> String {
        match self.listed {
            Some(listed) => listed.tick.show_price(price).to_string(),
            None => format!("{} ticks", price.0),
        }
    }

    fn lots(&self, quantity: Lots) -> String {
        match self.listed {
            Some(listed) => listed.lot.show_quantity(quantity).to_string(),
            None => format!("{} lots", quantity.0),
        }
    }
}

const FLAGS: [(Flags, &str); 5] = [
    (Flags::LAST, "last"),
    (Flags::CLOSED, "closed"),
    (Flags::SYNTHETIC, "synthetic"),
    (Flags::GAP, "gap"),
    (Flags::REPAIRED, "repaired"),
];

fn act(side: Side) -> &'static str {
    match side {
        Side::Buy => "buy",
        Side::Sell => "sell",
    }
}

#[cfg(test)]
mod tests {
    use clock::Nanos;
    use journal::contracts::Listed;
    use market::{Body, Event, Fixed8, Flags, Lots, Sequence, Side, Step, SymbolId, Ticks};

    use super::Told;

    fn event(body: Body) -> Event {
        let at = Nanos(1_723_161_256_313_000_000);
        let (sequence, flags) = (Sequence(7), Flags::LAST);
        Event { sequence, exchange: at, receive: at, symbol: SymbolId(0), flags, body }
    }

    #[test]
    fn numbers_are_as_the_venue_writes_them_where_the_grid_is_known() {
        let step = |text: &str| Step::parse(text.as_bytes()).unwrap();
        let listed = [Listed { name: "BTCUSDT".to_owned(), tick: step("0.1"), lot: step("0.001") }];
        let (price, quantity, aggressor) = (Ticks(610_001), Lots(2), Side::Sell);
        let trade = event(Body::Trade { id: 5, price, quantity, aggressor });
        let told = Told::new(&trade, &listed);
        assert_eq!(
            told.line(),
            "7 2024-08-08 23:54:16.313000000 BTCUSDT trade 5: sell 0.002 at 61000.1"
        );
        let json = told.json();
        assert_eq!((&json["contract"], &json["flags"][0]), (&"BTCUSDT".into(), &"last".into()));
        assert_eq!(json["trade"]["level"]["price"], "61000.1");
        let unknown = Told::new(&trade, &[]).line();
        assert!(unknown.ends_with("#0 trade 5: sell 2 lots at 610001 ticks"), "{unknown}");
        let funding = event(Body::Funding { rate: Fixed8(-10_000), mark: None });
        assert!(Told::new(&funding, &listed).line().ends_with("funding -0.00010000"));
    }
}
