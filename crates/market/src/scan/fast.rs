//! The forms of frames that are known, key by key: those of the capture of 2024 and those the
//! venue documents today. None is the answer to anything else.

use clock::Nanos;

use super::cursor::Cursor;
use super::{FrameKind, MAX_FRAME_BYTES, Sheet};
use crate::{
    AggregateTrade, Bar, Body, Contract, Contracts, Flags, Flow, Level, Side, SymbolId, Timeframe,
};

pub(super) fn frame(
    bytes: &[u8],
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<FrameKind> {
    if bytes.len() > MAX_FRAME_BYTES {
        return None;
    }
    let mut cursor = Cursor::new(bytes);
    let wrapped = cursor.eat_if(b"{\"stream\":\"");
    if wrapped {
        cursor.plain_text()?;
        cursor.eat(b",\"data\":")?;
    }
    cursor.eat(b"{\"e\":\"")?;
    let kind = event(&mut cursor, contracts, sheet)?;
    pair(&mut cursor)?;
    cursor.eat(b"}")?;
    if wrapped {
        cursor.eat(b"}")?;
    }
    cursor.end()?;
    Some(kind)
}

pub(super) fn snapshot(
    bytes: &[u8],
    symbol: SymbolId,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<()> {
    if bytes.len() > MAX_FRAME_BYTES {
        return None;
    }
    let cursor = &mut Cursor::new(bytes);
    let contract = contracts.get(symbol)?;
    cursor.eat(b"{\"lastUpdateId\":")?;
    let last = cursor.number()?;
    cursor.eat(b",\"E\":")?;
    cursor.time()?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    sheet.put(symbol, time, Flags::NONE, Body::SnapshotStart { last, levels: 0 });
    cursor.eat(b",\"bids\":[")?;
    levels(cursor, symbol, contract, time, Side::Buy, sheet)?;
    cursor.eat(b",\"asks\":[")?;
    levels(cursor, symbol, contract, time, Side::Sell, sheet)?;
    cursor.eat(b"}")?;
    cursor.end()?;
    sheet.close_book()
}

#[inline(always)]
fn event(
    cursor: &mut Cursor<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<FrameKind> {
    if cursor.eat_if(b"bookTicker\",\"u\":") {
        book_ticker(cursor, contracts, sheet)?;
        return Some(FrameKind::BookTicker);
    }
    if cursor.eat_if(b"trade\",\"E\":") {
        trade(cursor, contracts, sheet)?;
        return Some(FrameKind::Trade);
    }
    if cursor.eat_if(b"depthUpdate\",\"E\":") {
        depth(cursor, contracts, sheet)?;
        return Some(FrameKind::Depth);
    }
    if cursor.eat_if(b"aggTrade\",\"E\":") {
        aggregate_trade(cursor, contracts, sheet)?;
        return Some(FrameKind::AggregateTrade);
    }
    if cursor.eat_if(b"markPriceUpdate\",\"E\":") {
        mark_price(cursor, contracts, sheet)?;
        return Some(FrameKind::MarkPrice);
    }
    if cursor.eat_if(b"kline\",\"E\":") {
        kline(cursor, contracts, sheet)?;
        return Some(FrameKind::Kline);
    }
    cursor.eat(b"forceOrder\",\"E\":")?;
    liquidation(cursor, contracts, sheet)?;
    Some(FrameKind::Liquidation)
}

/// The name of a contract and its closing quote.
#[inline(always)]
fn symbol<'a>(
    cursor: &mut Cursor<'_>,
    contracts: &'a Contracts,
) -> Option<(SymbolId, &'a Contract)> {
    let id = contracts.find(cursor.name()?)?;
    Some((id, contracts.get(id)?))
}

#[inline(always)]
fn book_ticker(
    cursor: &mut Cursor<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<()> {
    cursor.number()?;
    // The documented order has its times first, the capture of 2024 last.
    if cursor.eat_if(b",\"E\":") {
        cursor.time()?;
        cursor.eat(b",\"T\":")?;
        let time = cursor.time()?;
        cursor.eat(b",\"s\":\"")?;
        let (id, contract) = symbol(cursor, contracts)?;
        pair(cursor)?;
        let (bid, ask) = quotes(cursor, contract)?;
        sheet.put(id, time, Flags::NONE, Body::BookTicker { bid, ask });
        return Some(());
    }
    cursor.eat(b",\"s\":\"")?;
    let (id, contract) = symbol(cursor, contracts)?;
    let (bid, ask) = quotes(cursor, contract)?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    cursor.eat(b",\"E\":")?;
    cursor.time()?;
    sheet.put(id, time, Flags::NONE, Body::BookTicker { bid, ask });
    Some(())
}

#[inline(always)]
fn quotes(cursor: &mut Cursor<'_>, contract: &Contract) -> Option<(Level, Level)> {
    cursor.eat(b",\"b\":\"")?;
    let price = cursor.price(contract.tick)?;
    cursor.eat(b",\"B\":\"")?;
    let bid = Level { price, quantity: cursor.quantity_or_zero(contract.lot)? };
    cursor.eat(b",\"a\":\"")?;
    let price = cursor.price(contract.tick)?;
    cursor.eat(b",\"A\":\"")?;
    let ask = Level { price, quantity: cursor.quantity_or_zero(contract.lot)? };
    Some((bid, ask))
}

/// The pair a contract belongs to and its market, in frames since 2026: beside the name or at the
/// end. 1 is this market; the coin-margined one (2) is for the general reader to judge.
#[inline(always)]
fn pair(cursor: &mut Cursor<'_>) -> Option<()> {
    if cursor.eat_if(b",\"ps\":\"") {
        cursor.plain_text()?;
    }
    cursor.eat_if(b",\"st\":1");
    Some(())
}

fn depth(cursor: &mut Cursor<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Option<()> {
    cursor.time()?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    cursor.eat(b",\"s\":\"")?;
    let (id, contract) = symbol(cursor, contracts)?;
    pair(cursor)?;
    cursor.eat(b",\"U\":")?;
    let first = cursor.number()?;
    cursor.eat(b",\"u\":")?;
    let last = cursor.number()?;
    cursor.eat(b",\"pu\":")?;
    let previous = cursor.number()?;
    let start = Body::DepthStart { first, last, previous, levels: 0 };
    sheet.put(id, time, Flags::NONE, start);
    cursor.eat(b",\"b\":[")?;
    levels(cursor, id, contract, time, Side::Buy, sheet)?;
    cursor.eat(b",\"a\":[")?;
    levels(cursor, id, contract, time, Side::Sell, sheet)?;
    sheet.close_book()
}

/// Levels up to and with the closing bracket of their list.
#[inline(always)]
fn levels(
    cursor: &mut Cursor<'_>,
    symbol: SymbolId,
    contract: &Contract,
    time: Nanos,
    side: Side,
    sheet: &mut Sheet<'_>,
) -> Option<()> {
    if cursor.eat_if(b"]") {
        return Some(());
    }
    loop {
        cursor.eat(b"[\"")?;
        let price = cursor.price(contract.tick)?;
        cursor.eat(b",\"")?;
        let quantity = cursor.quantity_or_zero(contract.lot)?;
        cursor.eat(b"]")?;
        sheet.level(symbol, time, side, Level { price, quantity });
        if !cursor.eat_if(b",") {
            return cursor.eat(b"]");
        }
    }
}

fn trade(cursor: &mut Cursor<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Option<()> {
    cursor.time()?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    cursor.eat(b",\"s\":\"")?;
    let (symbol, contract) = symbol(cursor, contracts)?;
    cursor.eat(b",\"t\":")?;
    let id = cursor.number()?;
    cursor.eat(b",\"p\":\"")?;
    let price = cursor.price(contract.tick)?;
    cursor.eat(b",\"q\":\"")?;
    let quantity = cursor.quantity(contract.lot)?;
    // Any other kind is no trade in the market; the general reader names it.
    cursor.eat(b",\"X\":\"MARKET\",\"m\":")?;
    let aggressor = aggressor(cursor)?;
    sheet.put(symbol, time, Flags::NONE, Body::Trade { id, price, quantity, aggressor });
    Some(())
}

/// "Is the buyer the maker?": then a seller took.
#[inline(always)]
fn aggressor(cursor: &mut Cursor<'_>) -> Option<Side> {
    truth(cursor).map(|buyer_is_maker| if buyer_is_maker { Side::Sell } else { Side::Buy })
}

#[inline(always)]
fn truth(cursor: &mut Cursor<'_>) -> Option<bool> {
    if cursor.eat_if(b"true") {
        return Some(true);
    }
    cursor.eat(b"false").map(|()| false)
}

fn aggregate_trade(
    cursor: &mut Cursor<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<()> {
    cursor.time()?;
    cursor.eat(b",\"s\":\"")?;
    let (symbol, contract) = symbol(cursor, contracts)?;
    cursor.eat(b",\"a\":")?;
    let id = cursor.number()?;
    cursor.eat(b",\"p\":\"")?;
    let price = cursor.price(contract.tick)?;
    cursor.eat(b",\"q\":\"")?;
    let quantity = cursor.quantity(contract.lot)?;
    if cursor.eat_if(b",\"nq\":\"") {
        cursor.plain_text()?;
    }
    cursor.eat(b",\"f\":")?;
    let first = cursor.number()?;
    cursor.eat(b",\"l\":")?;
    let last = cursor.number()?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    cursor.eat(b",\"m\":")?;
    let aggressor = aggressor(cursor)?;
    let trade = AggregateTrade { id, first, last, price, quantity, aggressor };
    sheet.put(symbol, time, Flags::NONE, Body::AggregateTrade(trade));
    Some(())
}

fn mark_price(cursor: &mut Cursor<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Option<()> {
    let time = cursor.time()?;
    cursor.eat(b",\"s\":\"")?;
    let (id, _) = symbol(cursor, contracts)?;
    cursor.eat(b",\"p\":\"")?;
    let mark = cursor.fixed().filter(|mark| mark.0 > 0)?;
    cursor.eat(b",\"i\":\"")?;
    let index = cursor.fixed().filter(|index| index.0 > 0)?;
    cursor.eat(b",\"P\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"r\":\"")?;
    let rate = cursor.fixed()?;
    if cursor.eat_if(b",\"ap\":\"") {
        cursor.plain_text()?;
    }
    cursor.eat(b",\"T\":")?;
    let next = cursor.time()?;
    sheet.put(id, time, Flags::NONE, Body::MarkPrice { mark, index, rate, next });
    Some(())
}

fn kline(cursor: &mut Cursor<'_>, contracts: &Contracts, sheet: &mut Sheet<'_>) -> Option<()> {
    let time = cursor.time()?;
    cursor.eat(b",\"s\":\"")?;
    let (id, contract) = symbol(cursor, contracts)?;
    cursor.eat(b",\"k\":{\"t\":")?;
    let open_time = cursor.time()?;
    cursor.eat(b",\"T\":")?;
    cursor.number()?;
    cursor.eat(b",\"s\":\"")?;
    cursor.eat_slice(contract.name.as_bytes())?;
    cursor.eat(b"\",\"i\":\"")?;
    let timeframe = Timeframe::named(cursor.plain_text()?)?;
    cursor.eat(b",\"f\":")?;
    cursor.number()?;
    cursor.eat(b",\"L\":")?;
    cursor.number()?;
    cursor.eat(b",\"o\":\"")?;
    let open = cursor.price(contract.tick)?;
    cursor.eat(b",\"c\":\"")?;
    let close = cursor.price(contract.tick)?;
    cursor.eat(b",\"h\":\"")?;
    let high = cursor.price(contract.tick)?;
    cursor.eat(b",\"l\":\"")?;
    let low = cursor.price(contract.tick)?;
    cursor.eat(b",\"v\":\"")?;
    let volume = cursor.quantity_or_zero(contract.lot)?;
    cursor.eat(b",\"n\":")?;
    let trades = cursor.number()?;
    cursor.eat(b",\"x\":")?;
    let flags = if truth(cursor)? { Flags::CLOSED } else { Flags::NONE };
    cursor.eat(b",\"q\":\"")?;
    let quote = cursor.notional()?;
    cursor.eat(b",\"V\":\"")?;
    let taker_buy = cursor.quantity_or_zero(contract.lot)?;
    cursor.eat(b",\"Q\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"B\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b"}")?;
    let flow = Some(Flow { taker_buy, quote, trades });
    let bar = Bar { timeframe, open_time, open, high, low, close, volume, flow };
    sheet.put(id, time, flags, Body::Bar(bar));
    Some(())
}

fn liquidation(
    cursor: &mut Cursor<'_>,
    contracts: &Contracts,
    sheet: &mut Sheet<'_>,
) -> Option<()> {
    cursor.time()?;
    cursor.eat(b",\"o\":{\"s\":\"")?;
    let (id, contract) = symbol(cursor, contracts)?;
    cursor.eat(b",\"S\":\"")?;
    let side = match cursor.plain_text()? {
        b"BUY" => Side::Buy,
        b"SELL" => Side::Sell,
        _ => return None,
    };
    cursor.eat(b",\"o\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"f\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"q\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"p\":\"")?;
    let price = cursor.price(contract.tick)?;
    cursor.eat(b",\"ap\":\"")?;
    let average = cursor.fixed().filter(|average| average.0 > 0)?;
    cursor.eat(b",\"X\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"l\":\"")?;
    cursor.plain_text()?;
    cursor.eat(b",\"z\":\"")?;
    let quantity = cursor.quantity(contract.lot)?;
    cursor.eat(b",\"T\":")?;
    let time = cursor.time()?;
    cursor.eat(b"}")?;
    sheet.put(id, time, Flags::NONE, Body::Liquidation { side, price, average, quantity });
    Some(())
}
