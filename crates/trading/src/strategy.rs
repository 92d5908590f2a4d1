//! What anyone who wants something of a market implements, and how it says what it wants.
//!
//! A strategy sees closed bars and live prices, and asks for positions. It never sizes, never
//! sends, never sees the future: what it asks goes through sizing, slots and risk like anything
//! else.

use clock::Nanos;
use market::{
    Bar, Contract, Event, Flags, Level, OrderKind, SymbolId, Ticks, TimeInForce, Timeframe,
};

use crate::exits::Exits;
use crate::portfolio::{Net, Position};

pub use market::Side;

/// How good a chance looks beside others, 0 to 1. A ranking and no probability: nothing here has
/// measured how often it comes true.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f64);

impl Score {
    /// Neither better nor worse than another: for strategies that do not rank.
    pub const MIDDLE: Self = Self(0.5);

    /// None outside 0 to 1, and for what is no number.
    pub fn new(score: f64) -> Option<Self> {
        (0.0..=1.0).contains(&score).then_some(Self(score))
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Something a strategy wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Wish {
    /// To hold a contract. A position of the other side is closed first, and opened only when it
    /// is; one of the same side stays as it is.
    Enter(Entry),
    /// To see what is held of a contract scored anew: by it positions are compared when one has to
    /// give way, and below its [`Exits::least`] it ends.
    Rescore {
        /// Of which contract.
        symbol: SymbolId,
        /// How good it looks now.
        score: Score,
    },
    /// To hold nothing of a contract.
    Leave {
        /// Of which contract.
        symbol: SymbolId,
        /// Why, in a word for reports.
        why: &'static str,
    },
}

/// A position that is wanted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Of which contract.
    pub symbol: SymbolId,
    /// Long or short.
    pub side: Side,
    /// How good it looks beside others.
    pub score: Score,
    /// How it is entered.
    pub approach: Approach,
    /// Where it ends.
    pub exits: Exits,
    /// What was seen, in a word for reports.
    pub setup: &'static str,
    /// Where on the chart it was seen; none where that is no place.
    pub seen: Option<Seen>,
}

/// A place on a chart, for reports and for whoever asks why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// When it began.
    pub since: Nanos,
    /// Its lower edge; of a level, the level.
    pub low: Ticks,
    /// Its upper edge.
    pub high: Ticks,
}

impl Entry {
    /// A position that is wanted at the market, for what is no place on the chart.
    pub fn new(
        symbol: SymbolId,
        side: Side,
        score: Score,
        exits: Exits,
        setup: &'static str,
    ) -> Self {
        let approach = Approach::Market;
        Self { symbol, side, score, approach, exits, setup, seen: None }
    }
}

/// How a position is entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Approach {
    /// At whatever the book offers.
    #[default]
    Market,
    /// At a price or better, at once or not at all.
    Take {
        /// The worst price.
        price: Ticks,
        /// Whether a part of it is of no use.
        whole: bool,
    },
    /// At a price or better, for as long as it is waited for. What is filled by then stays.
    Rest {
        /// The worst price.
        price: Ticks,
        /// Whether it may only stand, and is given up where it would take.
        post_only: bool,
        /// The longest it is waited for, in nanoseconds; then it is taken back.
        patience: i64,
    },
}

impl Approach {
    /// The order it becomes.
    pub fn kind(self) -> OrderKind {
        let (price, time_in_force) = match self {
            Self::Market => return OrderKind::Market,
            Self::Take { price, whole: true } => (price, TimeInForce::Fok),
            Self::Take { price, whole: false } => (price, TimeInForce::Ioc),
            Self::Rest { price, post_only: true, .. } => (price, TimeInForce::Gtx),
            Self::Rest { price, post_only: false, .. } => (price, TimeInForce::Gtc),
        };
        OrderKind::Limit { price, time_in_force }
    }

    /// The worst price; none where any will do.
    pub fn limit(self) -> Option<Ticks> {
        match self {
            Self::Market => None,
            Self::Take { price, .. } | Self::Rest { price, .. } => Some(price),
        }
    }

    /// How long it is waited for; none for what does not rest.
    pub fn patience(self) -> Option<i64> {
        match self {
            Self::Market | Self::Take { .. } => None,
            Self::Rest { patience, .. } => Some(patience),
        }
    }
}

/// What a strategy wants, gathered while it looks.
#[derive(Debug)]
pub struct Wishes(Vec<Wish>);

impl Default for Wishes {
    /// Nothing is wanted, and there is room for a few wishes.
    fn default() -> Self {
        Self(Vec::with_capacity(16))
    }
}

impl Wishes {
    /// Wants some things.
    pub fn extend(&mut self, wishes: impl IntoIterator<Item = Wish>) {
        self.0.extend(wishes);
    }

    /// Wants something.
    pub fn push(&mut self, wish: Wish) {
        self.0.push(wish);
    }

    /// What was wanted first, second, and so on.
    pub(crate) fn get(&self, at: usize) -> Option<Wish> {
        self.0.get(at).copied()
    }

    /// Forgets what was wanted.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// One contract as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Now.
    pub now: Nanos,
    /// Which contract.
    pub symbol: SymbolId,
    /// Its grid and limits.
    pub contract: &'a Contract,
    /// The last price, of a trade or a closed bar; none before the first.
    pub last: Option<Ticks>,
    /// The best bid and ask; none where the feed has none.
    pub top: Option<(Level, Level)>,
    /// What is held of it.
    pub position: &'a Position,
}

impl View<'_> {
    /// Lots held.
    pub fn net(&self) -> Net {
        self.position.net()
    }
}

/// Looks at markets and wants something of them.
///
/// The same implementation runs in backtest, paper and live. It must be a pure function of what it
/// is shown: no clock, no chance but from a seed it was made with.
pub trait Strategy {
    /// Its name, with the settings that matter, for reports.
    fn name(&self) -> String;

    /// The lengths of bars it wants beside those of the feed.
    fn timeframes(&self) -> &[Timeframe];

    /// A bar has closed. Bars of one moment come shortest first. The flags say whether any part of
    /// it is synthetic or was repaired.
    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, wishes: &mut Wishes);

    /// Anything else has happened: a trade, a quote, a change of the book, funding.
    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        let _ = (event, view, wishes);
    }
}

impl<S: Strategy + ?Sized> Strategy for Box<S> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn timeframes(&self) -> &[Timeframe] {
        (**self).timeframes()
    }

    fn on_bar(&mut self, bar: &Bar, flags: Flags, view: &View<'_>, wishes: &mut Wishes) {
        (**self).on_bar(bar, flags, view, wishes);
    }

    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        (**self).on_event(event, view, wishes);
    }
}
