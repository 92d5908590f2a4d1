use clock::Nanos;
use market::Gap;

use super::Core;
use crate::Error;
use crate::outbox::{Ask, Outbox};
use crate::strategy::Strategy;

impl<S: Strategy> Core<S> {
    /// Goes on behind what the source does not have. Bars that waited behind it are shown now.
    pub(super) fn give_up(&mut self, now: Nanos, ask: &Ask, out: &mut Outbox) -> Result<(), Error> {
        let symbol = ask.symbol;
        let Self { contracts, desks, portfolio, strategy, wishes, closed, .. } = self;
        let contract = contracts.get(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let desk = desks.get_mut(symbol.0 as usize).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let is_asked = |gap: Gap| ask.from <= gap.from && gap.to <= ask.to;
        if !desk.bars.gap().is_some_and(is_asked) {
            return Ok(());
        }
        closed.clear();
        desk.bars.give_up(closed);
        let position = portfolio.position(symbol).ok_or_else(|| Error::UnknownSymbol(symbol))?;
        let view = desk.view(now, symbol, contract, position);
        for (bar, flags) in closed.iter() {
            strategy.on_bar(bar, *flags, &view, wishes);
        }
        desk.ask(symbol, out);
        Ok(())
    }
}
