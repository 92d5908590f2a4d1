use market::{Bar, Liquidity, Lots, OrderKind, Report, Side, SymbolId, Ticks, TimeInForce};

use super::{Standing, Venue, takes, wakes};
use crate::Error;

/// What an order comes to at a price.
pub(super) enum Turn {
    /// It goes on waiting.
    Waits,
    /// It is filled.
    Fills(Ticks, Liquidity),
    /// Its time in force ends it.
    Ends,
}

impl Venue {
    /// A bar opens: every order that arrived before meets its open.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn open_bar(
        &mut self,
        symbol: SymbolId,
        bar: &Bar,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let Some(pit) = self.pits.get_mut(symbol.0 as usize) else { return Ok(()) };
        pit.last = Some(bar.open);
        // A bar is played where nothing finer is known.
        pit.tops.forget();
        // Where nobody traded there was nobody to trade with.
        if bar.volume == Lots(0) {
            return Ok(());
        }
        let mut at = 0;
        while let Some(standing) = self.pits[symbol.0 as usize].standing.get(at).copied() {
            if standing.arrived > bar.open_time {
                at += 1;
                continue;
            }
            match self.at_open(&standing, bar.open) {
                Turn::Fills(price, liquidity) => {
                    self.close_out(symbol, at, bar, (price, liquidity), out)?;
                }
                Turn::Ends => self.expire(bar.open_time, symbol, at, out),
                Turn::Waits => {
                    let standing = &mut self.pits[symbol.0 as usize].standing[at];
                    (standing.is_new, standing.inside_a_bar) = (false, false);
                    at += 1;
                }
            }
        }
        Ok(())
    }

    pub(super) fn at_open(&self, standing: &Standing, open: Ticks) -> Turn {
        let order = &standing.order;
        let side = order.side;
        match order.kind {
            OrderKind::Market => Turn::Fills(self.slipped(open, side), Liquidity::Taker),
            OrderKind::Stop { .. } | OrderKind::TakeProfit { .. } if wakes(order, open) => {
                // The price jumped over the trigger: the open is what there is.
                Turn::Fills(self.slipped(open, side), Liquidity::Taker)
            }
            OrderKind::Stop { .. } | OrderKind::TakeProfit { .. } => Turn::Waits,
            OrderKind::Limit { price, time_in_force } => {
                let takes = takes(order, open, open);
                match (standing.is_new, takes, time_in_force) {
                    // It stood there: it is filled at its own price, gap or not.
                    (false, true, _) => Turn::Fills(price, Liquidity::Maker),
                    (true, true, TimeInForce::Gtx) => Turn::Ends,
                    (true, true, _) => Turn::Fills(open, Liquidity::Taker),
                    (true, false, TimeInForce::Ioc | TimeInForce::Fok) => Turn::Ends,
                    (_, false, _) => Turn::Waits,
                }
            }
        }
    }

    /// The inside of a bar, as dark as it can have been: stops first, then the rest. Call it again
    /// after the account has answered, until it reports nothing: what came while it was played may
    /// be stopped by it, and is filled by it in no other way.
    ///
    /// # Errors
    /// [`Error::Overflow`].
    pub fn run_bar(
        &mut self,
        symbol: SymbolId,
        bar: &Bar,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let Some(pit) = self.pits.get_mut(symbol.0 as usize) else { return Ok(()) };
        pit.inside_a_bar = true;
        for stops in [true, false] {
            let mut at = 0;
            while let Some(standing) = self.pits[symbol.0 as usize].standing.get(at).copied() {
                let is_stop = matches!(standing.order.kind, OrderKind::Stop { .. });
                let unknown = standing.inside_a_bar && !is_stop;
                if standing.arrived > bar.open_time || is_stop != stops || unknown {
                    at += 1;
                    continue;
                }
                match self.inside(&standing, bar) {
                    Turn::Fills(price, liquidity) => {
                        self.close_out(symbol, at, bar, (price, liquidity), out)?;
                    }
                    Turn::Waits | Turn::Ends => at += 1,
                }
            }
        }
        Ok(())
    }

    fn inside(&self, standing: &Standing, bar: &Bar) -> Turn {
        let order = &standing.order;
        let against = if order.side == Side::Buy { bar.high } else { bar.low };
        let in_favour = if order.side == Side::Buy { bar.low } else { bar.high };
        match order.kind {
            OrderKind::Stop { trigger } if wakes(order, against) => {
                Turn::Fills(self.slipped(trigger, order.side), Liquidity::Taker)
            }
            OrderKind::TakeProfit { trigger } if wakes(order, in_favour) => {
                Turn::Fills(self.slipped(trigger, order.side), Liquidity::Taker)
            }
            // Touched is not filled: others stood before it.
            OrderKind::Limit { price, .. } if takes(order, in_favour, in_favour) => {
                if price == in_favour { Turn::Waits } else { Turn::Fills(price, Liquidity::Maker) }
            }
            _ => Turn::Waits,
        }
    }

    /// The bar is over.
    pub fn close_bar(&mut self, symbol: SymbolId, bar: &Bar) {
        let Some(pit) = self.pits.get_mut(symbol.0 as usize) else { return };
        (pit.last, pit.inside_a_bar) = (Some(bar.close), false);
        for standing in pit.standing.iter_mut().filter(|s| s.arrived <= bar.open_time) {
            (standing.is_new, standing.inside_a_bar) = (false, false);
        }
    }

    fn close_out(
        &mut self,
        symbol: SymbolId,
        at: usize,
        bar: &Bar,
        (price, liquidity): (Ticks, Liquidity),
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let all = Lots(i64::MAX);
        self.fill(bar.open_time, symbol, at, (price, all), liquidity, out).map(|_| ())
    }
}
