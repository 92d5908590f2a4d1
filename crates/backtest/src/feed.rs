use market::{Body, Event};

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
        let is_funding = |event: &Event| matches!(event.body, Body::Funding { .. });
        // Stable: events of one contract and one moment stay as they came.
        events.sort_by_key(|event| (event.receive, is_funding(event), event.symbol));
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
