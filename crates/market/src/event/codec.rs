//! The form of an event in bytes, little-endian, without its sequence (whoever stores it has a
//! better place for that): kind, flags, timeframe, a zero byte, symbol (4), exchange and receive
//! time (8 each), then the body: 32 bytes for hot kinds, 88 for wide ones. Unused bytes are zero,
//! so that equal events have equal bytes.

use clock::Nanos;

use super::{AggregateTrade, Bar, Body, Event, Flags, Flow, Level};
use crate::{Fixed8, Lots, Notional, Sequence, Side, SymbolId, Ticks, Timeframe};

/// Bytes of a hot kind: with an 8-byte sequence, one cache line.
pub const HOT_BYTES: usize = 56;
/// Bytes of a wide kind (bars and aggregate trades): with a sequence each, two cache lines.
pub const WIDE_BYTES: usize = 112;

const HEADER: usize = 24;

mod kind {
    pub(super) const BOOK_TICKER: u8 = 1;
    pub(super) const DEPTH_START: u8 = 2;
    pub(super) const SNAPSHOT_START: u8 = 3;
    pub(super) const DEPTH_LEVEL: u8 = 4;
    pub(super) const TRADE: u8 = 5;
    pub(super) const AGGREGATE_TRADE: u8 = 6;
    pub(super) const BAR: u8 = 7;
    pub(super) const MARK_PRICE: u8 = 8;
    pub(super) const FUNDING: u8 = 9;
    pub(super) const LIQUIDATION: u8 = 10;
}

/// Why bytes are no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum DecodeError {
    /// The length is not that of the kind.
    #[error("{found} bytes, an event of kind {kind} has {expected}")]
    Length {
        /// The first byte.
        kind: u8,
        /// Bytes of this kind.
        expected: usize,
        /// Bytes given.
        found: usize,
    },
    /// No bytes at all.
    #[error("no bytes")]
    Empty,
    /// A kind this version does not know.
    #[error("unknown kind {0}")]
    Kind(u8),
    /// A field holds what no event can hold.
    #[error("illegal {field}: {value}")]
    Value {
        /// Which field.
        field: &'static str,
        /// What it holds.
        value: u8,
    },
    /// A byte that must be zero is not.
    #[error("unused bytes are not zero")]
    Padding,
}

/// Writes an event into `out`; how many bytes it took, [`HOT_BYTES`] or [`WIDE_BYTES`].
pub fn encode(event: &Event, out: &mut [u8; WIDE_BYTES]) -> usize {
    let kind = kind_of(&event.body);
    let mut writer = Writer { out, at: 0 };
    let timeframe = match event.body {
        Body::Bar(bar) => timeframe_byte(bar.timeframe),
        _ => 0,
    };
    writer.put(&[kind, event.flags.bits(), timeframe, 0]);
    writer.put(&event.symbol.0.to_le_bytes());
    writer.int(event.exchange.0);
    writer.int(event.receive.0);
    write_body(&mut writer, &event.body);
    let written = writer.at;
    let length = if written <= HOT_BYTES { HOT_BYTES } else { WIDE_BYTES };
    out[written..length].fill(0);
    length
}

/// Reads an event that [`encode`] wrote; its sequence is told beside the bytes.
///
/// # Errors
/// [`DecodeError`] for any bytes `encode` could not have written.
pub fn decode(sequence: Sequence, bytes: &[u8]) -> Result<Event, DecodeError> {
    let kind = *bytes.first().ok_or(DecodeError::Empty)?;
    let expected = length_of(kind).ok_or(DecodeError::Kind(kind))?;
    if bytes.len() != expected {
        return Err(DecodeError::Length { kind, expected, found: bytes.len() });
    }
    let mut reader = Reader { rest: bytes };
    let [_, flags, timeframe, zero] = reader.take();
    if zero != 0 || (kind != kind::BAR && timeframe != 0) {
        return Err(DecodeError::Padding);
    }
    let flags =
        Flags::from_bits(flags).ok_or(DecodeError::Value { field: "flags", value: flags })?;
    let symbol = SymbolId(u32::from_le_bytes(reader.take()));
    let (exchange, receive) = (Nanos(reader.int()), Nanos(reader.int()));
    let body = read_body(&mut reader, kind, timeframe)?;
    if reader.rest.iter().any(|byte| *byte != 0) {
        return Err(DecodeError::Padding);
    }
    Ok(Event { sequence, exchange, receive, symbol, flags, body })
}

