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
/// end at it.
#[derive(Debug, Clone, Default)]
pub struct Feed {
    events: Vec<Event>,
}

impl Feed {
    /// Puts recordings into one order.
    pub fn merge(recordings: impl IntoIterator<Item = Vec<Event>>) -> Self {
        let mut events: Vec<Event> = recordings.into_iter().flatten().collect();
        // Stable: events of one contract and one moment stay as they came.
        events.sort_by_key(place);
        Self { events }
    }

    /// All of them.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// How many bars it holds.
    pub fn bars(&self) -> usize {
        self.events.iter().filter(|event| matches!(event.body, Body::Bar(_))).count()
    }
}
