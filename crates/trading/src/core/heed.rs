use clock::Nanos;
use market::{ClientId, Fill, Report, SymbolId};

use super::Core;
use crate::Error;
use crate::exits::{Course, ExitReason};
use crate::orders::{Change, OrderState, Ticket};
use crate::outbox::{Command, Note, Outbox};
use crate::portfolio::{Net, Trip};
use crate::strategy::{Strategy, Wish};

impl<S: Strategy> Core<S> {
    /// Takes in what the venue says of an order.
    pub(super) fn heed(
        &mut self,
        now: Nanos,
        report: &Report,
        out: &mut Outbox,
    ) -> Result<(), Error> {
        let ticket = match self.orders.report(report)? {
            Change::Stale => return Ok(()),
            Change::State(ticket) => {
                self.guard_stands(&ticket, out)?;
                ticket
            }
            Change::Fill(ticket, fill) => {
                self.book_fill(&fill, out)?;
                ticket
            }
        };
        if ticket.state.is_final() {
            self.order_ended(now, &ticket, out)?;
        }
        self.guard(now, ticket.order.symbol, out)
    }

    /// A new stop stands at the venue: the one it replaces is taken back, and not before.
    fn guard_stands(&mut self, ticket: &Ticket, out: &mut Outbox) -> Result<(), Error> {
        let symbol = ticket.order.symbol;
        let plan = &mut self.desk(symbol)?.plan;
        let is_stop = plan.stop.is_some_and(|stop| stop.client == ticket.order.client);
        if is_stop
            && ticket.state == OrderState::Open
            && let Some(old) = plan.replaced.take()
        {
            self.cancel(symbol, old, out);
        }
        Ok(())
    }

    /// A position whose entry is over is guarded for all of what it is, also where a fill came
    /// after the end of its order; one whose entry rests, for what there is of it.
    fn guard(&mut self, now: Nanos, symbol: SymbolId, out: &mut Outbox) -> Result<(), Error> {
        let plan = self.desk(symbol)?.plan;
        if plan.course.is_none() || !plan.is_guarded() {
            return Ok(());
        }
        if plan.entry.is_none() {
            self.leave(now, symbol, ExitReason::Unguarded, out)?;
            return Ok(());
        }
        self.protect(now, symbol, out)
    }

    fn book_fill(&mut self, fill: &Fill, out: &mut Outbox) -> Result<(), Error> {
        let symbol = fill.symbol;
        let contract = self.contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let trip = self.portfolio.fill(contract, fill)?;
        self.moved = true;
        let side = self.portfolio.position(symbol).and_then(|position| position.net().side());
        if let Some(trip) = trip {
            self.trip_ended(trip, out)?;
        }
        let plan = &mut self.desk(symbol)?.plan;
        if let (Some(side), None) = (side, plan.course) {
            let (entered, since) = (fill.price, fill.time);
            plan.course = Some(Course { side, entered, since, best: entered });
            if plan.entry.is_none() {
                let late = plan.ended_entry.filter(|(client, _)| *client == fill.client);
                plan.entry = late.map(|(_, entry)| entry);
            }
        }
        Ok(())
    }

    /// The position is closed: what guarded it is taken back.
    fn trip_ended(&mut self, trip: Trip, out: &mut Outbox) -> Result<(), Error> {
        let plan = &mut self.desk(trip.symbol)?.plan;
        out.notes.push(Note::Closed { trip, entry: plan.entry });
        let [stop, target] = [plan.stop, plan.target].map(|guard| guard.map(|g| g.client));
        let guards = [stop, target, plan.replaced];
        (plan.course, plan.stop, plan.target, plan.replaced) = (None, None, None, None);
        if !plan.is_opening() {
            (plan.entry, plan.leaving) = (None, None);
        }
        // Nobody wants the rest of what is closed; a part of it that is filled before it is taken
        // back still knows how it ends.
        self.take_back(trip.symbol, out);
        for client in guards.into_iter().flatten() {
            self.cancel(trip.symbol, client, out);
        }
        Ok(())
    }

    fn order_ended(&mut self, now: Nanos, ticket: &Ticket, out: &mut Outbox) -> Result<(), Error> {
        let (symbol, client) = (ticket.order.symbol, ticket.order.client);
        let held = self.portfolio.net(symbol);
        let plan = &mut self.desk(symbol)?.plan;
        let was_opening = plan.opening == Some(client);
        let mut guards = plan.stop.iter().chain(&plan.target);
        let was_guard = guards.any(|guard| guard.client == client);
        plan.ended(client);
        if was_opening && let Some(entry) = plan.entry {
            plan.ended_entry = Some((client, entry));
        }
        if held == Net(0) {
            if was_opening {
                (plan.entry, plan.leaving) = (None, None);
            }
            if let Some(next) = plan.next.take() {
                self.wishes.push(Wish::Enter(next));
            }
            return Ok(());
        }
        if was_guard && ticket.state == OrderState::Rejected {
            self.leave(now, symbol, ExitReason::Unguarded, out)?;
            return Ok(());
        }
        if was_opening && plan.leaving.is_some() {
            return self.send_exit(now, symbol, out);
        }
        Ok(())
    }

    pub(super) fn cancel(&mut self, symbol: SymbolId, client: ClientId, out: &mut Outbox) {
        if self.orders.cancelling(client) {
            out.commands.push(Command::Cancel { symbol, client });
        }
    }

    /// Does what was wished for, first to last.
    pub(super) fn grant(&mut self, now: Nanos, out: &mut Outbox) -> Result<(), Error> {
        let mut next = 0;
        while let Some(wish) = self.wishes.get(next) {
            next += 1;
            let declined = match wish {
                Wish::Enter(entry) => self.enter(now, entry, out)?,
                Wish::Rescore { symbol, score } => {
                    self.rescore(now, symbol, score, out)?;
                    None
                }
                Wish::Leave { symbol, why } => {
                    // Whoever wants nothing held wants nothing opened after it either.
                    self.desk(symbol)?.plan.next = None;
                    let had = self.leave(now, symbol, ExitReason::Signal(why), out)?;
                    (!had).then_some(crate::outbox::Declined::Already)
                }
            };
            if let Some(why) = declined {
                out.notes.push(Note::Declined { at: now, wish, why });
            }
        }
        self.wishes.clear();
        Ok(())
    }
}
