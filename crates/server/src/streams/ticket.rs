//! Words that open the sound of one stream for a while: for players that can be given an address and
//! nothing else.

use std::collections::BTreeMap;
use std::sync::Mutex;

use clock::Nanos;
use store::UserId;

use super::{StreamId, locked};

/// A long evening.
pub(crate) const LASTS_NANOS: i64 = 12 * 3_600 * 1_000_000_000;
/// Of one user at a time; of more the oldest opens nothing any more.
const MAX_OF_USER: usize = 32;

#[derive(Debug, Clone, Copy)]
struct Ticket {
    stream: StreamId,
    owner: UserId,
    expires: Nanos,
}

/// Those of all users.
#[derive(Debug, Default)]
pub(crate) struct Tickets(Mutex<BTreeMap<String, Ticket>>);

impl Tickets {
    /// Has a word open a stream from now on; until when it does.
    pub(crate) fn issue(
        &self,
        word: String,
        (owner, stream): (UserId, StreamId),
        now: Nanos,
    ) -> Nanos {
        let expires = Nanos(now.0.saturating_add(LASTS_NANOS));
        let mut all = locked(&self.0);
        all.retain(|_, ticket| ticket.expires > now);
        let of_user = || all.iter().filter(|(_, ticket)| ticket.owner == owner);
        if of_user().count() >= MAX_OF_USER
            && let Some(oldest) = of_user().min_by_key(|(_, ticket)| ticket.expires)
        {
            let oldest = oldest.0.clone();
            all.remove(&oldest);
        }
        all.insert(word, Ticket { stream, owner, expires });
        expires
    }

    /// Whose stream a word opens, if it is that one.
    pub(crate) fn owner(&self, word: &str, stream: StreamId, now: Nanos) -> Option<UserId> {
        let ticket = locked(&self.0).get(word).copied()?;
        (ticket.stream == stream && ticket.expires > now).then_some(ticket.owner)
    }
}

#[cfg(test)]
mod tests {
    use super::{LASTS_NANOS, MAX_OF_USER, Tickets};
    use crate::streams::StreamId;
    use clock::Nanos;
    use store::UserId;

    #[test]
    fn a_word_opens_one_stream_for_a_while() {
        let tickets = Tickets::default();
        let expires = tickets.issue("w".to_owned(), (UserId(1), StreamId(7)), Nanos(5));
        assert_eq!(expires, Nanos(5 + LASTS_NANOS));
        assert_eq!(tickets.owner("w", StreamId(7), Nanos(6)), Some(UserId(1)));
        assert_eq!(tickets.owner("w", StreamId(8), Nanos(6)), None);
        assert_eq!(tickets.owner("v", StreamId(7), Nanos(6)), None);
        assert_eq!(tickets.owner("w", StreamId(7), expires), None);
        for n in 0..MAX_OF_USER as i64 {
            tickets.issue(n.to_string(), (UserId(1), StreamId(7)), Nanos(6 + n));
        }
        assert_eq!(tickets.owner("w", StreamId(7), Nanos(50)), None, "the oldest made room");
        assert_eq!(tickets.owner("0", StreamId(7), Nanos(50)), Some(UserId(1)));
    }
}
