//! Market events as records: what a replay of a market reads at full speed.

use market::{Event, WIDE_BYTES, decode, encode};

use crate::{Error, Kind, Reader, Record, Writer};

/// The kind of a record whose payload is a market event.
pub const EVENT: Kind = Kind(1);

/// Appends an event; the event as it now stands in the journal, with its sequence. Its time of
/// receipt stamps a segment that it begins.
///
/// # Errors
/// As [`Writer::append`].
pub fn append(writer: &mut Writer, event: &Event) -> Result<Event, Error> {
    let mut bytes = [0; WIDE_BYTES];
    let length = encode(event, &mut bytes);
    let sequence = writer.append(event.receive, EVENT, &bytes[..length])?;
    Ok(Event { sequence, ..*event })
}

/// The event of a record.
///
/// # Errors
/// [`Error::OtherKind`], [`Error::NotAnEvent`].
#[inline]
pub fn read(record: Record<'_>) -> Result<Event, Error> {
    let Record { sequence, kind, payload } = record;
    if kind != EVENT {
        return Err(Error::OtherKind { sequence, found: kind, expected: EVENT });
    }
    decode(sequence, payload).map_err(|source| Error::NotAnEvent { sequence, source })
}

/// The next event, or none where the journal ends now. Records of other kinds are passed over.
///
/// # Errors
/// As [`Reader::poll`]; [`Error::NotAnEvent`].
#[inline]
pub fn poll(reader: &mut Reader) -> Result<Option<Event>, Error> {
    while let Some(record) = reader.poll()? {
        if record.kind == EVENT {
            return read(record).map(Some);
        }
    }
    Ok(None)
}
