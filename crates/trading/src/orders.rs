//! Every order we sent, and what became of it.
//!
//! Reports come late, twice and in the wrong order: a fill may come before the acceptance, or
//! after the cancellation it raced. Fills are the truth and are counted once each; a state moves
//! forward only.

mod state;

use std::collections::VecDeque;

use clock::Nanos;
use market::{ClientId, Fill, Lots, Order, Outcome, Report, TradeId};

pub use state::OrderState;

use crate::Error;

/// Ended orders that are still known by number, for reports that come late.
pub const REMEMBERED: usize = 1_024;
/// Fills by which a repeated one is told, over all orders.
pub const REMEMBERED_FILLS: usize = 4_096;

/// An order and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// What was asked.
    pub order: Order,
    /// Where it stands.
    pub state: OrderState,
    /// How much of it was traded.
    pub filled: Lots,
    /// Whether we asked to take it back.
    pub cancelling: bool,
    /// When it was sent.
    pub sent: Nanos,
}

impl Ticket {
    /// How much of it may still be traded.
    pub fn left(&self) -> Lots {
        if self.state.is_final() { Lots(0) } else { Lots(self.order.quantity.0 - self.filled.0) }
    }
}

/// What a report changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing: it was known, or is overtaken by what is known.
    Stale,
    /// The order's state, and nothing was traded.
    State(Ticket),
    /// It was traded; book it.
    Fill(Ticket, Fill),
}

/// All orders of an account.
#[derive(Debug, Clone, Default)]
pub struct Orders {
    last: u64,
    newest: Option<ClientId>,
    /// In the order they were sent.
    open: Vec<Ticket>,
    ended: VecDeque<Ticket>,
    /// Ordered, the newest orders last: nearly all that comes belongs at the end.
    fills: VecDeque<(ClientId, TradeId)>,
}

impl Orders {
    /// No orders, and room for so many that are open; numbers go on after `last`, so that a restart
    /// repeats none.
    pub fn after(last: ClientId, room: usize) -> Self {
        Self {
            last: last.0,
            newest: None,
            open: Vec::with_capacity(room),
            ended: VecDeque::with_capacity(REMEMBERED),
            fills: VecDeque::with_capacity(REMEMBERED_FILLS + 1),
        }
    }

    /// A number that was never used.
    pub fn next_client(&mut self) -> ClientId {
        self.last += 1;
        ClientId(self.last)
    }

    /// Notes an order as it leaves.
    ///
    /// # Errors
    /// [`Error::Duplicate`] for a number that is in use.
    pub fn sent(&mut self, order: Order, now: Nanos) -> Result<(), Error> {
        // Numbers only grow, so that one beyond all others was never used.
        let is_new = self.newest < Some(order.client);
        if !is_new && self.find(order.client).is_some() {
            return Err(Error::Duplicate(order.client));
        }
        self.newest = self.newest.max(Some(order.client));
        let state = OrderState::Sent;
        self.open.push(Ticket { order, state, filled: Lots(0), cancelling: false, sent: now });
        Ok(())
    }

    /// Notes that we asked to take an order back. Whether there was anything to take back.
    pub fn cancelling(&mut self, client: ClientId) -> bool {
        let asked = self.open.iter_mut().find(|t| t.order.client == client && !t.cancelling);
        asked.map(|ticket| ticket.cancelling = true).is_some()
    }

    /// Takes in what the venue says.
    ///
    /// # Errors
    /// [`Error::UnknownOrder`] for an order we never sent or no longer remember: the account needs
    /// to be reconciled. [`Error::Report`] for what cannot be: another contract, more traded than
    /// was ordered. The table is then as it was.
    pub fn report(&mut self, report: &Report) -> Result<Change, Error> {
        let found = self.find(report.client).ok_or(Error::UnknownOrder(report.client))?;
        let impossible = |reason| Err(Error::Report { client: report.client, reason });
        if found.order.symbol != report.symbol {
            return impossible("it names another contract");
        }
        let mut ticket = *found;
        let Outcome::Filled(fill) = report.outcome else {
            ticket.state = match ticket.state.after(&report.outcome) {
                Some(state) => state,
                None => return Ok(Change::Stale),
            };
            self.put(ticket);
            return Ok(Change::State(ticket));
        };
        let key = (report.client, fill.trade);
        // Nearly always it is the newest.
        let newest = self.fills.back().is_none_or(|last| *last < key);
        let place = if newest { Err(self.fills.len()) } else { self.fills.binary_search(&key) };
        let Err(place) = place else { return Ok(Change::Stale) };
        if fill.client != report.client || fill.symbol != report.symbol {
            return impossible("its fill names another order");
        }
        if fill.side != ticket.order.side || fill.quantity.0 <= 0 {
            return impossible("its fill is of the other side, or of nothing");
        }
        if fill.quantity.0 > ticket.order.quantity.0 - ticket.filled.0 {
            return impossible("more was traded than was ordered");
        }
        ticket.filled = Lots(ticket.filled.0 + fill.quantity.0);
        ticket.state = ticket.state.traded(ticket.filled == ticket.order.quantity);
        self.fills.insert(place, key);
        if self.fills.len() > REMEMBERED_FILLS {
            self.fills.pop_front();
        }
        self.put(ticket);
        Ok(Change::Fill(ticket, fill))
    }

    /// Orders that may still trade, in the order they were sent.
    pub fn open(&self) -> &[Ticket] {
        &self.open
    }

    /// An order that is open or remembered.
    pub fn find(&self, client: ClientId) -> Option<&Ticket> {
        let mut known = self.open.iter().chain(self.ended.iter().rev());
        known.find(|ticket| ticket.order.client == client)
    }

    fn put(&mut self, ticket: Ticket) {
        let client = ticket.order.client;
        if let Some(at) = self.open.iter().position(|t| t.order.client == client) {
            if !ticket.state.is_final() {
                self.open[at] = ticket;
                return;
            }
            self.open.remove(at);
            if self.ended.len() == REMEMBERED {
                self.ended.pop_front();
            }
            self.ended.push_back(ticket);
        } else if let Some(ended) = self.ended.iter_mut().find(|t| t.order.client == client) {
            *ended = ticket;
        }
    }
}
