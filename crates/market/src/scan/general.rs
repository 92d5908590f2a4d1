//! Frames of any form: the judge of what is accepted, and of the reason where it is not.

use clock::Nanos;
use serde_json::{Map, Value};

use super::{FrameKind, MAX_FRAME_BYTES, Reason, Sheet};
use crate::{
    AggregateTrade, Bar, Body, Contract, Contracts, Fixed8, Flags, Flow, Level, Notional, Refusal,
    Side, SymbolId, Timeframe,
};

pub(super) fn frame(
    bytes: &[u8],
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<FrameKind, Reason> {
    let document = parse(bytes)?;
    let outer = Fields::of(&document).map_err(|_| Reason::NoEvent)?;
    let event = match outer.map.get("data") {
        Some(data) if outer.map.contains_key("stream") => {
            Fields::of(data).map_err(|_| Reason::NoEvent)?
        }
        _ => outer,
    };
    if event.map.contains_key("lastUpdateId") {
        return Err(Reason::NamelessSnapshot);
    }
    let Some(kind) = event.map.get("e").and_then(Value::as_str) else {
        return Err(Reason::NoEvent);
    };
    match kind {
        "bookTicker" => book_ticker(event, contracts, sheet).map(|()| FrameKind::BookTicker),
        "depthUpdate" => depth(event, contracts, sheet).map(|()| FrameKind::Depth),
        "trade" => trade(event, contracts, sheet).map(|()| FrameKind::Trade),
        "aggTrade" => aggregate_trade(event, contracts, sheet).map(|()| FrameKind::AggregateTrade),
        "markPriceUpdate" => mark_price(event, contracts, sheet).map(|()| FrameKind::MarkPrice),
        "kline" => kline(event, contracts, sheet).map(|()| FrameKind::Kline),
        "forceOrder" => liquidation(event, contracts, sheet).map(|()| FrameKind::Liquidation),
        _ => Err(Reason::UnknownKind),
    }
}

pub(super) fn snapshot(
    bytes: &[u8],
    symbol: SymbolId,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<FrameKind, Reason> {
    let document = parse(bytes)?;
    let answer = Fields::of(&document)?;
    let contract = contracts.get(symbol).ok_or(Reason::UnknownSymbol)?;
    let time = answer.time("T")?;
    let start = Body::SnapshotStart { last: answer.number("lastUpdateId")?, levels: 0 };
    sheet.put(symbol, time, Flags::NONE, start);
    levels(answer, "bids", symbol, contract, time, Side::Buy, sheet)?;
    levels(answer, "asks", symbol, contract, time, Side::Sell, sheet)?;
    sheet.close_book().ok_or(Reason::Field)?;
    Ok(FrameKind::Snapshot)
}

fn parse(bytes: &[u8]) -> Result<Value, Reason> {
    if bytes.len() > MAX_FRAME_BYTES {
        return Err(Reason::TooLong);
    }
    serde_json::from_slice(bytes).map_err(|_| Reason::NotJson)
}

/// An object, its fields asked for by name and type.
#[derive(Clone, Copy)]
struct Fields<'a> {
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    fn of(value: &'a Value) -> Result<Self, Reason> {
        value.as_object().map(|map| Self { map }).ok_or(Reason::Field)
    }

    fn inner(self, name: &str) -> Result<Self, Reason> {
        Self::of(self.map.get(name).ok_or(Reason::Field)?)
    }

    fn text(self, name: &str) -> Result<&'a str, Reason> {
        self.map.get(name).and_then(Value::as_str).ok_or(Reason::Field)
    }

    fn number(self, name: &str) -> Result<u64, Reason> {
        self.map.get(name).and_then(Value::as_u64).ok_or(Reason::Field)
    }

    fn truth(self, name: &str) -> Result<bool, Reason> {
        self.map.get(name).and_then(Value::as_bool).ok_or(Reason::Field)
    }

    fn list(self, name: &str) -> Result<&'a [Value], Reason> {
        self.map.get(name).and_then(Value::as_array).map(Vec::as_slice).ok_or(Reason::Field)
    }

    fn time(self, name: &str) -> Result<Nanos, Reason> {
        super::time(self.number(name)?).ok_or(Reason::TimeUnit)
    }

    fn decimal<T>(
        self,
        name: &str,
        read: impl FnOnce(&[u8]) -> Result<T, Refusal>,
    ) -> Result<T, Reason> {
        read(self.text(name)?.as_bytes()).map_err(Reason::from)
    }

    /// An amount in 1e-8 that must be more than zero.
    fn positive(self, name: &str) -> Result<Fixed8, Reason> {
        match self.decimal(name, Fixed8::parse)? {
            Fixed8(..=-1) => Err(Reason::Negative),
            Fixed8(0) => Err(Reason::Zero),
            amount => Ok(amount),
        }
    }

    /// "Is the buyer the maker?": then a seller took.
    fn aggressor(self) -> Result<Side, Reason> {
        Ok(if self.truth("m")? { Side::Sell } else { Side::Buy })
    }

    fn symbol(self, contracts: &Contracts) -> Result<(SymbolId, &Contract), Reason> {
        let id = contracts.find(self.text("s")?.as_bytes()).ok_or(Reason::UnknownSymbol)?;
        Ok((id, contracts.get(id).ok_or(Reason::UnknownSymbol)?))
    }
}

