mod trade_bars;

use std::ops::Range;
use std::sync::Arc;

use clock::Nanos;
use market::{Body, Event, SymbolId};

/// Where an event stands among those of other recordings.
pub(crate) type Place = (Nanos, bool, SymbolId);

/// The one order: see [`Feed`].
pub(crate) fn place(event: &Event) -> Place {
    (event.receive, matches!(event.body, Body::Funding { .. }), event.symbol)
}

/// Recorded events of any number of contracts in one order: by the time they are told, then by
/// the number of their contract, then as they came. Funding of a moment is settled after the bars that
/// end at it. Clones and stretches share the recording.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    recorded: Arc<Vec<Event>>,
    part: Range<usize>,
}

impl Feed {
    /// Puts recordings into one order.
    pub fn merge(recordings: impl IntoIterator<Item = Vec<Event>>) -> Self {
        let mut recorded: Vec<Event> = recordings.into_iter().flatten().collect();
        // Stable: events of one contract and one moment stay as they came.
        recorded.sort_by_key(place);
        Self::of(recorded)
    }

    /// Events that are in order.
    fn of(recorded: Vec<Event>) -> Self {
        Self { part: 0..recorded.len(), recorded: Arc::new(recorded) }
    }

    /// All of them.
    pub fn events(&self) -> &[Event] {
        &self.recorded[self.part.clone()]
    }

    /// Those told from one moment on and before another.
    pub fn between(&self, from: Nanos, to: Nanos) -> Self {
        let events = self.events();
        let place = |moment| self.part.start + events.partition_point(|e| e.receive < moment);
        let (from, to) = (place(from), place(to));
        Self { recorded: Arc::clone(&self.recorded), part: from..to.max(from) }
    }

    /// How many bars it holds.
    pub fn bars(&self) -> usize {
        self.events().iter().filter(|event| matches!(event.body, Body::Bar(_))).count()
    }
}
