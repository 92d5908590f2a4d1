//! The order book of one contract, kept in step with the venue as it documents: buffer changes,
//! take a snapshot, drop what is older, begin with the change that spans the snapshot, and from
//! then on accept only the change that names the one before it. Anything else is a gap: the book
//! says so and waits for another snapshot.

mod ladder;

use clock::Nanos;

pub use ladder::Ladder;

use crate::{Body, Event, Flags, Level, Side, SymbolId};

/// Most events held while a snapshot is awaited: over a minute of a busy contract, and at
/// most 20 MB. Beyond it the oldest changes are useless, since a snapshot that old is never given.
pub const MAX_BUFFERED: usize = 1 << 17;

/// How far a book can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookState {
    /// Nothing is known. Ask for a snapshot once changes arrive.
    Unsynced,
    /// Changes are buffered; a snapshot is awaited.
    Buffering,
    /// A snapshot is in; the change that spans it is awaited. Not to be traded on yet.
    Bridging,
    /// In step with the venue.
    Live,
}

/// What an event did to a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookChange {
    /// Of another contract, or no event of a book.
    NotMine,
    /// A change or snapshot has begun or goes on: the book is not whole until its last event.
    Pending,
    /// A change was applied: the book is whole, live and not crossed.
    Applied,
    /// A change was applied and the best bid is not below the best ask. Counted; the venue does
    /// not do this, so what follows from the book is not to be trusted.
    Crossed,
    /// A change was put aside until a snapshot comes.
    Buffered,
    /// The buffer was full: everything in it was dropped, and buffering begins anew.
    Overflowed,
    /// A change older than the snapshot, or a snapshot nobody needs, was dropped.
    Stale,
    /// A snapshot is in, and so are the changes after it, if any were buffered.
    Loaded,
    /// The snapshot ends before the buffered changes begin: ask for a newer one.
    SnapshotTooOld,
    /// Changes are missing: ask for a snapshot. Said at the beginning of the change that does not
    /// follow, which is put aside.
    Gap,
    /// Levels without a beginning, or fewer or more than announced: ask for a snapshot.
    Torn,
}

/// How often what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookCounts {
    /// Changes applied, buffered ones included.
    pub applied: u64,
    /// Those of them that had been buffered.
    pub from_buffer: u64,
    /// Changes dropped because the snapshot already had them.
    pub stale: u64,
    /// Changes dropped because the buffer was full.
    pub overflowed: u64,
    /// Snapshots taken.
    pub snapshots: u64,
    /// Snapshots dropped: not needed, or older than the changes.
    pub snapshots_dropped: u64,
    /// Times changes were missing.
    pub gaps: u64,
    /// Times a change or snapshot was not whole.
    pub torn: u64,
    /// Times the best bid was not below the best ask after a change.
    pub crossed: u64,
}

/// What is being read between a beginning and its last level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    Nothing,
    /// A change goes straight into the ladders.
    Change {
        last: u64,
        left: u32,
    },
    /// A change goes into the buffer.
    Aside {
        left: u32,
    },
    /// A snapshot goes into the ladders.
    Snapshot {
        left: u32,
    },
    /// A change or snapshot goes nowhere.
    Dropped {
        left: u32,
    },
}

/// The order book of one contract.
#[derive(Debug, Clone)]
pub struct Book {
    symbol: SymbolId,
    state: BookState,
    reading: Reading,
    bids: Ladder,
    asks: Ladder,
    /// Last update number of what the ladders hold.
    last: u64,
    time: Nanos,
    buffer: Vec<Event>,
    counts: BookCounts,
}

impl Book {
    /// An empty book.
    pub fn new(symbol: SymbolId) -> Self {
        Self {
            symbol,
            state: BookState::Unsynced,
            reading: Reading::Nothing,
            bids: Ladder::new(Side::Buy),
            asks: Ladder::new(Side::Sell),
            last: 0,
            time: Nanos::default(),
            buffer: Vec::new(),
            counts: BookCounts::default(),
        }
    }

