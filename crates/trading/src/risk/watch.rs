use std::collections::VecDeque;

use clock::Nanos;
use market::{Contract, Fixed8, Lots, Notional, Order, OrderKind, Rejection, Side};

use super::{Approved, Limits};
use crate::portfolio::Net;

const DAY: i64 = 86_400_000_000_000;

/// Why an order did not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Refused {
    /// The venue would refuse it.
    #[error("the venue's filters would refuse it: {0:?}")]
    Filter(Rejection),
    /// No price is known, so nothing can be valued.
    #[error("no price is known")]
    NoPrice,
    /// The price that is known is too old.
    #[error("the last price is too old")]
    Stale,
    /// Bars of its contract are missing.
    #[error("bars of the contract are missing")]
    Held,
    /// It is worth more than an order may be.
    #[error("it is worth more than an order may be")]
    OrderSize,
    /// Its price is too far from the market.
    #[error("its price is too far from the market")]
    Collar,
    /// The position could grow beyond its limit.
    #[error("the position could grow beyond its limit")]
    Symbol,
    /// All positions of its side could grow beyond their limit.
    #[error("all positions of this side could grow beyond their limit")]
    Side,
    /// All positions could grow beyond their limit.
    #[error("all positions could grow beyond their limit")]
    Gross,
    /// Too many orders are open.
    #[error("too many orders are open")]
    OpenOrders,
    /// Too many orders left lately.
    #[error("too many orders left lately")]
    Rate,
    /// The account only reduces until it is released.
    #[error("the account only reduces: {0:?}")]
    Halted(Halt),
    /// A sum is beyond what can be counted.
    #[error("a sum is beyond what can be counted")]
    Overflow,
}

/// What made the account stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Halt {
    /// The day's loss.
    DailyLoss,
    /// The loss from the highest equity.
    Drawdown,
    /// Somebody said so.
    Ordered,
}

/// What risk has to know of the account as an order is about to leave.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Now.
    pub now: Nanos,
    /// The contract of the order.
    pub contract: &'a Contract,
    /// The price things are valued at, and when it was told.
    pub reference: Option<(Fixed8, Nanos)>,
    /// Whether bars of the contract are missing.
    pub held: bool,
    /// What is held of the contract.
    pub net: Net,
    /// What open orders of the contract may still buy, and sell.
    pub buying: Lots,
    /// See `buying`.
    pub selling: Lots,
    /// What positions in all other contracts may come to be worth if their open orders are filled:
    /// the long ones.
    pub others_long: Notional,
    /// The short ones; without sign.
    pub others_short: Notional,
    /// How many orders are open.
    pub open_orders: u32,
}

/// Watches over one account.
#[derive(Debug, Clone)]
pub struct Risk {
    limits: Limits,
    left: VecDeque<Nanos>,
    /// When the day ends.
    midnight: Nanos,
    day_began_with: Notional,
    highest: Notional,
    /// What may be lost from the highest, counted when that was reached.
    deepest: Notional,
    last: Notional,
    halt: Option<Halt>,
}

impl Risk {
    /// Watches an account with so much equity.
    pub fn new(limits: Limits, now: Nanos, equity: Notional) -> Self {
        let room = limits.rates.iter().map(|window| window.orders as usize).max().unwrap_or(0);
        Self {
            limits,
            left: VecDeque::with_capacity(room),
            midnight: midnight_after(now),
            day_began_with: equity,
            highest: equity,
            deepest: deepest(&limits, equity),
            last: equity,
            halt: None,
        }
    }

    /// What it holds the account to.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What made the account stop, until it is released.
    pub fn halt(&self) -> Option<Halt> {
        self.halt
    }

    /// Stops the account by hand.
    pub fn stop(&mut self) {
        self.halt.get_or_insert(Halt::Ordered);
    }

    /// Lets it go on; losses are counted from `equity` on.
    pub fn release(&mut self, equity: Notional) {
        (self.halt, self.day_began_with, self.highest) = (None, equity, equity);
        self.deepest = deepest(&self.limits, equity);
    }

    /// Looks at the equity; stops the account if too much is lost. It stays stopped on the next
    /// day. Returns what stopped it, if that was just now.
    pub fn observe(&mut self, now: Nanos, equity: Notional) -> Option<Halt> {
        if now >= self.midnight {
            // What was lost since the last look is this day's loss.
            (self.midnight, self.day_began_with) = (midnight_after(now), self.last);
        }
        self.last = equity;
        if equity > self.highest {
            (self.highest, self.deepest) = (equity, deepest(&self.limits, equity));
        }
        if self.halt.is_some() {
            return None;
        }
        let lost = |from: Notional| from.minus(equity).unwrap_or(Notional(i128::MAX));
        if lost(self.day_began_with) >= self.limits.daily_loss {
            self.halt = Some(Halt::DailyLoss);
        } else if lost(self.highest) >= self.deepest {
            self.halt = Some(Halt::Drawdown);
        }
        self.halt
    }