fn kind_of(body: &Body) -> u8 {
    match body {
        Body::BookTicker { .. } => kind::BOOK_TICKER,
        Body::DepthStart { .. } => kind::DEPTH_START,
        Body::SnapshotStart { .. } => kind::SNAPSHOT_START,
        Body::DepthLevel { .. } => kind::DEPTH_LEVEL,
        Body::Trade { .. } => kind::TRADE,
        Body::AggregateTrade(_) => kind::AGGREGATE_TRADE,
        Body::Bar(_) => kind::BAR,
        Body::MarkPrice { .. } => kind::MARK_PRICE,
        Body::Funding { .. } => kind::FUNDING,
        Body::Liquidation { .. } => kind::LIQUIDATION,
    }
}

fn length_of(kind: u8) -> Option<usize> {
    match kind {
        kind::AGGREGATE_TRADE | kind::BAR => Some(WIDE_BYTES),
        kind::BOOK_TICKER..=kind::LIQUIDATION => Some(HOT_BYTES),
        _ => None,
    }
}

fn write_body(writer: &mut Writer<'_>, body: &Body) {
    match *body {
        Body::BookTicker { bid, ask } => {
            writer.level(bid);
            writer.level(ask);
        }
        Body::DepthStart { first, last, previous, levels } => {
            writer.ids(&[first, last, previous]);
            writer.put(&levels.to_le_bytes());
        }
        Body::SnapshotStart { last, levels } => {
            writer.ids(&[last]);
            writer.put(&levels.to_le_bytes());
        }
        Body::DepthLevel { side, level } => {
            writer.level(level);
            writer.put(&[side_byte(side)]);
        }
        Body::Trade { id, price, quantity, aggressor } => {
            writer.ids(&[id]);
            writer.level(Level { price, quantity });
            writer.put(&[side_byte(aggressor)]);
        }
        Body::AggregateTrade(AggregateTrade { id, first, last, price, quantity, aggressor }) => {
            writer.ids(&[id, first, last]);
            writer.level(Level { price, quantity });
            writer.put(&[side_byte(aggressor)]);
        }
        Body::Bar(bar) => write_bar(writer, &bar),
        Body::MarkPrice { mark, index, rate, next } => {
            writer.ints(&[mark.0, index.0, rate.0, next.0]);
        }
        Body::Funding { rate, mark } => {
            writer.ints(&[rate.0, mark.unwrap_or_default().0]);
            writer.put(&[u8::from(mark.is_some())]);
        }
        Body::Liquidation { side, price, average, quantity } => {
            writer.ints(&[price.0, average.0, quantity.0]);
            writer.put(&[side_byte(side)]);
        }
    }
}

fn write_bar(writer: &mut Writer<'_>, bar: &Bar) {
    writer.ints(&[bar.open_time.0, bar.open.0, bar.high.0, bar.low.0, bar.close.0, bar.volume.0]);
    let flow = bar.flow.unwrap_or_default();
    writer.int(flow.taker_buy.0);
    writer.put(&flow.quote.0.to_le_bytes());
    writer.ids(&[flow.trades]);
    writer.put(&[u8::from(bar.flow.is_some())]);
}

fn read_body(reader: &mut Reader<'_>, kind: u8, timeframe: u8) -> Result<Body, DecodeError> {
    Ok(match kind {
        kind::BOOK_TICKER => Body::BookTicker { bid: reader.level(), ask: reader.level() },
        kind::DEPTH_START => Body::DepthStart {
            first: reader.id(),
            last: reader.id(),
            previous: reader.id(),
            levels: u32::from_le_bytes(reader.take()),
        },
        kind::SNAPSHOT_START => {
            Body::SnapshotStart { last: reader.id(), levels: u32::from_le_bytes(reader.take()) }
        }
        kind::DEPTH_LEVEL => {
            let level = reader.level();
            Body::DepthLevel { side: reader.side()?, level }
        }
        kind::TRADE => {
            let (id, Level { price, quantity }) = (reader.id(), reader.level());
            Body::Trade { id, price, quantity, aggressor: reader.side()? }
        }
        kind::AGGREGATE_TRADE => {
            let (id, first, last) = (reader.id(), reader.id(), reader.id());
            let (Level { price, quantity }, aggressor) = (reader.level(), reader.side()?);
            Body::AggregateTrade(AggregateTrade { id, first, last, price, quantity, aggressor })
        }
        kind::BAR => Body::Bar(read_bar(reader, timeframe)?),
        kind::MARK_PRICE => Body::MarkPrice {
            mark: Fixed8(reader.int()),
            index: Fixed8(reader.int()),
            rate: Fixed8(reader.int()),
            next: Nanos(reader.int()),
        },
        kind::FUNDING => {
            let (rate, mark) = (Fixed8(reader.int()), Fixed8(reader.int()));
            Body::Funding { rate, mark: reader.present(mark)? }
        }
        kind::LIQUIDATION => {
            let (price, average) = (Ticks(reader.int()), Fixed8(reader.int()));
            let quantity = Lots(reader.int());
            Body::Liquidation { side: reader.side()?, price, average, quantity }
        }
        unknown => return Err(DecodeError::Kind(unknown)),
    })
}

