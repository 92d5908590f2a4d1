use std::collections::BTreeMap;
use std::fmt::{Display, Formatter, Result as Printed};
use std::path::Path;
use std::sync::Arc;

/// Lines that are told one by one; the others are only counted.
const TOLD: usize = 20;
/// Lines that are kept to be written down: a file of which more is wrong is not what it claims to
/// be, and its counts say so.
const MAX_HELD: usize = 100_000;
/// Bytes of a line that are kept of it.
const BEGINNING: usize = 120;

/// What was not taken, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quarantine {
    /// How many, by reason.
    pub counts: BTreeMap<&'static str, u64>,
    /// The first hundred thousand of them.
    pub held: Vec<Held>,
}

/// A line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The file it stands in, or who refused it.
    pub source: Arc<Path>,
    /// Its number, from 1; 0 for what is no line of a file.
    pub line: u64,
    /// Why it was not taken.
    pub reason: &'static str,
    /// How it begins.
    pub beginning: String,
}

impl Display for Held {
    fn fmt(&self, f: &mut Formatter<'_>) -> Printed {
        let Self { source, line, reason, .. } = self;
        match line {
            0 => write!(f, "{}: {reason}", source.display()),
            _ => write!(f, "{} line {line}: {reason}", source.display()),
        }
    }
}

/// As much of a line as is worth keeping.
pub(super) fn beginning(text: &[u8]) -> String {
    String::from_utf8_lossy(&text[..text.len().min(BEGINNING)]).into_owned()
}

impl Quarantine {
    /// Holds a line back; as much of it is kept as tells it from others.
    pub fn put(&mut self, source: &Arc<Path>, line: u64, reason: &'static str, text: &[u8]) {
        *self.counts.entry(reason).or_default() += 1;
        if self.held.len() < MAX_HELD {
            let beginning = beginning(text);
            self.held.push(Held { source: Arc::clone(source), line, reason, beginning });
        }
    }

    /// How many in all.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Those that are worth telling a person.
    pub fn told(&self) -> impl Iterator<Item = &Held> {
        self.held.iter().take(TOLD)
    }

    /// Takes another's in.
    pub fn absorb(&mut self, other: &Self) {
        for (reason, count) in &other.counts {
            *self.counts.entry(reason).or_default() += count;
        }
        let room = MAX_HELD.saturating_sub(self.held.len());
        self.held.extend(other.held.iter().take(room).cloned());
    }

    /// All that is kept, as a table: source, line, reason, the beginning of the line.
    ///
    /// # Errors
    /// Whatever writing to memory says.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(["source", "line", "reason", "beginning"])?;
        for held in &self.held {
            let (source, line) = (held.source.to_string_lossy(), held.line.to_string());
            table.write_record([&source, line.as_str(), held.reason, &held.beginning])?;
        }
        table.into_inner().map_err(|error| error.into_error().into())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{MAX_HELD, Quarantine};

    #[test]
    fn every_line_is_counted_and_so_many_are_kept() {
        let mut quarantine = Quarantine::default();
        for line in 0..MAX_HELD as u64 + 5 {
            quarantine.put(&Path::new("a,b.csv").into(), line + 1, "odd", b"x,\"y\"");
        }
        assert_eq!((quarantine.total(), quarantine.held.len()), (MAX_HELD as u64 + 5, MAX_HELD));
        let mut both = quarantine.clone();
        both.absorb(&quarantine);
        assert_eq!((both.total(), both.held.len()), (2 * MAX_HELD as u64 + 10, MAX_HELD));
        let table = String::from_utf8(quarantine.csv().unwrap()).unwrap();
        assert_eq!(table.lines().nth(1), Some("\"a,b.csv\",1,odd,\"x,\"\"y\"\"\""));
        assert_eq!(quarantine.told().count(), 20);
    }
}