    /// Lets an order leave, or says why not. What only makes a position smaller passes all that
    /// guards against growing.
    ///
    /// # Errors
    /// The first limit that says no.
    pub fn check(
        &mut self,
        order: Order,
        standing: &Standing<'_>,
    ) -> Result<Approved<Order>, Refused> {
        let reference = standing.reference.map(|(price, _)| price);
        standing.contract.admits(&order, reference).map_err(Refused::Filter)?;
        let reduces = reduces(&order, standing);
        self.has_room(standing.now, reduces)?;
        if !reduces {
            self.may_grow(&order, standing)?;
        }
        self.left.push_back(standing.now);
        Ok(Approved::new(order))
    }

    fn may_grow(&self, order: &Order, standing: &Standing<'_>) -> Result<(), Refused> {
        if let Some(halt) = self.halt {
            return Err(Refused::Halted(halt));
        }
        if standing.held {
            return Err(Refused::Held);
        }
        let (price, told) = standing.reference.ok_or(Refused::NoPrice)?;
        if standing.now.since(told) > self.limits.stale_after {
            return Err(Refused::Stale);
        }
        if standing.open_orders >= self.limits.open_orders {
            return Err(Refused::OpenOrders);
        }
        let contract = standing.contract;
        let value = |lots: Lots| contract.value(price, lots).ok_or(Refused::Overflow);
        if value(order.quantity)? > self.limits.order {
            return Err(Refused::OrderSize);
        }
        if let OrderKind::Limit { price: limit, .. } = order.kind {
            let limit = contract.fine(limit).ok_or(Refused::Overflow)?;
            let far = i128::from(limit.0.abs_diff(price.0)) * i128::from(Fixed8::ONE.0);
            if far > i128::from(price.0) * i128::from(self.limits.collar.0) {
                return Err(Refused::Collar);
            }
        }
        let (long, short) = worst(order, standing).ok_or(Refused::Overflow)?;
        let (long, short) = (value(long)?, value(short)?);
        if long.max(short) > self.limits.symbol {
            return Err(Refused::Symbol);
        }
        let long = long.plus(standing.others_long).ok_or(Refused::Overflow)?;
        let short = short.plus(standing.others_short).ok_or(Refused::Overflow)?;
        let grows = if order.side == Side::Buy { long } else { short };
        if grows > self.limits.side {
            return Err(Refused::Side);
        }
        if long.plus(short).ok_or(Refused::Overflow)? > self.limits.gross {
            return Err(Refused::Gross);
        }
        Ok(())
    }

    /// A fifth of every window is kept for orders that only reduce: stops and exits.
    fn has_room(&mut self, now: Nanos, reduces: bool) -> Result<(), Refused> {
        let longest = self.limits.rates.iter().map(|window| window.nanos).max().unwrap_or(0);
        while self.left.front().is_some_and(|left| now.since(*left) >= longest) {
            self.left.pop_front();
        }
        for window in self.limits.rates {
            let lately =
                self.left.iter().rev().take_while(|left| now.since(**left) < window.nanos).count();
            let kept = if reduces { 0 } else { window.orders / 5 };
            if lately >= (window.orders - kept) as usize {
                return Err(Refused::Rate);
            }
        }
        Ok(())
    }
}

/// When the day of a moment ends, in UTC.
fn midnight_after(now: Nanos) -> Nanos {
    Nanos(now.0.div_euclid(DAY).saturating_add(1).saturating_mul(DAY))
}

/// How much may be lost from a highest equity.
fn deepest(limits: &Limits, highest: Notional) -> Notional {
    highest.times(limits.drawdown).unwrap_or(Notional(i128::MAX))
}

/// Whether an order can only make the position smaller, whatever else is filled before it.
fn reduces(order: &Order, standing: &Standing<'_>) -> bool {
    if order.reduce_only {
        return true;
    }
    let pending = if order.side == Side::Buy { standing.buying } else { standing.selling };
    let against = standing.net.side().is_some_and(|side| side != order.side);
    let held = standing.net.lots().0;
    against && pending.0.checked_add(order.quantity.0).is_some_and(|lots| lots <= held)
}

/// The most that could be held long and short of the contract if the order and all open ones of
/// its side were filled.
fn worst(order: &Order, standing: &Standing<'_>) -> Option<(Lots, Lots)> {
    let mut buying = standing.buying.0;
    let mut selling = standing.selling.0;
    match order.side {
        Side::Buy => buying = buying.checked_add(order.quantity.0)?,
        Side::Sell => selling = selling.checked_add(order.quantity.0)?,
    }
    let long = standing.net.0.checked_add(buying)?.max(0);
    let short = standing.net.0.checked_sub(selling)?.min(0).checked_neg()?;
    Some((Lots(long), Lots(short)))
}
