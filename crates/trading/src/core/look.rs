use clock::Nanos;
use market::{Body, Event, Flags, Ticks};

use super::Core;
use crate::Error;
use crate::exits::ExitReason;
use crate::outbox::Outbox;
use crate::portfolio::Net;
use crate::strategy::{Score, Strategy};

impl<S: Strategy> Core<S> {
    /// Takes an event in and shows it to the strategy.
    pub(super) fn look(
        &mut self,
        now: Nanos,
        event: &Event,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let symbol = event.symbol;
        let Self { contracts, desks, portfolio, strategy, wishes, closed, moved, .. } = self;
        let contract = contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let desk = desks.get_mut(symbol.0 as usize).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        desk.see(event);
        if let Body::Funding { rate, mark } = event.body {
            // Without a price there is no position either.
            if let Some(mark) = mark.or(desk.reference(contract).map(|(price, _)| price)) {
                portfolio.settle_funding(contract, symbol, rate, mark)?;
            }
        }
        let position = portfolio.position(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        *moved |= position.net() != Net(0) && may_revalue(&event.body);
        let view = desk.view(now, symbol, contract, position);
        if let Body::Bar(bar) = event.body {
            closed.clear();
            desk.bars.push(bar, event.flags, closed);
            for (bar, flags) in closed.iter() {
                strategy.on_bar(bar, *flags, &view, wishes);
            }
            desk.ask(symbol, out);
        } else {
            strategy.on_event(event, &view, wishes);
        }
        Ok(())
    }

    /// Looks after the position: how long it lasts, whether it moves, where its stop belongs.
    pub(super) fn follow(
        &mut self,
        now: Nanos,
        event: &Event,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let symbol = event.symbol;
        let is_closed_bar = matches!(event.body, Body::Bar(_)) && event.flags.has(Flags::CLOSED);
        let desk = self.desk(symbol)?;
        let Some(mut course) = desk.plan.course else { return Ok(()) };
        let Some((price, _)) = desk.last else { return Ok(()) };
        for seen in prices(event, price, course.since) {
            course.saw(seen);
        }
        desk.plan.course = Some(course);
        let exits = desk.plan.entry.map(|entry| entry.exits).unwrap_or_default();
        if desk.plan.leaving.is_none() {
            desk.plan.leaving = course.due(&exits, now, price);
        }
        // An exit that was refused or fell short is asked for again.
        if desk.plan.leaving.is_some() && desk.plan.closing.is_none() {
            if desk.plan.is_opening() {
                self.take_back(symbol, out);
                return Ok(());
            }
            return self.send_exit(now, symbol, out);
        }
        // The stop follows at closed bars only: not every tick is worth two messages. What could
        // not be placed before is tried again.
        if is_closed_bar && desk.plan.is_guarded() {
            self.protect(now, symbol, out)?;
        }
        Ok(())
    }

    /// Scores a position anew, and ends one that is no longer wanted.
    pub(super) fn rescore(
        &mut self,
        now: Nanos,
        symbol: market::SymbolId,
        score: Score,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let Some(entry) = &mut self.desk(symbol)?.plan.entry else { return Ok(()) };
        entry.score = score;
        if entry.exits.least.is_some_and(|least| score < least) {
            self.leave(now, symbol, ExitReason::Decay, out)?;
        }
        Ok(())
    }

    /// Wants nothing held of a contract any more.
    pub(super) fn leave(
        &mut self,
        now: Nanos,
        symbol: market::SymbolId,
        why: ExitReason,
        out: &mut Outbox,
    ) -> Result<bool, Error> {
        let net = self.portfolio.net(symbol);
        let plan = &mut self.desk(symbol)?.plan;
        if net == Net(0) && !plan.is_opening() {
            return Ok(false);
        }
        plan.leaving.get_or_insert(why);
        if plan.is_opening() {
            // What was filled is ended when no more can come.
            self.take_back(symbol, out);
        } else if plan.closing.is_none() {
            self.send_exit(now, symbol, out)?;
        }
        Ok(true)
    }
}

/// Whether what is held may be worth something else after it. Changes of the book and quotes, which
/// are nearly all that comes, move nothing it is valued by: see [`super::desk::Desk::reference`].
fn may_revalue(body: &Body) -> bool {
    match body {
        Body::DepthLevel { .. }
        | Body::BookTicker { .. }
        | Body::DepthStart { .. }
        | Body::SnapshotStart { .. }
        | Body::Liquidation { .. } => false,
        Body::Trade { .. }
        | Body::AggregateTrade(_)
        | Body::Bar(_)
        | Body::MarkPrice { .. }
        | Body::Funding { .. } => true,
    }
}

/// The prices an event tells of: of a bar its extremes too, unless they may have been before the
/// position was opened.
fn prices(event: &Event, last: Ticks, since: Nanos) -> [Ticks; 3] {
    match event.body {
        Body::Bar(_) if event.flags.has(Flags::REPAIRED) => [last; 3],
        Body::Bar(bar) if bar.open_time >= since => [bar.high, bar.low, bar.close],
        _ => [last; 3],
    }
}
