use std::path::Path;

use market::{AggregateTrade, Body, Contract, Event, Flags, Sequence, SymbolId};

use super::Source;
use super::table::{Column, Reason, Row, Table, Times, of_price, of_quantity};
use crate::Error;

/// The archive's columns.
const AGGREGATES: [&str; 7] = [
    "agg_trade_id",
    "price",
    "quantity",
    "first_trade_id",
    "last_trade_id",
    "transact_time",
    "is_buyer_maker",
];
const TRADES: [&str; 6] = ["id", "price", "qty", "quote_qty", "time", "is_buyer_maker"];

struct Columns {
    id: Column,
    price: Column,
    quantity: Column,
    time: Column,
    maker: Column,
    /// Numbers of the first trade and the last, where each line is more than one.
    range: Option<(Column, Column)>,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Error> {
        let aggregate = table.find(&["agg_trade_id"]);
        Ok(Self {
            id: aggregate.map_or_else(|| table.column(&["id", "trade_id"]), Ok)?,
            price: table.column(&["price"])?,
            quantity: table.column(&["quantity", "qty"])?,
            time: table.column(&["transact_time", "time"])?,
            maker: table.column(&["is_buyer_maker"])?,
            range: match aggregate {
                None => None,
                Some(_) => {
                    Some((table.column(&["first_trade_id"])?, table.column(&["last_trade_id"])?))
                }
            },
        })
    }
}

pub(super) fn open(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Source, Error> {
    let table = Table::open(path, &[&AGGREGATES, &TRADES])?;
    let (columns, contract) = (Columns::of(&table)?, contract.clone());
    let (mut times, mut last) = (Times::default(), None);
    let event = move |row: &Row<'_>| {
        let at = times.read(row.field(columns.time)?)?;
        let id = row.count(columns.id)?;
        let body = trade(row, id, &columns, &contract)?;
        if last.is_some_and(|last| id <= last) {
            return Err("the number of a trade again, or an earlier one");
        }
        times.follow(at)?;
        last = Some(id);
        let (sequence, flags) = (Sequence(0), Flags::NONE);
        Ok(Event { sequence, exchange: at, receive: at, symbol, flags, body })
    };
    Ok(Source::of_table(table, event))
}

fn trade(row: &Row<'_>, id: u64, columns: &Columns, contract: &Contract) -> Result<Body, Reason> {
    let price = contract.tick.price(row.field(columns.price)?).map_err(of_price)?;
    let quantity = contract.lot.quantity(row.field(columns.quantity)?).map_err(of_quantity)?;
    let aggressor = row.aggressor(columns.maker)?;
    let Some((first, last)) = columns.range else {
        return Ok(Body::Trade { id, price, quantity, aggressor });
    };
    let (first, last) = (row.count(first)?, row.count(last)?);
    if first > last {
        return Err("the first trade of an aggregate is after its last");
    }
    Ok(Body::AggregateTrade(AggregateTrade { id, first, last, price, quantity, aggressor }))
}
