use std::path::Path;

use market::{Body, Contract, Event, Flags, Level, Sequence, SymbolId};

use super::Source;
use super::table::{Column, Reason, Row, Table, Times, of_price, of_quantity};
use crate::Error;

/// The archive's columns.
const ARCHIVE: [&str; 7] = [
    "update_id",
    "best_bid_price",
    "best_bid_qty",
    "best_ask_price",
    "best_ask_qty",
    "transaction_time",
    "event_time",
];

pub(super) fn open(path: &Path, symbol: SymbolId, contract: &Contract) -> Result<Source, Error> {
    let (table, contract) = (Table::open(path, &[&ARCHIVE])?, contract.clone());
    let [id, bid, bid_quantity, ask, ask_quantity, happened, told] = ARCHIVE;
    let bid = (table.column(&[bid])?, table.column(&[bid_quantity])?);
    let ask = (table.column(&[ask])?, table.column(&[ask_quantity])?);
    let (id, happened, told) =
        (table.column(&[id])?, table.column(&[happened])?, table.column(&[told])?);
    let (mut times, mut last) = (Times::default(), None);
    let event = move |row: &Row<'_>| {
        let exchange = times.read(row.field(happened)?)?;
        // When it was sent is the nearest to when it would have been received.
        let receive = times.read(row.field(told)?)?;
        let update = row.count(id)?;
        let (bid, ask) = (level(row, bid, &contract)?, level(row, ask, &contract)?);
        if bid.price >= ask.price {
            return Err("the best bid is not below the best ask");
        }
        if last.is_some_and(|last| update <= last) {
            return Err("the number of a change again, or an earlier one");
        }
        times.follow(receive)?;
        last = Some(update);
        let (sequence, flags) = (Sequence(0), Flags::NONE);
        let body = Body::BookTicker { bid, ask };
        Ok(Event { sequence, exchange, receive, symbol, flags, body })
    };
    Ok(Source::of_table(table, event))
}

fn level(row: &Row<'_>, at: (Column, Column), contract: &Contract) -> Result<Level, Reason> {
    let price = contract.tick.price(row.field(at.0)?).map_err(of_price)?;
    let quantity = contract.lot.quantity_or_zero(row.field(at.1)?).map_err(of_quantity)?;
    Ok(Level { price, quantity })
}
