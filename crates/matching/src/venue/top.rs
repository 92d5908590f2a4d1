use clock::Nanos;
use market::Level;

/// How long quotes are known for after they were told, in nanoseconds: 10 s. Where anybody trades,
/// the best bid or ask changes with every trade and is told at once, so a trade so long after the
/// last quote says that the recording of quotes has ended or has a hole. It is far more than the
/// streams of a venue are ever apart, and than books that are told each 500 ms need.
const KNOWN_FOR: i64 = 10_000_000_000;

/// The best bid and ask of one contract, as long as they are known. Moments are those at which
/// something was told: orders arrive by the same clock.
#[derive(Debug, Default)]
pub(super) struct Tops {
    best: Option<Top>,
    /// When the book was last told.
    book: Option<Nanos>,
}

#[derive(Debug, Clone, Copy)]
struct Top {
    told: Nanos,
    levels: (Level, Level),
    /// Whether book tickers said it: they are told at once, changes of the book are gathered for
    /// 100 ms and more.
    by_ticker: bool,
}

impl Tops {
    /// The best bid and ask; none where they are not known.
    pub(super) fn best(&self) -> Option<(Level, Level)> {
        self.best.map(|top| top.levels)
    }

    /// A book ticker is told.
    pub(super) fn ticker(&mut self, told: Nanos, levels: (Level, Level)) {
        self.best = Some(Top { told, levels, by_ticker: true });
    }

    /// A change of the book is told whole. It says its best levels where the book can be read.
    pub(super) fn book(&mut self, told: Nanos, levels: Option<(Level, Level)>) {
        self.book = Some(told);
        if let Some(levels) = levels
            && !self.best.is_some_and(|top| top.by_ticker)
        {
            self.best = Some(Top { told, levels, by_ticker: false });
        }
    }

    /// The best bid and ask, if they are known at a moment; otherwise they are none from then on.
    pub(super) fn forget_old(&mut self, now: Nanos) -> Option<(Level, Level)> {
        self.best = self.best.filter(|top| now.since(top.told) <= KNOWN_FOR);
        self.best()
    }

    /// They are not known any more.
    pub(super) fn forget(&mut self) {
        self.best = None;
    }

    /// Whether the book was told about when the best levels were.
    pub(super) fn has_book(&self) -> bool {
        let since = self.best.zip(self.book).map(|(top, book)| top.told.since(book));
        since.is_some_and(|since| since <= KNOWN_FOR)
    }
}