    /// Of which contract.
    pub fn symbol(&self) -> SymbolId {
        self.symbol
    }

    /// How far it can be trusted.
    pub fn state(&self) -> BookState {
        self.state
    }

    /// How often what happened.
    pub fn counts(&self) -> BookCounts {
        self.counts
    }

    /// When the venue made the last change that was applied.
    pub fn time(&self) -> Nanos {
        self.time
    }

    /// Last update number of what the book holds.
    pub fn last_update(&self) -> u64 {
        self.last
    }

    /// The best bid; none unless the book is live and whole.
    pub fn best_bid(&self) -> Option<Level> {
        self.is_readable().then(|| self.bids.best()).flatten()
    }

    /// The best ask; none unless the book is live and whole.
    pub fn best_ask(&self) -> Option<Level> {
        self.is_readable().then(|| self.asks.best()).flatten()
    }

    /// The bids, as far as they can be trusted by [`Book::state`].
    pub fn bids(&self) -> &Ladder {
        &self.bids
    }

    /// The asks, as far as they can be trusted by [`Book::state`].
    pub fn asks(&self) -> &Ladder {
        &self.asks
    }

    /// Forgets everything but the counts: the connection was lost.
    pub fn reset(&mut self) {
        self.buffer.clear();
        self.lose();
    }

    /// Takes one event. Levels take effect as they come; look at the book when
    /// [`BookChange::Applied`] is returned.
    pub fn apply(&mut self, event: &Event) -> BookChange {
        if event.symbol != self.symbol {
            return BookChange::NotMine;
        }
        match event.body {
            Body::DepthStart { first, last, previous, levels } => {
                let torn = self.tear();
                let gap = self.begin_change(event, first, last, previous, levels);
                let begun = self.after_begin(event.flags, levels);
                torn.or(gap).unwrap_or(begun)
            }
            Body::SnapshotStart { last, levels } => {
                let torn = self.tear();
                self.begin_snapshot(event, last, levels);
                let begun = self.after_begin(event.flags, levels);
                torn.unwrap_or(begun)
            }
            Body::DepthLevel { side, level } => self.level(event, side, level),
            _ => BookChange::NotMine,
        }
    }

    fn is_readable(&self) -> bool {
        self.state == BookState::Live && self.reading == Reading::Nothing
    }

    /// A beginning while something is still being read: that will never be whole.
    fn tear(&mut self) -> Option<BookChange> {
        (self.reading != Reading::Nothing).then(|| self.torn())
    }

    /// Decides where a change goes; a gap is said at once.
    fn begin_change(
        &mut self,
        event: &Event,
        first: u64,
        last: u64,
        previous: u64,
        levels: u32,
    ) -> Option<BookChange> {
        let follows = match self.state {
            BookState::Live => previous == self.last,
            BookState::Bridging if last < self.last => {
                self.reading = Reading::Dropped { left: levels };
                self.counts.stale += 1;
                return None;
            }
            BookState::Bridging => first <= self.last,
            BookState::Unsynced | BookState::Buffering => {
                self.put_aside(event, levels);
                return None;
            }
        };
        if follows {
            self.time = event.exchange;
            self.reading = Reading::Change { last, left: levels };
            return None;
        }
        self.counts.gaps += 1;
        self.lose();
        self.put_aside(event, levels);
        Some(BookChange::Gap)
    }

    fn begin_snapshot(&mut self, event: &Event, last: u64, levels: u32) {
        // A live book has nothing to learn from one.
        if self.state == BookState::Live {
            self.counts.snapshots_dropped += 1;
            self.reading = Reading::Dropped { left: levels };
            return;
        }
        self.bids.clear();
        self.asks.clear();
        self.last = last;
        self.time = event.exchange;
        self.reading = Reading::Snapshot { left: levels };
    }

    fn put_aside(&mut self, event: &Event, levels: u32) {
        self.state = BookState::Buffering;
        self.reading = Reading::Aside { left: levels };
        self.buffer.push(*event);
    }

