use market::{Event, Liquidity, Lots, OrderKind, Report, Ticks};

use super::{Standing, Venue, takes};
use crate::Error;
use crate::venue::bar::Turn;

impl Venue {
    /// A trade where no quotes are known, as in recordings of trades alone: a market order, and a stop
    /// or target that it wakes, is filled at its price with the slippage that is taken for granted; a
    /// limit that would take, at its price. What rests has an unknown queue before it, and is filled only
    /// by a price beyond its own.
    pub(super) fn meet_lone_trade(
        &mut self,
        event: &Event,
        price: Ticks,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let (symbol, now) = (event.symbol, event.exchange);
        let mut at = 0;
        while let Some(standing) = self.pits[symbol.0 as usize].standing.get(at).copied() {
            let turn = match self.rests(&standing, price) {
                Some(turn) => turn,
                None => self.at_open(&standing, price),
            };
            match turn {
                Turn::Fills(price, liquidity) => {
                    let count = self.pits[symbol.0 as usize].standing.len();
                    let all = (price, Lots(i64::MAX));
                    self.fill(now, symbol, at, all, liquidity, out)?;
                    at += usize::from(self.pits[symbol.0 as usize].standing.len() == count);
                }
                Turn::Ends => self.expire(now, symbol, at, out),
                Turn::Waits => {
                    self.pits[symbol.0 as usize].standing[at].is_new = false;
                    at += 1;
                }
            }
        }
        Ok(())
    }

    /// What comes of an order that rests already; none for any other.
    fn rests(&self, standing: &Standing, price: Ticks) -> Option<Turn> {
        let OrderKind::Limit { price: own, .. } = standing.order.kind else { return None };
        if standing.is_new {
            return None;
        }
        let through = own != price && takes(&standing.order, price, price);
        Some(if through { Turn::Fills(own, Liquidity::Maker) } else { Turn::Waits })
    }
}
