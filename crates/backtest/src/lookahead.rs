//! Whether anything sees the future: a strategy is run over pasts that are cut short and over
//! futures that are turned upside down, and must have done the same up to the cut.

use std::collections::BTreeMap;

use clock::Nanos;
use fault::{Cancel, Progress, Silent};
use market::{Body, Event, Notional, SymbolId, Ticks};
use serde::Serialize;
use trading::Note;
use trading::strategy::Strategy;

use crate::{Drive, Error, Feed, Outcome, run};

/// What was done to the future.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Altered {
    /// It never came.
    Cut,
    /// Every price of a bar was mirrored at the last close before it.
    Mirrored,
}

/// A moment before which something differs that came after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sight {
    /// The cut, in milliseconds since 1970.
    pub moment_ms: i64,
    /// What was done to the future.
    pub altered: Altered,
    /// The first thing that was done otherwise, with the whole future and with the altered one.
    pub whole: String,
    /// See `whole`.
    pub other: String,
}

/// Runs a strategy over the whole feed, and `cuts` times over each altered one. Returns every
/// moment at which it saw what it could not; empty is right. `make` must make the same strategy
/// each time: one that keeps something between runs is found out too.
///
/// # Errors
/// As [`run`], and whatever `make` says.
pub fn lookahead<S: Strategy, E: From<Error>>(
    feed: &Feed,
    drive: &Drive,
    make: impl Fn() -> Result<S, E>,
    cuts: usize,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Vec<Sight>, E> {
    let whole = run(feed, drive, make()?, &Silent, cancel)?;
    let mut sights = Vec::new();
    let events = feed.events();
    for cut in 1..=cuts {
        // Evenly through the feed, never at its ends.
        let at = events.len() * cut / (cuts + 1);
        let Some(moment) = events.get(at).map(|event| event.receive) else { continue };
        for altered in [Altered::Cut, Altered::Mirrored] {
            let other = run(&alter(feed, moment, altered), drive, make()?, &Silent, cancel)?;
            if let Some((whole, other)) = difference(&whole, &other, moment) {
                sights.push(Sight { moment_ms: moment.millis(), altered, whole, other });
            }
        }
        progress.advance(cut as f64 / cuts as f64);
    }
    Ok(sights)
}

fn alter(feed: &Feed, moment: Nanos, altered: Altered) -> Feed {
    let (known, future): (Vec<Event>, Vec<Event>) =
        feed.events().iter().partition(|event| event.receive <= moment);
    if altered == Altered::Cut {
        return Feed::merge([known]);
    }
    let mut closes: BTreeMap<SymbolId, Ticks> = BTreeMap::new();
    for event in &known {
        if let Body::Bar(bar) = event.body {
            closes.insert(event.symbol, bar.close);
        }
    }
    let mirrored = future.into_iter().map(|mut event| {
        if let (Body::Bar(bar), Some(close)) = (&mut event.body, closes.get(&event.symbol)) {
            let mirror =
                |price: Ticks| Ticks(close.0.saturating_mul(2).saturating_sub(price.0).max(1));
            (bar.open, bar.close) = (mirror(bar.open), mirror(bar.close));
            (bar.high, bar.low) = (mirror(bar.low), mirror(bar.high));
        }
        event
    });
    Feed::merge([known, mirrored.collect()])
}

/// The first thing that was done before a moment, or known at it, in one run and not in the other.
fn difference(whole: &Outcome, other: &Outcome, moment: Nanos) -> Option<(String, String)> {
    let (a, b) = (before(whole, moment), before(other, moment));
    let notes = a.0.len().max(b.0.len());
    let said = |note: Option<&Note>| note.map_or("nothing".to_owned(), |note| format!("{note:?}"));
    let differs = (0..notes).find(|at| a.0.get(*at) != b.0.get(*at));
    if let Some(at) = differs {
        return Some((said(a.0.get(at)), said(b.0.get(at))));
    }
    let points = a.1.iter().zip(&b.1);
    let worth =
        |point: &(Nanos, Notional)| format!("equity {} at {} ms", point.1, point.0.millis());
    points.into_iter().find(|(a, b)| a != b).map(|(a, b)| (worth(a), worth(b)))
}

/// What was done before a moment and known at it. What is done at it may answer the open of the
/// bar that begins then.
fn before(outcome: &Outcome, moment: Nanos) -> (Vec<Note>, Vec<(Nanos, Notional)>) {
    let is_before = |note: &&Note| match note {
        Note::Sent { at, .. }
        | Note::Declined { at, .. }
        | Note::Unsent { at, .. }
        | Note::Halted { at, .. } => *at < moment,
        Note::Closed { trip, .. } => trip.closed < moment,
    };
    let notes = outcome.notes.iter().take_while(is_before).copied().collect();
    let points = outcome.equity.iter().filter(|(at, _)| *at < moment).copied();
    (notes, points.collect())
}