fn read_bar(reader: &mut Reader<'_>, timeframe: u8) -> Result<Bar, DecodeError> {
    let timeframe = Timeframe::ALL
        .into_iter()
        .find(|known| timeframe_byte(*known) == timeframe)
        .ok_or(DecodeError::Value { field: "timeframe", value: timeframe })?;
    let open_time = Nanos(reader.int());
    let (open, high) = (Ticks(reader.int()), Ticks(reader.int()));
    let (low, close) = (Ticks(reader.int()), Ticks(reader.int()));
    let volume = Lots(reader.int());
    let flow = Flow {
        taker_buy: Lots(reader.int()),
        quote: Notional(i128::from_le_bytes(reader.take())),
        trades: reader.id(),
    };
    let flow = reader.present(flow)?;
    Ok(Bar { timeframe, open_time, open, high, low, close, volume, flow })
}

/// Codes of their own: the order of an enum may change, stored bytes may not.
fn timeframe_byte(timeframe: Timeframe) -> u8 {
    match timeframe {
        Timeframe::M1 => 1,
        Timeframe::M3 => 2,
        Timeframe::M5 => 3,
        Timeframe::M15 => 4,
        Timeframe::H1 => 5,
        Timeframe::H4 => 6,
        Timeframe::D1 => 7,
    }
}

fn side_byte(side: Side) -> u8 {
    match side {
        Side::Buy => 1,
        Side::Sell => 2,
    }
}

struct Writer<'a> {
    out: &'a mut [u8; WIDE_BYTES],
    at: usize,
}

impl Writer<'_> {
    fn put<const N: usize>(&mut self, bytes: &[u8; N]) {
        self.out[self.at..self.at + N].copy_from_slice(bytes);
        self.at += N;
    }

    fn int(&mut self, value: i64) {
        self.put(&value.to_le_bytes());
    }

    fn ints(&mut self, values: &[i64]) {
        values.iter().for_each(|value| self.int(*value));
    }

    fn ids(&mut self, values: &[u64]) {
        values.iter().for_each(|value| self.put(&value.to_le_bytes()));
    }

    fn level(&mut self, level: Level) {
        self.ints(&[level.price.0, level.quantity.0]);
    }
}

/// Reads from bytes whose length was checked against the kind.
struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        // The length was checked, so the second arm is never taken; it keeps panics out.
        match self.rest.split_first_chunk::<N>() {
            Some((head, tail)) => {
                self.rest = tail;
                *head
            }
            None => [0; N],
        }
    }

    fn int(&mut self) -> i64 {
        i64::from_le_bytes(self.take())
    }

    fn id(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }

    fn level(&mut self) -> Level {
        Level { price: Ticks(self.int()), quantity: Lots(self.int()) }
    }

    fn side(&mut self) -> Result<Side, DecodeError> {
        match self.take() {
            [1] => Ok(Side::Buy),
            [2] => Ok(Side::Sell),
            [value] => Err(DecodeError::Value { field: "side", value }),
        }
    }

    /// A value that was written beside a byte saying whether it is there.
    fn present<T: Default + PartialEq>(&mut self, value: T) -> Result<Option<T>, DecodeError> {
        match self.take() {
            [1] => Ok(Some(value)),
            [0] if value == T::default() => Ok(None),
            [0] => Err(DecodeError::Padding),
            [value] => Err(DecodeError::Value { field: "presence", value }),
        }
    }
}

const _: () = assert!(HEADER + 32 == HOT_BYTES && HEADER + 88 == WIDE_BYTES);
