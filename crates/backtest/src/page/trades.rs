//! Trades on the price they were made at, and what was seen that led to them.

use std::collections::BTreeMap;

use clock::Nanos;
use figure::{Axis, Block, Chart, Colour, Layer};
use market::{Body, Contract, Contracts, Side, SymbolId, Ticks, Timeframe};
use trading::Note;
use trading::portfolio::Trip;
use trading::strategy::Entry;

use super::calendar;
use super::nice_step;
use crate::figures::amount;
use crate::{Feed, Outcome};

/// Candles of one close-up.
const CANDLES: i64 = 90;
/// Close-ups of the best, and of the worst.
const EACH: usize = 3;
/// Points of the price over the whole run.
const POINTS: usize = 1_000;
/// The most trades whose time is shaded.
const BANDS: usize = 100;
/// Contracts that get a picture of the whole run.
const CONTRACTS: usize = 8;

/// A chart and the words under it.
pub(super) type Picture = (Chart, String);

type Closed = (Trip, Option<Entry>);

fn closed(outcome: &Outcome) -> Vec<Closed> {
    let notes = outcome.notes.iter();
    notes
        .filter_map(|note| match note {
            Note::Closed { trip, entry } => Some((*trip, *entry)),
            _ => None,
        })
        .collect()
}

/// Every trade of each contract, on its price.
pub(super) fn overviews(outcome: &Outcome, feed: &Feed, contracts: &Contracts) -> Vec<Picture> {
    let closed = closed(outcome);
    let traded = |symbol: SymbolId| closed.iter().any(|(trip, _)| trip.symbol == symbol);
    contracts
        .iter()
        .filter(|(symbol, _)| traded(*symbol))
        .take(CONTRACTS)
        .filter_map(|(symbol, contract)| {
            let trips = closed.iter().map(|(trip, _)| trip).filter(|trip| trip.symbol == symbol);
            overview(feed, symbol, contract, &trips.collect::<Vec<_>>())
        })
        .collect()
}

fn overview(
    feed: &Feed,
    symbol: SymbolId,
    contract: &Contract,
    trips: &[&Trip],
) -> Option<Picture> {
    let events = feed.events();
    let (from, to) = (events.first()?.receive, events.last()?.receive);
    let prices: Vec<(Nanos, Ticks)> = events
        .iter()
        .filter(|event| event.symbol == symbol)
        .filter_map(|event| Some((event.receive, price(&event.body)?)))
        .collect();
    let every = prices.len().div_ceil(POINTS).max(1);
    let place = |at: Nanos| at.since(from) as f64;
    let line: Vec<(f64, Option<f64>)> = prices
        .iter()
        .step_by(every)
        .map(|(at, price)| (place(*at), Some(quoted(contract, *price))))
        .collect();
    let path = |won: bool| -> Vec<(f64, Option<f64>)> {
        let wanted = trips.iter().filter(|trip| (trip.net().0 > 0) == won);
        wanted
            .flat_map(|trip| {
                let (entry, exit) = averages(contract, trip);
                let ends = [(place(trip.opened), entry), (place(trip.closed), exit)];
                [(ends[0].0, Some(ends[0].1)), (ends[1].0, Some(ends[1].1)), (ends[1].0, None)]
            })
            .collect()
    };
    let (won, lost) = (path(true), path(false));
    let y = price_axis(line.iter().chain(&won).chain(&lost).filter_map(|(_, y)| *y))?;
    // Few trades are seen by the time they lasted, many by their way.
    let bands = |won: bool| -> Vec<Block> {
        let wanted = trips.iter().filter(|trip| (trip.net().0 > 0) == won);
        let span = |trip: &&&Trip| (place(trip.opened), place(trip.closed));
        let band = |x| Block { x, y: (y.from, y.to), strength: 0.25, label: String::new() };
        if trips.len() <= BANDS {
            wanted.map(|trip| band(span(&trip))).collect()
        } else {
            Vec::new()
        }
    };
    let chart = Chart {
        description: format!("Price of {} and every trade", contract.name),
        x: time_axis(from, to),
        layers: vec![
            Layer::Blocks(Colour::Accent, bands(true)),
            Layer::Blocks(Colour::Limit, bands(false)),
            Layer::Line(Colour::Quiet, line),
            Layer::Line(Colour::Accent, won),
            Layer::Line(Colour::Limit, lost),
        ],
        y,
        height: 300,
    };
    let caption = format!(
        "{}: {} closed positions, from the average price in to the average price out; those in the accent \
         made something after costs, the others lost.",
        contract.name,
        trips.len()
    );
    Some((chart, caption))
}