    /// A change may have no levels at all: then its beginning is its end.
    fn after_begin(&mut self, flags: Flags, levels: u32) -> BookChange {
        match (flags.has(Flags::LAST), levels) {
            (true, 0) => self.finish(),
            (true, _) | (false, 0) => self.torn(),
            (false, _) => BookChange::Pending,
        }
    }

    fn level(&mut self, event: &Event, side: Side, level: Level) -> BookChange {
        let (Reading::Change { left, .. }
        | Reading::Aside { left }
        | Reading::Snapshot { left }
        | Reading::Dropped { left }) = &mut self.reading
        else {
            return self.torn();
        };
        let Some(rest) = left.checked_sub(1) else { return self.torn() };
        *left = rest;
        match self.reading {
            Reading::Aside { .. } => self.buffer.push(*event),
            Reading::Change { .. } | Reading::Snapshot { .. } => self.set(side, level),
            Reading::Dropped { .. } | Reading::Nothing => {}
        }
        match (event.flags.has(Flags::LAST), rest) {
            (true, 0) => self.finish(),
            (true, _) | (false, 0) => self.torn(),
            (false, _) => BookChange::Pending,
        }
    }

    fn set(&mut self, side: Side, level: Level) {
        match side {
            Side::Buy => self.bids.set(level),
            Side::Sell => self.asks.set(level),
        }
    }

    fn finish(&mut self) -> BookChange {
        match std::mem::replace(&mut self.reading, Reading::Nothing) {
            Reading::Change { last, .. } => {
                self.last = last;
                self.state = BookState::Live;
                self.counts.applied += 1;
                self.look()
            }
            Reading::Aside { .. } if self.buffer.len() > MAX_BUFFERED => {
                let starts = |event: &&Event| matches!(event.body, Body::DepthStart { .. });
                self.counts.overflowed += self.buffer.iter().filter(starts).count() as u64;
                self.buffer.clear();
                BookChange::Overflowed
            }
            Reading::Aside { .. } => BookChange::Buffered,
            Reading::Snapshot { .. } => self.replay(),
            Reading::Dropped { .. } => BookChange::Stale,
            Reading::Nothing => BookChange::Torn,
        }
    }

    /// The snapshot is in: the changes that were put aside follow, unless it is too old for them.
    fn replay(&mut self) -> BookChange {
        let snapshot = self.last;
        let first_kept = self.buffer.iter().find_map(|event| match event.body {
            Body::DepthStart { first, last, .. } if last >= snapshot => Some(first),
            _ => None,
        });
        if first_kept.is_some_and(|first| first > snapshot) {
            self.counts.snapshots_dropped += 1;
            self.lose();
            self.state = BookState::Buffering;
            return BookChange::SnapshotTooOld;
        }
        self.counts.snapshots += 1;
        self.state = BookState::Bridging;
        let before = self.counts.applied;
        let mut change = BookChange::Loaded;
        // The buffer is taken out whole: should it have a gap inside, what follows the gap is put
        // aside again by the same rules.
        for event in std::mem::take(&mut self.buffer) {
            match self.apply(&event) {
                BookChange::Gap => change = BookChange::Gap,
                BookChange::Crossed if change == BookChange::Loaded => change = BookChange::Crossed,
                _ => {}
            }
        }
        self.counts.from_buffer += self.counts.applied - before;
        change
    }

    fn look(&mut self) -> BookChange {
        let crossed = match (self.bids.best(), self.asks.best()) {
            (Some(bid), Some(ask)) => bid.price >= ask.price,
            _ => false,
        };
        if crossed {
            self.counts.crossed += 1;
            return BookChange::Crossed;
        }
        BookChange::Applied
    }

    fn torn(&mut self) -> BookChange {
        self.counts.torn += 1;
        self.buffer.clear();
        self.lose();
        BookChange::Torn
    }

    fn lose(&mut self) {
        self.state = BookState::Unsynced;
        self.reading = Reading::Nothing;
        self.bids.clear();
        self.asks.clear();
    }
}
