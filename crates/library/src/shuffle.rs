//! An order of play by chance, and what comes after a track.

use std::collections::{BTreeMap, BTreeSet};

use clock::Seed;

use crate::ArtistId;

/// One round: every place of a queue once, in an order that the seed and the number of the round
/// decide. Tracks of one artist do not follow one another where that can be. `ended` is the place the
/// round before ended with; the new one does not begin with it.
pub fn round(artists: &[ArtistId], seed: Seed, number: u64, ended: Option<usize>) -> Vec<usize> {
    let mut chance = seed.child("shuffle").child(&number.to_string()).stream("order");
    let mut order: Vec<usize> = (0..artists.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, chance.below(last + 1));
    }
    let mut order = spread(artists, &order, ended.and_then(|place| artists.get(place).copied()));
    if order.len() > 1 && order.first().copied() == ended {
        let other = 1 + chance.below(order.len() - 1);
        order.swap(0, other);
    }
    order
}

/// The same order with as little as possible moved, so that neighbours differ. It can be done while
/// nobody has more than half of what is left; so who comes to that is taken at once.
fn spread(artists: &[ArtistId], order: &[usize], mut last: Option<ArtistId>) -> Vec<usize> {
    let mut waiting: BTreeMap<ArtistId, std::collections::VecDeque<(usize, usize)>> =
        BTreeMap::new();
    for (rank, place) in order.iter().enumerate() {
        if let Some(artist) = artists.get(*place) {
            waiting.entry(*artist).or_default().push_back((rank, *place));
        }
    }
    let head =
        |queue: &std::collections::VecDeque<(usize, usize)>| queue.front().map(|(rank, _)| *rank);
    let mut heads: BTreeMap<usize, ArtistId> =
        waiting.iter().filter_map(|(artist, queue)| Some((head(queue)?, *artist))).collect();
    let mut counts: BTreeSet<(usize, ArtistId)> =
        waiting.iter().map(|(artist, queue)| (queue.len(), *artist)).collect();
    let mut spread = Vec::with_capacity(order.len());
    while let Some(first) = heads.values().next().copied() {
        let left = order.len() - spread.len();
        let most = counts.last().filter(|(count, _)| count * 2 > left).map(|(_, artist)| *artist);
        let other = || heads.values().copied().find(|artist| Some(*artist) != last);
        let next = most.filter(|artist| Some(*artist) != last).or_else(other).unwrap_or(first);
        let Some(queue) = waiting.get_mut(&next) else { break };
        counts.remove(&(queue.len(), next));
        if let Some((rank, place)) = queue.pop_front() {
            heads.remove(&rank);
            spread.push(place);
        }
        if let Some(rank) = head(queue) {
            heads.insert(rank, next);
            counts.insert((queue.len(), next));
        }
        last = Some(next);
    }
    spread
}

/// What is played again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Repeat {
    /// Nothing: after the last one it is over.
    #[default]
    Off,
    /// All of it: after the last one a new round begins.
    All,
    /// The same one, until the listener goes on.
    One,
}

/// Why another track is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The one before is over.
    Ended,
    /// The listener goes on.
    Skipped,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The one at this index of the round.
    At(usize),
    /// The first one of a new round.
    NewRound,
    /// Nothing.
    End,
}

/// What comes after the one at `index` of a round of `length`.
pub fn next(index: usize, length: usize, repeat: Repeat, cause: Cause) -> Next {
    let after = index.saturating_add(1);
    match (repeat, cause) {
        _ if length == 0 => Next::End,
        (Repeat::One, Cause::Ended) if index < length => Next::At(index),
        _ if after < length => Next::At(after),
        (Repeat::Off, _) => Next::End,
        (Repeat::All | Repeat::One, _) => Next::NewRound,
    }
}
