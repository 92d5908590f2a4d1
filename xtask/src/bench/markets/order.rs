use std::time::Instant;

use anyhow::Result;
use clock::Nanos;
use market::{Bar, Body, ClientId, Event, Flags, Reason, Report, Scanner, Side, Timeframe};
use matching::Venue;
use trading::indicators::Ema;
use trading::strategy::{Approach, Entry, Score, Strategy, View, Wish, Wishes};
use trading::{Command, Core, Exits, Input, Outbox, Period, Price};

use super::cross::drive;
use super::recorded::{BTCUSDT, Frame};
use super::{Ground, shares};
use crate::bench::contest::{Contest, Contestant, Turn, Unit};
use crate::bench::cpu;

pub(super) const TITLE: &str = "From a frame to an order";
/// Book tickers that the averages look back over: few, so that they cross often.
const FAST: i64 = 2;
const SLOW: i64 = 5;

pub(super) fn table(ground: &Ground<'_>) -> Result<String> {
    let frames = ground.recorded.frames()?;
    let contest = Contest {
        title: TITLE,
        about: format!(
            "{} frames of the capture, from bytes in memory through the scanner and the core, \
             with its book, a strategy on book tickers (averages over {FAST} and {SLOW} of them), \
             sizing and risk, to approved orders; no signature, no socket. A simulated venue \
             answers between the frames, unmeasured. The first row has a clock around every frame \
             and counts what the clock says, its own cost and all \
             interruptions by the system included; a book change carries 69 levels on average, \
             each an event. The second row is CPU seconds of the same without a clock \
             and without a venue.",
            frames.len()
        ),
        unit: Unit::Nanos("a frame"),
        work: frames.len() as f64,
        contestants: vec![
            Contestant::new("Triad, by the clock", || by_the_clock(&frames)),
            Contestant::new("Triad, CPU seconds, nothing filled", || without_a_clock(&frames)),
        ],
    };
    contest.run(ground.runs)
}

/// Long above, short below, by averages of the middle between the best bid and ask.
struct TickerCross {
    fast: Ema,
    slow: Ema,
    above: Option<bool>,
}

impl TickerCross {
    fn new() -> Result<Self> {
        let (fast, slow) = (Period::new("fast", FAST)?, Period::new("slow", SLOW)?);
        Ok(Self { fast: Ema::new(fast), slow: Ema::new(slow), above: None })
    }
}

impl Strategy for TickerCross {
    fn name(&self) -> String {
        format!("EMA cross {FAST}/{SLOW} on book tickers")
    }

    fn timeframes(&self) -> &[Timeframe] {
        &[]
    }

    fn on_bar(&mut self, _: &Bar, _: Flags, _: &View<'_>, _: &mut Wishes) {}

    fn on_event(&mut self, event: &Event, view: &View<'_>, wishes: &mut Wishes) {
        let Body::BookTicker { bid, ask } = event.body else { return };
        let middle = (bid.price.0 + ask.price.0) as f64 / 2.0;
        let Ok(middle) = Price::new(middle) else { return };
        let averages = self.fast.update(middle).zip(self.slow.update(middle));
        let Some((fast, slow)) = averages else { return };
        let above = fast > slow;
        if self.above.replace(above).is_none_or(|before| before == above) {
            return;
        }
        let (side, setup) =
            if above { (Side::Buy, "crossed up") } else { (Side::Sell, "crossed down") };
        let (symbol, score, exits) = (view.symbol, Score::MIDDLE, Exits::default());
        wishes.push(Wish::Enter(Entry {
            symbol,
            side,
            score,
            approach: Approach::Market,
            exits,
            setup,
        }));
    }
}

/// What stands between bytes and commands.
struct Path {
    scanner: Scanner,
    core: Core<TickerCross>,
    events: Vec<Event>,
    out: Outbox,
}

impl Path {
    fn new(start: Nanos) -> Result<Self> {
        let drive = drive()?;
        let scanner = Scanner::new(drive.contracts.clone());
        let strategy = TickerCross::new()?;
        let core = Core::new(drive.contracts, drive.settings, strategy, start, ClientId(0))?;
        Ok(Self { scanner, core, events: Vec::with_capacity(1 << 14), out: Outbox::default() })
    }

    fn take(&mut self, frame: &Frame) -> Result<()> {
        self.events.clear();
        self.out.clear();
        let Frame { receive, bytes } = frame;
        match self.scanner.scan(bytes, *receive, &mut self.events) {
            Err(Reason::NamelessSnapshot) => {
                self.scanner.snapshot(BTCUSDT, bytes, *receive, &mut self.events)
            }
            scanned => scanned,
        }
        .map_err(|reason| anyhow::anyhow!(reason.name()))?;
        for event in &self.events {
            self.core.step(*receive, Input::Market(event), &mut self.out)?;
        }
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "how long a frame takes is told by the clock")]
fn by_the_clock(frames: &[Frame]) -> Result<Turn> {
    let start = frames.first().map_or(Nanos(0), |frame| frame.receive);
    let mut path = Path::new(start)?;
    let drive = drive()?;
    let mut venue = Venue::new(drive.contracts, drive.rules);
    let mut all = Vec::with_capacity(frames.len());
    let (mut tickers, mut led) = (Vec::with_capacity(frames.len()), Vec::new());
    for frame in frames {
        let begin = Instant::now();
        path.take(frame)?;
        let nanos = begin.elapsed().as_nanos() as u64;
        all.push(nanos);
        if matches!(path.events.first(), Some(Event { body: Body::BookTicker { .. }, .. })) {
            tickers.push(nanos);
        }
        if path.out.commands.iter().any(|command| matches!(command, Command::Place(_))) {
            led.push(nanos);
        }
        settle(&mut path, &mut venue, frame.receive)?;
    }
    let seconds = all.iter().sum::<u64>() as f64 * 1e-9;
    let (quotes, orders) = (tickers.len(), led.len());
    let (all, tickers, led) = (shares(all), shares(tickers), shares(led));
    let said = format!(
        "all frames {all}; {quotes} book tickers {tickers}; {orders} frames that led to an order \
         {led}; nothing at all {}",
        shares(nothing())
    );
    Ok((seconds, said))
}

/// What the clock says of nothing: its own cost.
#[expect(clippy::disallowed_methods, reason = "the clock itself is measured")]
fn nothing() -> Vec<u64> {
    let look = |_| Instant::now().elapsed().as_nanos() as u64;
    (0..10_000).map(look).collect()
}

/// The venue plays what happened and answers what was commanded, until nothing more comes of it.
fn settle(path: &mut Path, venue: &mut Venue, now: Nanos) -> Result<()> {
    let mut reports: Vec<Report> = Vec::new();
    for event in &path.events {
        venue.event(event, &mut reports)?;
    }
    loop {
        for command in path.out.commands.drain(..) {
            match command {
                Command::Place(order) => venue.place(now, *order.get(), &mut reports)?,
                Command::Cancel { symbol, client } => {
                    venue.cancel(now, symbol, client, &mut reports);
                }
            }
        }
        if reports.is_empty() {
            return Ok(());
        }
        for report in reports.drain(..) {
            path.core.step(now, Input::Report(&report), &mut path.out)?;
        }
    }
}

fn without_a_clock(frames: &[Frame]) -> Result<Turn> {
    let start = frames.first().map_or(Nanos(0), |frame| frame.receive);
    let mut path = Path::new(start)?;
    let (seconds, events) = cpu::of_this(|| {
        let mut events = 0;
        for frame in frames {
            path.take(frame)?;
            events += path.events.len();
        }
        Ok(events)
    })?;
    Ok((seconds, format!("{events} events")))
}
