use clock::Nanos;
use market::{Contract, Lots, Notional, Order, OrderKind, Side, SymbolId, Ticks};

use super::Core;
use super::desk::Guard;
use crate::Error;
use crate::exits::{ExitReason, Exits};
use crate::outbox::{Command, Declined, Note, Outbox, Purpose};
use crate::risk::{Refused, Standing};
use crate::strategy::{Entry, Strategy, Wish};

impl<S: Strategy> Core<S> {
    /// Opens a position, or makes room for it first. Returns why not.
    pub(super) fn enter(
        &mut self,
        now: Nanos,
        entry: Entry,
        out: &mut Outbox,
    ) -> Result<Option<Declined>, Error> {
        let symbol = entry.symbol;
        let net = self.portfolio.net(symbol);
        let plan = self.desk(symbol)?.plan;
        let turns = plan.entry.is_some_and(|resting| resting.side != entry.side);
        if plan.is_resting() && turns {
            self.follow_with(now, symbol, entry, out)?;
            self.leave(now, symbol, ExitReason::Turn, out)?;
            return Ok(None);
        }
        if plan.is_opening() {
            return Ok(Some(Declined::Busy));
        }
        match net.side() {
            Some(side) if side == entry.side && plan.leaving.is_none() => {
                return Ok(Some(Declined::Already));
            }
            Some(_) => {
                self.follow_with(now, symbol, entry, out)?;
                self.leave(now, symbol, ExitReason::Turn, out)?;
                return Ok(None);
            }
            None => {}
        }
        if self.taken() >= self.settings.slots {
            // Nothing gives way to what would not be opened.
            if let Err(why) = self.may_open(now, &entry)? {
                return Ok(Some(why));
            }
            let Some(weakest) = self.weakest(entry)? else { return Ok(Some(Declined::NoSlot)) };
            self.follow_with(now, weakest, entry, out)?;
            self.leave(now, weakest, ExitReason::Rotation, out)?;
            return Ok(None);
        }
        self.open(now, entry, out)
    }

    /// Has `entry` opened when a position is closed; what was to follow it before does not.
    fn follow_with(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        entry: Entry,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        if let Some(before) = self.desk(symbol)?.plan.next.replace(entry) {
            let (wish, why) = (Wish::Enter(before), Declined::Replaced);
            out.notes.push(Note::Declined { at: now, wish, why });
        }
        Ok(())
    }

    /// The price at which an entry may be opened now, whatever its size, or why it may not.
    fn may_open(&mut self, now: Nanos, entry: &Entry) -> Result<Result<Ticks, Declined>, Error> {
        if let Some(halt) = self.risk.halt() {
            return Ok(Err(Declined::Risk(Refused::Halted(halt))));
        }
        let stale_after = self.risk.limits().stale_after;
        let desk = self.desk(entry.symbol)?;
        let Some((price, told)) = desk.last else { return Ok(Err(Declined::NoPrice)) };
        Ok(if !stands_right(price, entry) {
            Err(Declined::Exits)
        } else if desk.bars.is_held() {
            Err(Declined::Risk(Refused::Held))
        } else if now.since(told) > stale_after {
            Err(Declined::Risk(Refused::Stale))
        } else {
            Ok(entry.approach.limit().unwrap_or(price))
        })
    }

    fn open(
        &mut self,
        now: Nanos,
        entry: Entry,
        out: &mut Outbox,
    ) -> Result<Option<Declined>, Error> {
        let symbol = entry.symbol;
        let price = match self.may_open(now, &entry)? {
            Ok(price) => price,
            Err(why) => return Ok(Some(why)),
        };
        let equity = self.worth.equity();
        let contract = self.contract(symbol)?;
        let limits = self.risk.limits();
        let most = limits.order.min(limits.symbol);
        let lots = self.settings.sizing.lots(contract, equity, price, entry.exits.stop, most);
        if lots == Lots(0) {
            return Ok(Some(Declined::TooSmall));
        }
        let order = self.order(symbol, entry.side, lots, entry.approach.kind(), false);
        match self.send(now, order, Purpose::Entry, Some(entry), out)? {
            Ok(()) => {
                let plan = &mut self.desk(symbol)?.plan;
                (plan.entry, plan.opening) = (Some(entry), Some(order.client));
                if let Some(patience) = entry.approach.patience() {
                    self.wait_for(now, symbol, patience)?;
                }
                Ok(None)
            }
            Err(refused) => Ok(Some(Declined::Risk(refused))),
        }
    }

