use std::cmp::Reverse;
use std::collections::BinaryHeap;

use clock::Nanos;
use market::Event;

use crate::feed::{Place, place};
use crate::{Error, Quarantine, Source};

/// Opens a recording, as often as it is asked to.
pub type Opener<'a> = Box<dyn Fn() -> Result<Source, Error> + 'a>;

/// Recordings in the one order of a [`crate::Feed`], put into it while they are read: only those
/// that tell of one moment are open together, and none is in memory. A recording whose own time
/// runs backwards comes as it is; whoever reads events in order will see it.
pub struct Merge<'a> {
    recordings: Vec<Recording<'a>>,
    /// Where the next event of each recording stands.
    heads: BinaryHeap<Reverse<(Place, usize)>>,
    quarantine: Quarantine,
    done: usize,
}

struct Recording<'a> {
    open: Opener<'a>,
    /// None before its first event is due, and after its last.
    reading: Option<Reading>,
}

struct Reading {
    source: Source,
    head: Event,
}

impl<'a> Merge<'a> {
    /// Looks at the first event of each recording.
    ///
    /// # Errors
    /// What opening or reading says.
    pub fn new(openers: impl IntoIterator<Item = Opener<'a>>) -> Result<Self, Error> {
        let (recordings, heads) = (Vec::new(), BinaryHeap::new());
        let mut merge = Self { recordings, heads, quarantine: Quarantine::default(), done: 0 };
        for (at, open) in openers.into_iter().enumerate() {
            let mut source = open()?;
            match source.poll()? {
                // Opened again when it is due: a year has more files than a process may open.
                Some(first) => merge.heads.push(Reverse((place(&first), at))),
                None => merge.finish(&source),
            }
            merge.recordings.push(Recording { open, reading: None });
        }
        Ok(merge)
    }

    /// When the first event that is left was received.
    pub fn next_receive(&self) -> Option<Nanos> {
        self.heads.peek().map(|Reverse(((receive, ..), _))| *receive)
    }

    /// The next event of all.
    ///
    /// # Errors
    /// What opening or reading says.
    pub fn poll(&mut self) -> Result<Option<Event>, Error> {
        let Some(Reverse((_, at))) = self.heads.pop() else { return Ok(None) };
        let recording = &mut self.recordings[at];
        let reading = match recording.reading.take() {
            Some(reading) => Some(reading),
            None => {
                let mut source = (recording.open)()?;
                source.poll()?.map(|head| Reading { source, head })
            }
        };
        // Only a file that was emptied since it was looked at has no event now.
        let Some(Reading { mut source, head }) = reading else { return self.poll() };
        match source.poll()? {
            Some(next) => {
                self.heads.push(Reverse((place(&next), at)));
                self.recordings[at].reading = Some(Reading { source, head: next });
            }
            None => self.finish(&source),
        }
        Ok(Some(head))
    }

    fn finish(&mut self, source: &Source) {
        self.quarantine.absorb(source.quarantine());
        self.done += 1;
    }

    /// The share of its recordings that are read to their end.
    pub fn share(&self) -> f64 {
        self.done as f64 / self.recordings.len().max(1) as f64
    }

    /// What was not taken, once all is read.
    pub fn into_quarantine(self) -> Quarantine {
        self.quarantine
    }
}
