//! A market in a journal: written once from recordings, read by whatever runs over it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault::{Cancel, Progress};
use journal::contracts::{self, CONTRACTS, Listed};
use journal::events::{self, EVENT};
use journal::{Epoch, Reader, ReaderOptions, Start, Tail, Writer, WriterOptions};
use market::{Contracts, Event, Firewall, FirewallCounts, FirewallLimits, Sequence, Step, Verdict};
use matching::Assumptions;

use crate::{Error, Merge, Quarantine, Told};

/// Between two looks at the stop signal, in events.
const WATCHED: usize = 65_536;

/// Writes a market into an empty folder: first whose events these are, then those the firewall
/// believes. The others are in quarantine, and in the counts.
///
/// # Errors
/// [`Error::Empty`]; what reading the market says; [`Error::Journal`]; [`Error::Cancelled`].
pub fn record(
    folder: &Path,
    contracts: &Contracts,
    mut market: Merge<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<(FirewallCounts, Quarantine), Error> {
    let first = market.next_receive().ok_or(Error::Empty)?;
    // Another market, another epoch; the same one again is the same journal.
    let options = WriterOptions::new(Epoch(first.0.cast_unsigned()), first);
    let mut writer = Writer::open(folder, options)?;
    contracts::append(&mut writer, first, contracts)?;
    let (listed, source): (Vec<Listed>, Arc<Path>) =
        (listed(contracts), Path::new(FIREWALL).into());
    let mut firewall = Firewall::new(contracts.clone(), FirewallLimits::default());
    let (mut doubted, mut seen) = (Quarantine::default(), 0_usize);
    while let Some(event) = market.poll()? {
        if seen.is_multiple_of(WATCHED) {
            cancel.check()?;
            progress.advance(market.share());
        }
        seen += 1;
        match firewall.check(&event) {
            Verdict::Accept => {
                events::append(&mut writer, &event)?;
            }
            Verdict::Quarantine(doubt) => {
                let line = Told::new(&event, &listed).line();
                doubted.put(&source, 0, doubt.name(), line.as_bytes());
            }
        }
    }
    writer.close()?;
    let mut quarantine = market.into_quarantine();
    quarantine.absorb(&doubted);
    Ok((firewall.counts().clone(), quarantine))
}

/// Who refused what is no line of a file.
const FIREWALL: &str = "firewall";

/// The contracts of a table as a journal names them.
pub fn listed(contracts: &Contracts) -> Vec<Listed> {
    let listed = contracts.iter().map(|(_, contract)| {
        let (name, tick, lot) = (contract.name.clone(), contract.tick, contract.lot);
        Listed { name, tick, lot }
    });
    listed.collect()
}

/// What is done where a journal is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// It is refused, with the record and the byte.
    Refused,
    /// It is read up to there.
    EndsIt,
}

fn is_damage(error: &Error) -> bool {
    use journal::Error as E;
    let Error::Journal(error) = error else { return false };
    matches!(
        error,
        E::Corrupt { .. } | E::Gap { .. } | E::NotAnEvent { .. } | E::NotContracts { .. }
    )
}

/// A journal of a market being read: its contracts, then its events.
#[derive(Debug)]
pub struct Recorded {
    folder: PathBuf,
    reader: Reader,
    listed: Vec<Listed>,
}