fn book_ticker(
    event: Fields<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<(), Reason> {
    let (id, contract) = event.symbol(contracts)?;
    let side = |price: &str, quantity: &str| {
        Ok::<_, Reason>(Level {
            price: event.decimal(price, |text| contract.tick.price(text))?,
            quantity: event.decimal(quantity, |text| contract.lot.quantity_or_zero(text))?,
        })
    };
    let body = Body::BookTicker { bid: side("b", "B")?, ask: side("a", "A")? };
    sheet.put(id, event.time("T")?, Flags::NONE, body);
    Ok(())
}

fn depth(event: Fields<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Result<(), Reason> {
    let (id, contract) = event.symbol(contracts)?;
    let time = event.time("T")?;
    let (first, last, previous) = (event.number("U")?, event.number("u")?, event.number("pu")?);
    let start = Body::DepthStart { first, last, previous, levels: 0 };
    sheet.put(id, time, Flags::NONE, start);
    levels(event, "b", id, contract, time, Side::Buy, sheet)?;
    levels(event, "a", id, contract, time, Side::Sell, sheet)?;
    sheet.close_book().ok_or(Reason::Field)
}

fn levels(
    event: Fields<'_>,
    name: &str,
    symbol: SymbolId,
    contract: &Contract,
    time: Nanos,
    side: Side,
    sheet: &mut Sheet<'_>,
) -> Result<(), Reason> {
    for pair in event.list(name)? {
        let Some([Value::String(price), Value::String(quantity)]) =
            pair.as_array().map(Vec::as_slice)
        else {
            return Err(Reason::Field);
        };
        let price = contract.tick.price(price.as_bytes())?;
        let quantity = contract.lot.quantity_or_zero(quantity.as_bytes())?;
        sheet.level(symbol, time, side, Level { price, quantity });
    }
    Ok(())
}

fn trade(event: Fields<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Result<(), Reason> {
    let (symbol, contract) = event.symbol(contracts)?;
    match event.map.get("X").map(Value::as_str) {
        // Absent on venues that list trades of the market only.
        None | Some(Some("MARKET")) => {}
        Some(Some("INSURANCE_FUND")) => return Err(Reason::InsuranceFund),
        Some(Some("ADL")) => return Err(Reason::AutoDeleverage),
        Some(Some("NA")) => return Err(Reason::NotATrade),
        Some(Some(_)) => return Err(Reason::UnknownTradeKind),
        Some(None) => return Err(Reason::Field),
    }
    let body = Body::Trade {
        id: event.number("t")?,
        price: event.decimal("p", |text| contract.tick.price(text))?,
        quantity: event.decimal("q", |text| contract.lot.quantity(text))?,
        aggressor: event.aggressor()?,
    };
    sheet.put(symbol, event.time("T")?, Flags::NONE, body);
    Ok(())
}

fn aggregate_trade(
    event: Fields<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<(), Reason> {
    let (symbol, contract) = event.symbol(contracts)?;
    let trade = AggregateTrade {
        id: event.number("a")?,
        first: event.number("f")?,
        last: event.number("l")?,
        price: event.decimal("p", |text| contract.tick.price(text))?,
        quantity: event.decimal("q", |text| contract.lot.quantity(text))?,
        aggressor: event.aggressor()?,
    };
    sheet.put(symbol, event.time("T")?, Flags::NONE, Body::AggregateTrade(trade));
    Ok(())
}

fn mark_price(
    event: Fields<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<(), Reason> {
    let (id, _) = event.symbol(contracts)?;
    let body = Body::MarkPrice {
        mark: event.positive("p")?,
        index: event.positive("i")?,
        rate: event.decimal("r", Fixed8::parse)?,
        next: event.time("T")?,
    };
    sheet.put(id, event.time("E")?, Flags::NONE, body);
    Ok(())
}

fn kline(event: Fields<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Result<(), Reason> {
    let (id, contract) = event.symbol(contracts)?;
    let k = event.inner("k")?;
    if k.map.get("s").is_some_and(|inner| inner.as_str() != Some(contract.name.as_str())) {
        return Err(Reason::TwoSymbols);
    }
    let price = |name| k.decimal(name, |text| contract.tick.price(text));
    let quantity = |name| k.decimal(name, |text| contract.lot.quantity_or_zero(text));
    let flow = Flow {
        taker_buy: quantity("V")?,
        quote: k.decimal("q", Notional::parse)?,
        trades: k.number("n")?,
    };
    let bar = Bar {
        timeframe: Timeframe::named(k.text("i")?.as_bytes()).ok_or(Reason::UnknownTimeframe)?,
        open_time: k.time("t")?,
        open: price("o")?,
        high: price("h")?,
        low: price("l")?,
        close: price("c")?,
        volume: quantity("v")?,
        flow: Some(flow),
    };
    let flags = if k.truth("x")? { Flags::CLOSED } else { Flags::NONE };
    sheet.put(id, event.time("E")?, flags, Body::Bar(bar));
    Ok(())
}

fn liquidation(
    event: Fields<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Result<(), Reason> {
    let o = event.inner("o")?;
    let (id, contract) = o.symbol(contracts)?;
    let side = match o.text("S")? {
        "BUY" => Side::Buy,
        "SELL" => Side::Sell,
        _ => return Err(Reason::Field),
    };
    let body = Body::Liquidation {
        side,
        price: o.decimal("p", |text| contract.tick.price(text))?,
        average: o.positive("ap")?,
        quantity: o.decimal("z", |text| contract.lot.quantity(text))?,
    };
    sheet.put(id, o.time("T")?, Flags::NONE, body);
    Ok(())
}
