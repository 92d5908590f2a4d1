//! The way between the core and the simulated venue, and how long it takes.
//!
//! With quotes or trades, commands and reports travel for as long as the assumptions say. With bars
//! alone, and wherever quotes and trades have ended or not begun, a bar is played in three acts: its
//! open, where whatever waited is filled; its inside, stops first; its close, which the core then
//! sees. What the core answers within an act is back at the venue before the act is over, so that a
//! position is guarded from its first bar on. The travel time of an order is then part of the
//! slippage.

use std::collections::VecDeque;

use clock::Nanos;
use market::{Bar, Body, Event, Flags, Lots, Report, SymbolId};
use matching::Venue;
use trading::strategy::Strategy;
use trading::{Ask, Command, Core, Input, Note, Outbox};

use crate::digest::Digest;
use crate::{Error, Feed};

/// Answers within one act of a bar. A core that still answers after so many rounds goes in
/// circles.
const MAX_ROUNDS: usize = 1_000;

/// Notes and reports that a run has room for at first: copying them as they grow cost a twentieth of
/// it.
const RECORDED: usize = 16_384;

/// How far a contract was told of, by the venue's time.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Its last quote or trade.
    quote: Option<Nanos>,
    /// The open of its last bar in which anybody traded.
    bar: Option<Nanos>,
}

impl Known {
    /// Whether a bar is not played, because what it is made of is: a quote or a trade is known of
    /// its time or of what came after, or nobody traded in it, which is no sign that trades are
    /// missing.
    fn covers(self, bar: &Bar) -> bool {
        self.quote.is_some_and(|quote| quote >= bar.open_time || bar.volume == Lots(0))
    }

    /// Whether quotes or trades go on, as far as bars tell.
    fn is_quoted(self) -> bool {
        self.quote.is_some_and(|quote| self.bar.is_none_or(|open| quote >= open))
    }
}

/// Core, venue, and what is under way between them.
pub(crate) struct Passage<S> {
    pub(crate) core: Core<S>,
    pub(crate) venue: Venue,
    out: Outbox,
    reports: Vec<Report>,
    inbox: VecDeque<Report>,
    to_venue: VecDeque<(Nanos, Command)>,
    to_core: VecDeque<(Nanos, Report)>,
    /// Who is asked for bars that are missing, and when which answers are in.
    repairs: Option<Feed>,
    answers: VecDeque<(Nanos, Ask)>,
    /// How far each contract was told of.
    known: Vec<Known>,
    /// Every report that the core heard.
    pub(crate) heard: Vec<Report>,
    digest: Digest,
}

impl<S: Strategy> Passage<S> {
    pub(crate) fn new(core: Core<S>, venue: Venue, repairs: Option<Feed>) -> Self {
        Self {
            known: vec![Known::default(); core.contracts().len()],
            core,
            venue,
            out: Outbox { notes: Vec::with_capacity(RECORDED), ..Outbox::default() },
            reports: Vec::new(),
            inbox: VecDeque::new(),
            to_venue: VecDeque::new(),
            to_core: VecDeque::new(),
            repairs,
            answers: VecDeque::new(),
            heard: Vec::with_capacity(RECORDED),
            digest: Digest::default(),
        }
    }

