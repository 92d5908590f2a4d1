//! All commands and reports of a run as one number, by an encoding of our own: it does not move
//! with the compiler.

use market::{
    Fill, Liquidity, Order, OrderKind, Outcome, Rejection, Report, Side, SymbolId, TimeInForce,
};
use sha2::{Digest as _, Sha256};
use trading::Command;

/// What was commanded and reported so far.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

/// One entry as bytes; none is longer than 10 numbers.
struct Entry {
    bytes: [u8; 80],
    length: usize,
}

impl Digest {
    pub(crate) fn command(&mut self, command: &Command) {
        let entry = match command {
            Command::Place(order) => placed(order.get()),
            Command::Cancel { symbol, client } => {
                let mut entry = Entry::new([2, 0, 0, 0], *symbol);
                entry.number(client.0);
                entry
            }
        };
        self.0.update(entry.as_bytes());
    }

    pub(crate) fn report(&mut self, report: &Report) {
        let Report { client, symbol, time, outcome } = report;
        let (name, more) = match outcome {
            Outcome::Accepted(_) => (1, 0),
            Outcome::Triggered => (2, 0),
            Outcome::Filled(_) => (3, 0),
            Outcome::Cancelled => (4, 0),
            Outcome::Expired => (5, 0),
            Outcome::ExpiredInMatch => (6, 0),
            Outcome::Rejected(why) => (7, rejection(*why)),
            Outcome::Unknown => (8, 0),
        };
        let mut entry = Entry::new([3, name, more, 0], *symbol);
        entry.number(client.0);
        entry.signed(time.0);
        match outcome {
            Outcome::Accepted(order) => entry.number(order.0),
            Outcome::Filled(fill) => entry.fill(fill),
            _ => {}
        }
        self.0.update(entry.as_bytes());
    }

    /// In hexadecimal.
    pub(crate) fn finish(self) -> String {
        self.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn placed(order: &Order) -> Entry {
    let Order { client, symbol, side, quantity, kind, reduce_only } = order;
    let (name, price) = match kind {
        OrderKind::Market => (1, 0),
        OrderKind::Limit { price, time_in_force } => {
            let name = match time_in_force {
                TimeInForce::Gtc => 2,
                TimeInForce::Ioc => 3,
                TimeInForce::Fok => 4,
                TimeInForce::Gtx => 5,
            };
            (name, price.0)
        }
        OrderKind::Stop { trigger } => (6, trigger.0),
        OrderKind::TakeProfit { trigger } => (7, trigger.0),
    };
    let mut entry = Entry::new([1, name, self::side(*side), u8::from(*reduce_only)], *symbol);
    entry.number(client.0);
    entry.signed(quantity.0);
    entry.signed(price);
    entry
}

fn side(side: Side) -> u8 {
    match side {
        Side::Buy => 1,
        Side::Sell => 2,
    }
}

fn rejection(why: Rejection) -> u8 {
    match why {
        Rejection::Price => 1,
        Rejection::Quantity => 2,
        Rejection::Notional => 3,
        Rejection::Band => 4,
        Rejection::Margin => 5,
        Rejection::WouldTake => 6,
        Rejection::ReduceOnly => 7,
        Rejection::WouldTrigger => 8,
        Rejection::Closed => 9,
        Rejection::Duplicate => 10,
        Rejection::Other => 11,
    }
}

impl Entry {
    fn new(head: [u8; 4], symbol: SymbolId) -> Self {
        let mut entry = Self { bytes: [0; 80], length: 8 };
        entry.bytes[..4].copy_from_slice(&head);
        entry.bytes[4..8].copy_from_slice(&symbol.0.to_le_bytes());
        entry
    }

    fn number(&mut self, number: u64) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&number.to_le_bytes());
        self.length += 8;
    }

    fn signed(&mut self, number: i64) {
        self.number(number as u64);
    }

    fn fill(&mut self, fill: &Fill) {
        // Client and symbol are those of the report.
        let Fill {
            client: _,
            symbol: _,
            order,
            trade,
            side,
            price,
            quantity,
            fee,
            liquidity,
            time,
        } = fill;
        let maker = match liquidity {
            Liquidity::Maker => 1,
            Liquidity::Taker => 2,
        };
        (self.bytes[2], self.bytes[3]) = (self::side(*side), maker);
        self.number(order.0);
        self.number(trade.0);
        self.signed(price.0);
        self.signed(quantity.0);
        self.signed(fee.0);
        self.signed(time.0);
    }

    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}
