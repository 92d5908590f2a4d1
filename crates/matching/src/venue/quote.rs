use clock::Nanos;
use market::{
    BookState, Event, Level, Liquidity, Lots, OrderKind, Outcome, Report, Side, SymbolId, Ticks,
    TimeInForce,
};

use super::{Pit, Venue, report, takes, wakes};
use crate::Error;

impl Venue {
    /// Every order looks at the quotes: what takes is filled from them, what waits wakes, what has
    /// come to rest stands at the end of its queue.
    pub(super) fn meet_quotes(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let mut at = 0;
        loop {
            let pit = &self.pits[symbol.0 as usize];
            let (Some(standing), Some((bid, ask))) =
                (pit.standing.get(at).copied(), pit.tops.best())
            else {
                return Ok(());
            };
            let order = standing.order;
            let count = pit.standing.len();
            match order.kind {
                OrderKind::Market => self.take(now, symbol, at, None, out)?,
                OrderKind::Stop { .. } | OrderKind::TakeProfit { .. } => {
                    if pit.price(order.side).is_some_and(|price| wakes(&order, price)) {
                        out.push(report(&order, now, Outcome::Triggered));
                        self.take(now, symbol, at, None, out)?;
                    }
                }
                OrderKind::Limit { price, time_in_force } => {
                    let crosses = takes(&order, bid.price, ask.price);
                    if standing.is_new {
                        self.arrive(now, symbol, at, (price, time_in_force), crosses, out)?;
                    } else if crosses {
                        // The market came to it, and through it: it is filled at its own price.
                        let all = (price, standing.left);
                        self.fill(now, symbol, at, all, Liquidity::Maker, out)?;
                    } else if standing.ahead.is_none() {
                        // It came to rest where no quotes were known: all that is seen now may
                        // have stood before it.
                        let ahead = pit.queue(order.side, price);
                        self.pits[symbol.0 as usize].standing[at].ahead = Some(ahead);
                    }
                }
            }
            // An order that is gone leaves its place to the next.
            at += usize::from(self.pits[symbol.0 as usize].standing.len() == count);
        }
    }

    /// A limit order meets the book for the first time.
    fn arrive(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        at: usize,
        (price, time_in_force): (Ticks, TimeInForce),
        crosses: bool,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let pit = &mut self.pits[symbol.0 as usize];
        let order = pit.standing[at].order;
        pit.standing[at].is_new = false;
        if time_in_force == TimeInForce::Fok {
            let offered: i64 = pit
                .offers(order.side)
                .filter(|level| is_within(level.price, price, order.side))
                .fold(0, |sum, level| sum.saturating_add(level.quantity.0));
            if offered < order.quantity.0 {
                self.expire(now, symbol, at, out);
                return Ok(());
            }
        }
        if crosses {
            let client = order.client;
            self.take(now, symbol, at, Some(price), out)?;
            let pit = &self.pits[symbol.0 as usize];
            if pit.standing.get(at).is_none_or(|s| s.order.client != client) {
                return Ok(());
            }
        }
        if matches!(time_in_force, TimeInForce::Ioc | TimeInForce::Fok) {
            self.expire(now, symbol, at, out);
            return Ok(());
        }
        let pit = &mut self.pits[symbol.0 as usize];
        pit.standing[at].ahead = Some(pit.queue(order.side, price));
        Ok(())
    }

    /// Takes what is offered, up to a limit. A market order that finds less than it wants pays
    /// the slippage that is taken for granted on the rest.
    fn take(
        &mut self,
        now: Nanos,
        symbol: SymbolId,
        at: usize,
        limit: Option<Ticks>,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let pit = &self.pits[symbol.0 as usize];
        let order = pit.standing[at].order;
        let within = |level: &Level| limit.is_none_or(|l| is_within(level.price, l, order.side));
        let mut wanted = pit.standing[at].left;
        let mut found = Vec::new();
        for level in pit.offers(order.side).take_while(within) {
            let lots = level.quantity.min(wanted);
            found.push((level.price, lots));
            wanted = Lots(wanted.0 - lots.0);
            if wanted == Lots(0) {
                break;
            }
        }
        if let (None, true, Some((deepest, _))) = (limit, wanted > Lots(0), found.last()) {
            found.push((self.slipped(*deepest, order.side), wanted));
        }
        for part in found {
            let here = &self.pits[symbol.0 as usize].standing;
            if here.get(at).is_none_or(|s| s.order.client != order.client) {
                break;
            }
            self.fill(now, symbol, at, part, Liquidity::Taker, out)?;
        }
        Ok(())
    }

    /// A trade at the venue: it shortens queues at its price, fills what stands at better ones,
    /// and is the price by which waiting orders wake.
    pub(super) fn meet_trade(
        &mut self,
        event: &Event,
        price: Ticks,
        quantity: Lots,
        aggressor: Side,
        out: &mut Vec<Report>,
    ) -> Result<(), Error> {
        let (symbol, now) = (event.symbol, event.exchange);
        let mut left = quantity;
        let mut at = 0;
        while let Some(standing) = self.pits[symbol.0 as usize].standing.get(at).copied() {
            let count = self.pits[symbol.0 as usize].standing.len();
            let order = standing.order;
            if let OrderKind::Limit { price: own, .. } = order.kind
                && !standing.is_new
                && order.side != aggressor
            {
                let through = own != price && is_within(price, own, order.side);
                if through {
                    self.fill(now, symbol, at, (own, standing.left), Liquidity::Maker, out)?;
                } else if let (true, Some(ahead)) = (own == price, standing.ahead) {
                    let passed = ahead.min(left);
                    self.pits[symbol.0 as usize].standing[at].ahead =
                        Some(Lots(ahead.0 - passed.0));
                    left = Lots(left.0 - passed.0);
                    let filled = self.fill(now, symbol, at, (own, left), Liquidity::Maker, out)?;
                    left = Lots(left.0 - filled.0);
                }
            }
            at += usize::from(self.pits[symbol.0 as usize].standing.len() == count);
        }
        Ok(())
    }
}

impl Pit {
    /// What is offered to a taking order of a side, best first: the best quote, and behind it the
    /// book where it is whole. Levels of the book that the quote has passed are gone, though the
    /// book has not been told.
    fn offers(&self, side: Side) -> impl Iterator<Item = Level> + '_ {
        let is_whole = self.knows_book();
        let ladder = if side == Side::Buy { self.book.asks() } else { self.book.bids() };
        let quote = self.tops.best().map(|(bid, ask)| if side == Side::Buy { ask } else { bid });
        let is_behind = move |level: &Level| {
            quote.is_none_or(|quote| !is_within(level.price, quote.price, side))
        };
        quote.into_iter().chain(ladder.iter().filter(move |level| is_whole && is_behind(level)))
    }

    /// Whether the book is whole, and goes on as the quotes do.
    fn knows_book(&self) -> bool {
        self.book.state() == BookState::Live && self.tops.has_book()
    }

    /// What stands at a price of a side.
    fn queue(&self, side: Side, price: Ticks) -> Lots {
        if self.knows_book() {
            let ladder = if side == Side::Buy { self.book.bids() } else { self.book.asks() };
            return ladder.quantity_at(price).unwrap_or_default();
        }
        let quote = self.tops.best().map(|(bid, ask)| if side == Side::Buy { bid } else { ask });
        quote.filter(|level| level.price == price).map_or(Lots(0), |level| level.quantity)
    }
}

/// Whether a price is at a limit or better, for a side.
fn is_within(price: Ticks, limit: Ticks, side: Side) -> bool {
    match side {
        Side::Buy => price <= limit,
        Side::Sell => price >= limit,
    }
}
