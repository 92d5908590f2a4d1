use clock::Nanos;
use market::SymbolId;

use super::Core;
use crate::Error;
use crate::outbox::Outbox;
use crate::strategy::Strategy;

/// No entry rests.
pub(super) const NEVER: Nanos = Nanos(i64::MAX);

/// Entries that rest at the venue. What is filled of one is held and guarded like any position,
/// while the rest of it waits.
impl<S: Strategy> Core<S> {
    /// An entry has left, to rest for so long.
    pub(super) fn wait_for(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        patience: i64,
    ) -> Result<(), Error> {
        let until = now.plus(patience);
        self.desk(symbol)?.plan.until = Some(until);
        self.patience_ends = self.patience_ends.min(until);
        Ok(())
    }

    /// Takes back every entry that has rested for as long as it may.
    pub(super) fn lose_patience(&mut self, now: Nanos, out: &mut Outbox) -> Result<(), Error> {
        if now < self.patience_ends {
            return Ok(());
        }
        self.patience_ends = NEVER;
        for at in 0..self.desks.len() {
            match self.desks[at].plan.until {
                Some(until) if until <= now => self.take_back(SymbolId(at as u32), out),
                Some(until) => self.patience_ends = self.patience_ends.min(until),
                None => {}
            }
        }
        Ok(())
    }

    /// Takes back what rests of the entry of a contract; what was filled stays.
    pub(super) fn take_back(&mut self, symbol: SymbolId, out: &mut Outbox) {
        let Some(desk) = self.desks.get_mut(symbol.0 as usize) else { return };
        desk.plan.until = None;
        if desk.plan.is_resting()
            && let Some(client) = desk.plan.opening
        {
            self.cancel(symbol, client, out);
        }
    }

    /// Takes back all that rests.
    pub(super) fn take_all_back(&mut self, out: &mut Outbox) {
        for at in 0..self.desks.len() {
            self.take_back(SymbolId(at as u32), out);
        }
    }
}