    /// Places what guards a position at the venue.
    pub(super) fn protect(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        self.trail(now, symbol, out)?;
        let lots = self.portfolio.net(symbol).lots();
        let plan = self.desk(symbol)?.plan;
        let target = plan.entry.and_then(|entry| entry.exits.target);
        let Some(trigger) = target else { return Ok(()) };
        if plan.target.is_some_and(|target| self.covers(target, lots)) {
            return Ok(());
        }
        let kind = OrderKind::TakeProfit { trigger };
        if let Some(client) = self.send_against(now, symbol, kind, Purpose::Target, out)? {
            self.desk(symbol)?.plan.target = Some(Guard { client, trigger });
            if let Some(small) = plan.target {
                self.cancel(symbol, small.client, out);
            }
        }
        Ok(())
    }

    /// Puts the stop where it belongs, and for all of the position: the old one is taken back when
    /// the venue has the new one, so that the position is never without.
    pub(super) fn trail(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let plan = self.desk(symbol)?.plan;
        let (Some(entry), Some(course)) = (plan.entry, plan.course) else { return Ok(()) };
        let Some(trigger) = course.stop(&entry.exits) else { return Ok(()) };
        let lots = self.portfolio.net(symbol).lots();
        let stands = |stop: Guard| stop.trigger == trigger && self.covers(stop, lots);
        if plan.stop.is_some_and(stands) || plan.replaced.is_some() {
            return Ok(());
        }
        let kind = OrderKind::Stop { trigger };
        if let Some(client) = self.send_against(now, symbol, kind, Purpose::Stop, out)? {
            let plan = &mut self.desk(symbol)?.plan;
            plan.replaced = plan.stop.replace(Guard { client, trigger }).map(|s| s.client);
        }
        Ok(())
    }

    /// Whether what is left of a guard is enough for a position of so many lots.
    fn covers(&self, guard: Guard, lots: Lots) -> bool {
        self.orders.find(guard.client).is_some_and(|ticket| ticket.left() >= lots)
    }

    /// Sends the order that ends a position, for the reason that was noted.
    pub(super) fn send_exit(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let Some(why) = self.desk(symbol)?.plan.leaving else { return Ok(()) };
        let purpose = Purpose::Exit(why);
        let client = self.send_against(now, symbol, OrderKind::Market, purpose, out)?;
        self.desk(symbol)?.plan.closing = client;
        Ok(())
    }

    /// Sends an order for all of a position, that may only reduce it. Its number, if it left.
    fn send_against(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        kind: OrderKind,
        purpose: Purpose,
        out: &mut Outbox,
    ) -> Result<Option<market::ClientId>, Error> {
        let net = self.portfolio.net(symbol);
        let Some(side) = net.side() else { return Ok(None) };
        let entry = self.desk(symbol)?.plan.entry;
        let order = self.order(symbol, side.opposite(), net.lots(), kind, true);
        match self.send(now, order, purpose, entry, out)? {
            Ok(()) => Ok(Some(order.client)),
            Err(why) => {
                out.notes.push(Note::Unsent { at: now, order, purpose, why });
                Ok(None)
            }
        }
    }

    fn order(
        &mut self,
        symbol: SymbolId,
        side: Side,
        quantity: Lots,
        kind: OrderKind,
        reduce_only: bool,
    ) -> Order {
        Order { client: self.orders.next_client(), symbol, side, quantity, kind, reduce_only }
    }

    /// Asks risk, and sends.
    fn send(
        &mut self,
        now: Nanos,
        order: Order,
        purpose: Purpose,
        entry: Option<Entry>,
        out: &mut Outbox,
    ) -> Result<Result<(), Refused>, Error> {
        let symbol = order.symbol;
        self.revalue()?;
        let (others_long, others_short) = self.others(symbol)?;
        let (buying, selling) = self.pending(symbol);
        let desk = self.desks.get(symbol.0 as usize).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let contract = self.contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let standing = Standing {
            now,
            contract,
            reference: desk.reference(contract),
            held: desk.bars.is_held(),
            net: self.portfolio.net(symbol),
            buying,
            selling,
            others_long,
            others_short,
            open_orders: self.orders.open().len() as u32,
        };
        let approved = match self.risk.check(order, &standing) {
            Ok(approved) => approved,
            Err(refused) => return Ok(Err(refused)),
        };
        self.orders.sent(order, now)?;
        out.commands.push(Command::Place(approved));
        let (equity, last) = (self.worth.equity(), desk.last.map(|(price, _)| price));
        out.notes.push(Note::Sent { at: now, order, purpose, entry, equity, last });
        Ok(Ok(()))
    }

