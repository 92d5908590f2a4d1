//! The algorithm: a seqlock a slot, one cursor, laps told by sequences.
//!
//! The word of a slot is `sequence << 2 | state`. The writer claims a slot (`CLAIMED` with the new
//! sequence), writes the payload, and commits it by the state. A reader that expects record `s` at
//! a slot finds a lesser sequence or a claim of `s`: not there yet; `s` committed: copies the
//! payload and looks at the word again; or more: the writer has been round. A slot's sequences only
//! grow, so no word comes twice.
//!
//! Orders, after Boehm, "Can seqlocks get along with programming language memory models?" (2012):
//! the claim is followed by a release fence, so that whoever sees any of the new payload and passes
//! an acquire fence sees the claim as well; the commit is a release, so that whoever sees it and
//! passes an acquire fence sees the payload. Readers load relaxed and fence, because an acquire
//! load from memory mapped for reading only is not promised to be plain.

use super::atomics::{AtomicU64, Ordering, PAYLOAD_WORDS, fence};

/// Words from slot to slot.
pub(super) const STRIDE: usize = PAYLOAD_WORDS + 1;
/// Looks taken at a place before the reader gives up for now: each fails only if the writer went
/// half round the ring meanwhile.
const ATTEMPTS: u32 = 4;

const CLAIMED: u64 = 0;
const WHOLE: u64 = 1;
const FIRST: u64 = 2;
const SECOND: u64 = 3;

/// The payload of one slot.
pub(super) type Part = [u64; PAYLOAD_WORDS];

/// What writer and readers share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    /// Slots written since the beginning; only the writer stores it.
    pub(super) written: &'a AtomicU64,
    /// [`STRIDE`] words a slot, a power of two of slots, at first all zero.
    pub(super) words: &'a [AtomicU64],
    /// The sequence of the first record ever written.
    pub(super) first: u64,
}

/// Where a record begins: in which slot, counted from the beginning, and with which sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: u64,
    pub(super) sequence: u64,
}

/// What a reader finds at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// The payload, and that its record is whole with it or how it goes on.
    Part(u64),
    NotYet,
    Lapped,
}

impl<'a> Shared<'a> {
    fn slots(self) -> u64 {
        (self.words.len() / STRIDE) as u64
    }