    /// The record so far; nothing of it is left.
    pub(crate) fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.out.notes)
    }

    /// Everything that was commanded and reported, as one number in hexadecimal.
    pub(crate) fn hash(self) -> String {
        self.digest.finish()
    }

    /// Plays bars that closed at one moment, in the order of their contracts.
    pub(crate) fn bars(&mut self, group: &[Event]) -> Result<(), Error> {
        if let Some(event) = group.first() {
            self.arrive_until(event.receive)?;
        }
        for event in group {
            if let (Body::Bar(bar), Some(known)) = (&event.body, self.known_of(event.symbol))
                && bar.volume > Lots(0)
            {
                known.bar = known.bar.max(Some(bar.open_time));
            }
        }
        let opened = played(group, &self.known).map(|(_, bar)| bar.open_time).max();
        if let Some(now) = opened {
            self.act(now, group, Venue::open_bar)?;
            self.act(now, group, Venue::run_bar)?;
        }
        for (symbol, bar) in played(group, &self.known) {
            self.venue.close_bar(symbol, bar);
        }
        for event in group {
            self.tell(event.receive, Input::Market(event))?;
            self.answer(event.receive)?;
        }
        Ok(())
    }

    /// One act of all bars, until nothing more comes of it.
    fn act(
        &mut self,
        now: Nanos,
        group: &[Event],
        play: fn(&mut Venue, SymbolId, &Bar, &mut Vec<Report>) -> Result<(), matching::Error>,
    ) -> Result<(), Error> {
        for _ in 0..MAX_ROUNDS {
            for (symbol, bar) in played(group, &self.known) {
                play(&mut self.venue, symbol, bar, &mut self.reports)?;
            }
            if self.reports.is_empty() {
                return Ok(());
            }
            self.inbox.extend(self.reports.drain(..));
            self.answer(now)?;
        }
        Err(Error::Circles)
    }

    /// Plays anything else: first what arrives before it on either side.
    pub(crate) fn event(&mut self, event: &Event) -> Result<(), Error> {
        if matches!(
            event.body,
            Body::BookTicker { .. }
                | Body::Trade { .. }
                | Body::AggregateTrade(_)
                | Body::DepthStart { .. }
                | Body::SnapshotStart { .. }
        ) && let Some(known) = self.known_of(event.symbol)
        {
            known.quote = known.quote.max(Some(event.exchange));
        }
        self.arrive_until(event.receive)?;
        self.venue.event(event, &mut self.reports)?;
        if !self.reports.is_empty() {
            self.travel_back(event.receive);
        }
        self.tell(event.receive, Input::Market(event))?;
        self.answer(event.receive)
    }

    /// Lets everything arrive that is due, on either side, in the order of its time.
    #[inline]
    fn arrive_until(&mut self, now: Nanos) -> Result<(), Error> {
        if self.to_venue.is_empty() && self.to_core.is_empty() && self.answers.is_empty() {
            return Ok(());
        }
        self.arrive_in_turn(now)
    }

    fn arrive_in_turn(&mut self, now: Nanos) -> Result<(), Error> {
        loop {
            let command = self.to_venue.front().map(|(due, _)| *due);
            let report = self.to_core.front().map(|(due, _)| *due);
            let answer = self.answers.front().map(|(due, _)| *due);
            let next = command.into_iter().chain(report).chain(answer).min();
            let Some(due) = next.filter(|due| *due <= now) else { return Ok(()) };
            // A report that is due with a command was under way first.
            if report == Some(due) {
                if let Some((_, report)) = self.to_core.pop_front() {
                    self.inbox.push_back(report);
                    self.answer(due)?;
                }
            } else if command == Some(due) {
                if let Some((_, command)) = self.to_venue.pop_front() {
                    self.deliver(due, command)?;
                    self.travel_back(due);
                }
            } else if let Some((_, ask)) = self.answers.pop_front() {
                self.repair(due, &ask)?;
            }
        }
    }

    /// The source answers: what it has of the bars that were asked for, and that this is all.
    fn repair(&mut self, now: Nanos, ask: &Ask) -> Result<(), Error> {
        let Some(repairs) = self.repairs.clone() else { return Ok(()) };
        for event in repairs.events() {
            let Body::Bar(bar) = &event.body else { continue };
            if ask.wants(event.symbol, bar) && event.flags.has(Flags::CLOSED) {
                let flags = event.flags.with(Flags::REPAIRED);
                let event = Event { receive: now, flags, ..*event };
                self.tell(now, Input::Market(&event))?;
                self.answer(now)?;
            }
        }
        self.tell(now, Input::Answered(ask))?;
        self.answer(now)
    }

    fn known_of(&mut self, symbol: SymbolId) -> Option<&mut Known> {
        self.known.get_mut(symbol.0 as usize)
    }

    /// Whether a command to a contract travels. None overtakes another that is still under way.
    fn travels(&self, symbol: SymbolId) -> bool {
        self.known.get(symbol.0 as usize).is_some_and(|known| known.is_quoted())
            || self.to_venue.iter().any(|(_, command)| addressee(command) == symbol)
    }

    fn tell(&mut self, now: Nanos, input: Input<'_>) -> Result<(), Error> {
        // What goes into the record stays where the core wrote it.
        self.out.commands.clear();
        self.out.asks.clear();
        self.core.step(now, input, &mut self.out)?;
        if self.repairs.is_some() {
            let rules = self.venue.rules();
            let due = now.plus(rules.order_latency).plus(rules.report_latency);
            self.answers.extend(self.out.asks.drain(..).map(|ask| (due, ask)));
        }
        for at in 0..self.out.commands.len() {
            let command = self.out.commands[at];
            self.digest.command(&command);
            if self.travels(addressee(&command)) {
                let due = now.plus(self.venue.rules().order_latency);
                self.to_venue.push_back((due, command));
            } else {
                self.deliver(now, command)?;
                self.inbox.extend(self.reports.drain(..));
            }
        }
        Ok(())
    }

    fn deliver(&mut self, now: Nanos, command: Command) -> Result<(), Error> {
        match command {
            Command::Place(order) => self.venue.place(now, *order.get(), &mut self.reports)?,
            Command::Cancel { symbol, client } => {
                self.venue.cancel(now, symbol, client, &mut self.reports);
            }
        }
        Ok(())
    }

    fn travel_back(&mut self, now: Nanos) {
        let due = now.plus(self.venue.rules().report_latency);
        self.to_core.extend(self.reports.drain(..).map(|report| (due, report)));
    }

    /// The core hears every report that has arrived, and those that come of what it answers.
    fn answer(&mut self, now: Nanos) -> Result<(), Error> {
        while let Some(report) = self.inbox.pop_front() {
            self.digest.report(&report);
            self.heard.push(report);
            self.tell(now, Input::Report(&report))?;
        }
        Ok(())
    }
}

/// To which contract a command goes.
fn addressee(command: &Command) -> SymbolId {
    match command {
        Command::Place(order) => order.get().symbol,
        Command::Cancel { symbol, .. } => *symbol,
    }
}

/// The bars of whose time nothing finer is known.
fn played<'a>(group: &'a [Event], known: &'a [Known]) -> impl Iterator<Item = (SymbolId, &'a Bar)> {
    group.iter().filter_map(|event| match (&event.body, known.get(event.symbol.0 as usize)) {
        (Body::Bar(bar), Some(known)) if !known.covers(bar) => Some((event.symbol, bar)),
        _ => None,
    })
}