    /// What open orders of a contract may still buy, and sell, beyond what only reduces.
    fn pending(&self, symbol: SymbolId) -> (Lots, Lots) {
        let mut pending = (Lots(0), Lots(0));
        for ticket in self.orders.open().iter().filter(|t| t.order.symbol == symbol) {
            if ticket.order.reduce_only {
                continue;
            }
            let side = match ticket.order.side {
                Side::Buy => &mut pending.0,
                Side::Sell => &mut pending.1,
            };
            side.0 = side.0.saturating_add(ticket.left().0);
        }
        pending
    }

    /// What positions in all other contracts may come to be worth: long, and short.
    fn others(&self, symbol: SymbolId) -> Result<(Notional, Notional), Error> {
        let mut worth = (Notional::ZERO, Notional::ZERO);
        for (other, contract) in self.contracts.iter().filter(|(other, _)| *other != symbol) {
            let net = self.portfolio.net(other);
            let (buying, selling) = self.pending(other);
            let long = Lots(net.0.saturating_add(buying.0).max(0));
            let short = Lots(net.0.saturating_sub(selling.0).min(0).saturating_neg());
            if (long, short) == (Lots(0), Lots(0)) {
                continue;
            }
            let price = self.price(other).ok_or_else(|| Error::NoPrice(other))?;
            let add = |sum: Notional, lots: Lots| {
                contract
                    .value(price, lots)
                    .and_then(|value| sum.plus(value))
                    .ok_or_else(|| Error::Overflow)
            };
            worth = (add(worth.0, long)?, add(worth.1, short)?);
        }
        Ok(worth)
    }

    /// Positions that are open or on their way in.
    fn taken(&self) -> u32 {
        let taken =
            self.desks.iter().filter(|desk| desk.plan.course.is_some() || desk.plan.is_opening());
        taken.count() as u32
    }

    /// The position that gives way to a better chance: the one with the lowest score, if the
    /// chance beats it and it would be closed with a profit after fees.
    fn weakest(&self, chance: Entry) -> Result<Option<SymbolId>, Error> {
        let scored = self.portfolio.open().filter_map(|(symbol, _)| {
            let plan = &self.desks.get(symbol.0 as usize)?.plan;
            // What is leaving already makes no room by leaving.
            let stays = plan.leaving.is_none() && plan.next.is_none();
            Some((symbol, plan.entry.filter(|_| stays)?.score))
        });
        let weakest = scored.min_by(|a, b| a.1.get().total_cmp(&b.1.get()));
        let Some((symbol, score)) = weakest else { return Ok(None) };
        let gives = self.beats(chance.score, score) && self.profit(symbol)? > Notional::ZERO;
        Ok(gives.then_some(symbol))
    }

    /// What closing a position now would bring after fees.
    fn profit(&self, symbol: SymbolId) -> Result<Notional, Error> {
        let position =
            self.portfolio.position(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let price = self.price(symbol).ok_or_else(|| Error::NoPrice(symbol))?;
        let contract = self.contract(symbol)?;
        let value = contract.value(price, position.net().lots()).ok_or_else(|| Error::Overflow)?;
        let fee = value.times(self.settings.fee).ok_or_else(|| Error::Overflow)?;
        let open = value.0 * i128::from(position.net().0.signum()) - position.entry().0;
        let so_far = position.realised().0 + position.funding().0 - position.fees().0;
        Ok(Notional(open + so_far - fee.0))
    }

    fn contract(&self, symbol: SymbolId) -> Result<&Contract, Error> {
        self.contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))
    }
}

/// Whether a stop lies behind the price and a target before it. What is entered at a limit has its
/// target before that, wherever the price is now, and its stop behind both.
fn stands_right(price: Ticks, entry: &Entry) -> bool {
    let Entry { side, approach, exits: Exits { stop, target, .. }, .. } = entry;
    let entered = approach.limit().unwrap_or(price);
    let is_behind = |level: Ticks, price: Ticks| match side {
        Side::Buy => level < price,
        Side::Sell => level > price,
    };
    stop.is_none_or(|stop| is_behind(stop, price) && is_behind(stop, entered))
        && target.is_none_or(|target| target != entered && !is_behind(target, entered))
}