    /// The words of the slot at a position.
    #[inline]
    fn slot(self, position: u64) -> &'a [AtomicU64] {
        // The mask keeps it below the number of slots, which is a power of two.
        let begin = (position & (self.slots() - 1)) as usize * STRIDE;
        &self.words[begin..begin + STRIDE]
    }

    fn end(self) -> u64 {
        let end = self.written.load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        end
    }

    /// Writes a record of one part or two at the writer's place, which moves on.
    #[inline]
    pub(super) fn publish(self, place: &mut Place, parts: &[Part]) {
        let states: &[u64] = if parts.len() == 1 { &[WHOLE] } else { &[FIRST, SECOND] };
        for (part, state) in parts.iter().zip(states) {
            let slot = self.slot(place.position);
            slot[0].store(place.sequence << 2 | CLAIMED, Ordering::Relaxed);
            fence(Ordering::Release);
            for (word, value) in slot[1..].iter().zip(part) {
                word.store(*value, Ordering::Relaxed);
            }
            slot[0].store(place.sequence << 2 | state, Ordering::Release);
            place.position += 1;
        }
        place.sequence += 1;
        self.written.store(place.position, Ordering::Release);
    }

    /// Copies what is in the slot at `position`, if it is of record `sequence`.
    #[inline]
    fn copy(self, position: u64, sequence: u64, out: &mut Part) -> Found {
        let slot = self.slot(position);
        let before = slot[0].load(Ordering::Relaxed);
        if before >> 2 < sequence || before == (sequence << 2 | CLAIMED) {
            return Found::NotYet;
        }
        if before >> 2 > sequence {
            return Found::Lapped;
        }
        fence(Ordering::Acquire);
        for (value, word) in out.iter_mut().zip(&slot[1..]) {
            *value = word.load(Ordering::Relaxed);
        }
        fence(Ordering::Acquire);
        let after = slot[0].load(Ordering::Relaxed);
        if before == after { Found::Part(before & 3) } else { Found::Lapped }
    }

    /// The first record that begins at `position` or after it, found by the slot before; none if
    /// the writer may have been there since.
    fn locate(self, position: u64) -> Option<Place> {
        let Some(before) = position.checked_sub(1) else {
            return Some(Place { position, sequence: self.first });
        };
        let word = self.slot(before)[0].load(Ordering::Relaxed);
        fence(Ordering::Acquire);
        // The next record in this slot begins there or, if it has two parts, one before.
        let is_of_this_lap = self.end() + 2 <= before + self.slots();
        let sequence = (word >> 2) + 1;
        match word & 3 {
            CLAIMED => None,
            _ if !is_of_this_lap => None,
            FIRST => Some(Place { position: position + 1, sequence }),
            _ => Some(Place { position, sequence }),
        }
    }

    /// As far behind the writer as `behind` says, in slots, or as near as can be found.
    fn behind(self, behind: u64) -> Option<Place> {
        (0..ATTEMPTS).find_map(|_| self.locate(self.end().saturating_sub(behind)))
    }

    /// The place of the next record to come.
    pub(super) fn latest(self) -> Option<Place> {
        self.behind(0)
    }

    /// The oldest record that can still be read.
    pub(super) fn oldest(self) -> Option<Place> {
        // The slot before it is looked at, and the writer may be busy with two.
        self.behind(self.slots().saturating_sub(4)).or_else(|| self.resume())
    }

    /// A place the writer will not reach soon.
    fn resume(self) -> Option<Place> {
        self.behind(self.slots() / 2)
    }

    /// The place of record `sequence`, or of the first one after it that is there; the next to
    /// come if that is earlier.
    pub(super) fn at(self, sequence: u64) -> Option<Place> {
        let (oldest, latest) = (self.oldest()?, self.latest()?);
        if oldest.sequence >= sequence {
            return Some(oldest);
        }
        let (mut low, mut high, mut best) = (oldest.position + 1, latest.position, latest);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.locate(middle) {
                Some(place) if place.sequence >= sequence => (high, best) = (middle, place),
                // Too early, or so early that the writer has been there since.
                _ => low = middle + 1,
            }
        }
        Some(best)
    }
}

/// A reader's place and its losses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor {
    pub(super) place: Place,
    pub(super) read: u64,
    pub(super) lost: u64,
}

impl Cursor {
    /// Copies the next record into `out`; how many parts it has, or none if it is not there yet.
    #[inline]
    pub(super) fn poll(&mut self, shared: Shared<'_>, out: &mut [Part; 2]) -> Option<usize> {
        for _ in 0..ATTEMPTS {
            let Place { position, sequence } = self.place;
            let [first, second] = out;
            let (found, parts) = match shared.copy(position, sequence, first) {
                Found::Part(FIRST) => (shared.copy(position + 1, sequence, second), 2),
                found => (found, 1),
            };
            match found {
                Found::Part(_) => {
                    self.place =
                        Place { position: position + parts as u64, sequence: sequence + 1 };
                    self.read += 1;
                    return Some(parts);
                }
                Found::NotYet => return None,
                Found::Lapped => self.skip_to(shared.resume()?)?,
            }
        }
        None
    }

    /// Goes on at a later place and counts what lies between as lost; none where the writer's
    /// cursor as it is seen here is older than its slots, so that the place is no later one yet.
    fn skip_to(&mut self, place: Place) -> Option<()> {
        self.lost += place.sequence.checked_sub(self.place.sequence)?;
        self.place = place;
        Some(())
    }
}