/// The trades that made most and those that lost most, close by.
pub(super) fn close_ups(outcome: &Outcome, feed: &Feed, contracts: &Contracts) -> Vec<Picture> {
    let mut closed = closed(outcome);
    closed.sort_by_key(|(trip, _)| std::cmp::Reverse(trip.net()));
    let best = closed.iter().take(EACH).filter(|(trip, _)| trip.net().0 > 0);
    let worst = closed.iter().rev().take(EACH).filter(|(trip, _)| trip.net().0 <= 0);
    best.chain(worst).filter_map(|one| close_up(feed, contracts, one)).collect()
}

fn close_up(feed: &Feed, contracts: &Contracts, (trip, entry): &Closed) -> Option<Picture> {
    let contract = contracts.get(trip.symbol)?;
    let seen = entry.and_then(|entry| entry.seen);
    let base = shortest(feed, trip.symbol);
    let (from, to, frame) = window(trip, seen.map(|seen| seen.since), base);
    let candles = candles(feed, trip.symbol, frame, from, to);
    let place = |at: Nanos| at.since(from) as f64;
    let quoted = |price: Ticks| quoted(contract, price);
    let (average_in, average_out) = averages(contract, trip);
    let span = (place(trip.opened), place(trip.closed));
    let mut layers = Vec::new();
    let mut prices = vec![average_in, average_out];
    if let Some(seen) = seen {
        let (low, high) = (quoted(seen.low), quoted(seen.high));
        prices.extend([low, high]);
        let setup = entry.map_or("", |entry| entry.setup);
        let x = (place(seen.since).max(0.0), span.0);
        // A level is drawn as a line, a zone as a box.
        layers.push(if seen.low == seen.high {
            Layer::Line(Colour::Part(3), vec![(x.0, Some(low)), (x.1, Some(low))])
        } else {
            let label = setup.to_owned();
            Layer::Blocks(Colour::Part(3), vec![Block { x, y: (low, high), strength: 0.3, label }])
        });
    }
    layers.extend(candle_layers(&candles, frame, &place, &quoted));
    prices.extend(candles.values().flat_map(|candle| [quoted(candle.high), quoted(candle.low)]));
    let exits = entry.map(|entry| entry.exits).unwrap_or_default();
    for (level, colour) in [(exits.stop, Colour::Limit), (exits.target, Colour::Part(2))] {
        if let Some(price) = level.map(quoted) {
            prices.push(price);
            layers.push(Layer::Line(colour, vec![(span.0, Some(price)), (span.1, Some(price))]));
        }
    }
    layers.push(Layer::Line(
        Colour::Part(5),
        vec![(span.0, Some(average_in)), (span.1, Some(average_out))],
    ));
    let chart = Chart {
        description: format!("A trade of {}", contract.name),
        x: time_axis(from, to),
        y: price_axis(prices.into_iter())?,
        layers,
        height: 320,
    };
    Some((chart, words(trip, entry.as_ref(), contract, frame)))
}

fn words(trip: &Trip, entry: Option<&Entry>, contract: &Contract, frame: Timeframe) -> String {
    let side = if trip.side == Side::Buy { "Long" } else { "Short" };
    let (average_in, average_out) = averages(contract, trip);
    let setup = entry.map_or("found", |entry| entry.setup);
    format!(
        "{side} {} for \"{setup}\", {} to {}: {average_in:.2} to {average_out:.2}, {:+.2} after costs. \
         Candles of {}. Before the entry the place where it was seen; then the way from price to price, \
         stop and target as they were at first.",
        contract.name,
        calendar::minute(trip.opened.millis()),
        calendar::minute(trip.closed.millis()),
        amount(trip.net()),
        frame.name()
    )
}

/// What of the recording a close-up shows, and in which candles.
fn window(trip: &Trip, seen: Option<Nanos>, base: Timeframe) -> (Nanos, Nanos, Timeframe) {
    let began = seen.unwrap_or(trip.opened).min(trip.opened);
    let lasted = trip.closed.since(began);
    let room = (lasted / 4).max(20 * base.nanos());
    let (from, to) = (began.plus(-room), trip.closed.plus(room));
    let fits = |frame: &Timeframe| *frame >= base && to.since(from) / frame.nanos() <= CANDLES;
    let frame = Timeframe::ALL.into_iter().find(fits).unwrap_or(Timeframe::D1);
    (frame.open_of(from), to, frame)
}

/// The shortest candle that a recording can fill: the length of its bars.
fn shortest(feed: &Feed, symbol: SymbolId) -> Timeframe {
    let mut own = feed.events().iter().filter(|event| event.symbol == symbol);
    let length = own.find_map(|event| match event.body {
        Body::Bar(bar) => Some(bar.timeframe),
        _ => None,
    });
    length.unwrap_or(Timeframe::M1)
}

/// The prices of a stretch of time, in ticks.
#[derive(Debug, Clone, Copy)]
struct Candle {
    open: Ticks,
    high: Ticks,
    low: Ticks,
    close: Ticks,
}