impl Recorded {
    /// Opens a journal and reads whose events it holds.
    ///
    /// # Errors
    /// [`Error::Journal`]; [`Error::File`] for a journal that does not begin with its contracts.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let mut reader = Reader::open(folder, ReaderOptions::default())?;
        let listed = match reader.poll()? {
            Some(record) if record.kind == CONTRACTS => contracts::read(record)?,
            _ => {
                let reason = "its first record names no contracts; aegis import writes journals \
                              that do";
                return Err(wrong(folder, reason.to_owned()));
            }
        };
        Ok(Self { folder: folder.to_owned(), reader, listed })
    }

    /// Goes on with the next event to come.
    ///
    /// # Errors
    /// [`Error::Journal`].
    pub fn skip_to_end(&mut self) -> Result<(), Error> {
        let start = Start::Latest;
        let options = ReaderOptions { epoch: self.reader.epoch(), start, ..Default::default() };
        self.reader = Reader::open(&self.folder, options)?;
        Ok(())
    }

    /// The contracts, in the order of their numbers.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// The contracts as the assumptions know them, numbered as here.
    ///
    /// # Errors
    /// [`Error::Matching`] for a contract they do not have; [`Error::File`] for one whose prices or
    /// quantities they count in other steps.
    pub fn contracts(&self, assumptions: &Assumptions) -> Result<Contracts, Error> {
        let contracts = assumptions.contracts(self.listed.iter().map(|l| l.name.as_str()))?;
        for (listed, (_, contract)) in self.listed.iter().zip(contracts.iter()) {
            self.same(listed, "prices", listed.tick, contract.tick)?;
            self.same(listed, "quantities", listed.lot, contract.lot)?;
        }
        Ok(contracts)
    }

    fn same(&self, of: &Listed, what: &str, here: Step, there: Step) -> Result<(), Error> {
        if here == there {
            return Ok(());
        }
        let name = &of.name;
        Err(wrong(
            &self.folder,
            format!("{what} of {name} are counted in steps of {here}; the assumptions say {there}"),
        ))
    }

    /// The next event, or none where the journal ends now. Records of other kinds are passed over.
    ///
    /// # Errors
    /// [`Error::Journal`]; [`Error::File`] for an event of a contract that was not named, and for
    /// contracts named otherwise on the way.
    pub fn poll(&mut self) -> Result<Option<Event>, Error> {
        while let Some(record) = self.reader.poll()? {
            let sequence = record.sequence;
            match record.kind {
                EVENT => {
                    let event = events::read(record)?;
                    if event.symbol.0 as usize >= self.listed.len() {
                        return Err(self.stranger(sequence, event.symbol.0));
                    }
                    return Ok(Some(event));
                }
                CONTRACTS if contracts::read(record)? != self.listed => {
                    let reason = format!("record {} names other contracts", sequence.0);
                    return Err(wrong(&self.folder, reason));
                }
                _ => {}
            }
        }
        Ok(None)
    }

    /// Hands over all events there are. A record that a crash tore is the journal's end, and told in
    /// quarantine; so is damage where the caller wants what is before it.
    ///
    /// # Errors
    /// As [`Recorded::poll`]; what `each` says.
    pub fn read_on<E: From<Error>>(
        &mut self,
        damage: Damage,
        quarantine: &mut Quarantine,
        mut each: impl FnMut(&Event) -> Result<(), E>,
    ) -> Result<(), E> {
        while let Some(event) = self.poll_to(damage, quarantine)? {
            each(&event)?;
        }
        if let Tail::Torn { offset, bytes } = self.reader.tail() {
            let said = format!("{bytes} bytes at byte {offset} of the last segment");
            let source = self.folder.as_path().into();
            quarantine.put(&source, 0, "ends in a part of a record", said.as_bytes());
        }
        Ok(())
    }

    /// As [`Recorded::poll`], where damage may be the end, which is then told in quarantine.
    ///
    /// # Errors
    /// As there.
    pub fn poll_to(
        &mut self,
        damage: Damage,
        quarantine: &mut Quarantine,
    ) -> Result<Option<Event>, Error> {
        match self.poll() {
            Err(error) if damage == Damage::EndsIt && is_damage(&error) => {
                let (source, said) = (self.folder.as_path().into(), error.to_string());
                quarantine.put(&source, 0, "damaged from here on", said.as_bytes());
                Ok(None)
            }
            polled => polled,
        }
    }

    /// The journal's epoch; none before any segment was there.
    pub fn epoch(&self) -> Option<Epoch> {
        self.reader.epoch()
    }

    /// The sequence of the record that is read next.
    pub fn next_sequence(&self) -> Sequence {
        self.reader.next()
    }

    #[cold]
    fn stranger(&self, sequence: Sequence, symbol: u32) -> Error {
        let (at, named) = (sequence.0, self.listed.len());
        let reason = format!("record {at} is of contract {symbol}, and {named} are named");
        wrong(&self.folder, reason)
    }
}

fn wrong(folder: &Path, reason: String) -> Error {
    Error::File { path: folder.to_owned(), reason }
}
