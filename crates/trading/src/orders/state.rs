use market::Outcome;

/// Where an order stands.
///
/// ```text
///            .-> Unknown -.
/// Sent -----+--> Open ----+--> PartlyFilled --> Filled
///            '-------------'--> Cancelled, Expired, ExpiredInMatch, Rejected
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderState {
    /// On its way; nothing was heard.
    Sent,
    /// Nobody knows whether the venue has it.
    Unknown,
    /// The venue has it.
    Open,
    /// A part was traded, the rest stands.
    PartlyFilled,
    /// All of it was traded.
    Filled,
    /// Taken back, wholly or the rest of it.
    Cancelled,
    /// Ended by its time in force, wholly or the rest of it.
    Expired,
    /// Ended because it would have traded with ourselves.
    ExpiredInMatch,
    /// The venue would not have it.
    Rejected,
}

impl OrderState {
    /// Whether nothing can come of it but late reports.
    pub fn is_final(self) -> bool {
        match self {
            Self::Sent | Self::Unknown | Self::Open | Self::PartlyFilled => false,
            Self::Filled
            | Self::Cancelled
            | Self::Expired
            | Self::ExpiredInMatch
            | Self::Rejected => true,
        }
    }

    /// The state after a report that is no fill; none if the report says nothing new.
    pub(super) fn after(self, outcome: &Outcome) -> Option<Self> {
        let to = match outcome {
            Outcome::Accepted(_) | Outcome::Triggered => match self {
                Self::Sent | Self::Unknown => Self::Open,
                _ => return None,
            },
            Outcome::Unknown => match self {
                Self::Sent => Self::Unknown,
                _ => return None,
            },
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Expired => Self::Expired,
            Outcome::ExpiredInMatch => Self::ExpiredInMatch,
            Outcome::Rejected(_) => match self {
                // What stands or was traded cannot have been refused.
                Self::Sent | Self::Unknown => Self::Rejected,
                _ => return None,
            },
            Outcome::Filled(_) => return None,
        };
        (!self.is_final()).then_some(to)
    }

    /// The state after a fill. What was ended stays ended: the fill raced its end.
    pub(super) fn traded(self, wholly: bool) -> Self {
        match (self, wholly) {
            (_, true) => Self::Filled,
            (ended, false) if ended.is_final() => ended,
            (_, false) => Self::PartlyFilled,
        }
    }
}