/// Candles by when they open, from bars or from trades.
fn candles(
    feed: &Feed,
    symbol: SymbolId,
    frame: Timeframe,
    from: Nanos,
    to: Nanos,
) -> BTreeMap<Nanos, Candle> {
    let mut candles: BTreeMap<Nanos, Candle> = BTreeMap::new();
    let part = feed.between(from, to.plus(1));
    for event in part.events().iter().filter(|event| event.symbol == symbol) {
        let (at, next) = match event.body {
            Body::Bar(bar) => {
                let (open, high, low, close) = (bar.open, bar.high, bar.low, bar.close);
                (bar.open_time, Candle { open, high, low, close })
            }
            _ => {
                let Some(price) = price(&event.body) else { continue };
                (event.exchange, Candle { open: price, high: price, low: price, close: price })
            }
        };
        // The bar that is told at the beginning was before it.
        if at < from {
            continue;
        }
        let candle = candles.entry(frame.open_of(at)).or_insert(next);
        candle.high = candle.high.max(next.high);
        candle.low = candle.low.min(next.low);
        candle.close = next.close;
    }
    candles
}

fn price(body: &Body) -> Option<Ticks> {
    match body {
        Body::Bar(bar) => Some(bar.close),
        Body::Trade { price, .. } => Some(*price),
        Body::AggregateTrade(trade) => Some(trade.price),
        _ => None,
    }
}

fn candle_layers(
    candles: &BTreeMap<Nanos, Candle>,
    frame: Timeframe,
    place: &dyn Fn(Nanos) -> f64,
    quoted: &dyn Fn(Ticks) -> f64,
) -> [Layer; 3] {
    let wide = frame.nanos() as f64;
    let mut wicks = Vec::new();
    let (mut up, mut down) = (Vec::new(), Vec::new());
    for (at, candle) in candles {
        let x = place(*at);
        let middle = x + wide / 2.0;
        wicks.extend([
            (middle, Some(quoted(candle.low))),
            (middle, Some(quoted(candle.high))),
            (middle, None),
        ]);
        let (low, high) = (candle.open.min(candle.close), candle.open.max(candle.close));
        let body = Block {
            x: (x + wide * 0.15, x + wide * 0.85),
            y: (quoted(low), quoted(high)),
            strength: 0.9,
            label: String::new(),
        };
        if candle.close >= candle.open { up.push(body) } else { down.push(body) }
    }
    [
        Layer::Line(Colour::Quiet, wicks),
        Layer::Blocks(Colour::Accent, up),
        Layer::Blocks(Colour::Quiet, down),
    ]
}

/// A price in the quote currency, to look at.
fn quoted(contract: &Contract, price: Ticks) -> f64 {
    contract.fine(price).map_or(f64::NAN, |fine| fine.0 as f64 / 1e8)
}

/// The average prices in and out.
fn averages(contract: &Contract, trip: &Trip) -> (f64, f64) {
    let size = contract.lot.show_quantity(trip.lots).to_string().parse().unwrap_or(f64::NAN);
    (amount(trip.entry) / size, amount(trip.exit) / size)
}

fn price_axis(prices: impl Iterator<Item = f64>) -> Option<Axis> {
    let ends = prices.filter(|price| price.is_finite()).fold(None, |ends, price| {
        let (low, high) = ends.unwrap_or((price, price));
        Some((price.min(low), price.max(high)))
    });
    let (low, high): (f64, f64) = ends?;
    let room = ((high - low) * 0.05).max(high * 1e-5);
    let (low, high) = (low - room, high + room);
    Some(Axis::linear("price", low, high, nice_step(high - low)))
}

/// Nanoseconds after a moment, with dates and times of UTC where lines stand.
fn time_axis(from: Nanos, to: Nanos) -> Axis {
    /// Minutes between two lines.
    const STEPS: [i64; 13] = [1, 5, 10, 15, 30, 60, 120, 240, 720, 1_440, 2_880, 10_080, 40_320];
    let minute = Timeframe::M1.nanos();
    let span = to.since(from).max(minute);
    let step = STEPS.into_iter().map(|minutes| minutes * minute).find(|step| span / step <= 8);
    let step = step.unwrap_or(span / 8);
    let first = (from.0 + step - 1).div_euclid(step) * step;
    let marks = (0..).map(|n| first.saturating_add(n * step)).take_while(|at| *at <= to.0);
    Axis {
        label: String::new(),
        from: 0.0,
        to: span as f64,
        scale: figure::Scale::Linear,
        ticks: marks
            .map(|at| {
                let (at, millis) = (Nanos(at).since(from) as f64, Nanos(at).millis());
                let label = if step >= 1_440 * minute {
                    calendar::day(millis)
                } else {
                    calendar::minute(millis).split_off(5)
                };
                (at, label)
            })
            .collect(),
    }
}
