use score::{Pitch, Ticks};

/// A note before it is performed: exactly on the grid, with the loudness its line wants.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Draft {
    pub(super) start: Ticks,
    pub(super) length: Ticks,
    pub(super) pitch: Pitch,
    /// MIDI velocity before accents, phrasing and touch.
    pub(super) loudness: f64,
}

impl Draft {
    pub(super) fn end(&self) -> Ticks {
        self.start + self.length
    }
}

/// Cuts notes that would sound into the next of the same key, and drops doubles.
pub(super) fn without_overlap(mut notes: Vec<Draft>) -> Vec<Draft> {
    notes.sort_by_key(|note| (note.pitch, note.start));
    notes.dedup_by(|later, earlier| later.pitch == earlier.pitch && later.start == earlier.start);
    for index in 1..notes.len() {
        let next = notes[index];
        let note = &mut notes[index - 1];
        if note.pitch == next.pitch && note.end() > next.start {
            note.length = next.start - note.start;
        }
    }
    notes.sort_by_key(|note| (note.start, note.pitch));
    notes
}
