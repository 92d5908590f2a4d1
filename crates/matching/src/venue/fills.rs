use clock::Nanos;
use market::{Fill, Fixed8, Liquidity, Lots, Outcome, Report, Side, SymbolId, Ticks, TradeId};

use super::{Venue, report};
use crate::Error;

impl Venue {
    /// Fills up to `lots` of a standing order, never more than a reduce-only one may, and forgets
    /// the order when nothing is left. How many.
    pub(super) fn fill(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        at: usize,
        (price, lots): (Ticks, Lots),
        liquidity: Liquidity,
        out: &mut Vec<Report>,
    ) -> Result<Lots, Error> {
        let pit = &mut self.pits[symbol.0 as usize];
        let standing = pit.standing[at];
        let order = standing.order;
        let room = match order.reduce_only {
            true if pit.net.signum() == -order.side.sign() => Lots(pit.net.abs()),
            true => Lots(0),
            false => standing.left,
        };
        let lots = lots.min(standing.left).min(room);
        if lots > Lots(0) {
            let contract = self.contracts.get(symbol).ok_or(Error::Overflow)?;
            let worth = contract.notional(price, lots).ok_or(Error::Overflow)?;
            let fee = worth.times(self.rules.fees.of(liquidity)).ok_or(Error::Overflow)?;
            self.trades += 1;
            pit.net += order.side.sign() * lots.0;
            pit.standing[at].left = Lots(standing.left.0 - lots.0);
            let fill = Fill {
                client: order.client,
                order: standing.id,
                trade: TradeId(self.trades),
                symbol,
                side: order.side,
                price,
                quantity: lots,
                fee: Fixed8(i64::try_from(fee.0).map_err(|_| Error::Overflow)?),
                liquidity,
                time: now,
            };
            out.push(report(&order, now, Outcome::Filled(fill)));
        }
        if pit.standing[at].left == Lots(0) {
            pit.standing.remove(at);
        } else if order.reduce_only && lots == room {
            // There is nothing left to reduce.
            pit.standing.remove(at);
            out.push(report(&order, now, Outcome::Expired));
        }
        Ok(lots)
    }

    /// Ends a standing order by its time in force.
    pub(super) fn expire(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        at: usize,
        out: &mut Vec<Report>,
    ) {
        let gone = self.pits[symbol.0 as usize].standing.remove(at);
        out.push(report(&gone.order, now, Outcome::Expired));
    }

    /// A price made worse for a side by the slippage that is taken for granted, at least by a
    /// tick where there is any, and never below one tick.
    pub(super) fn slipped(&self, price: Ticks, side: Side) -> Ticks {
        let product = i128::from(price.0) * i128::from(self.rules.slippage.0);
        let one = i128::from(Fixed8::ONE.0);
        let ticks = i64::try_from((product + one - 1) / one).unwrap_or(i64::MAX);
        Ticks(price.0.saturating_add(side.sign().saturating_mul(ticks)).max(1))
    }
}
