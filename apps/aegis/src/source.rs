//! Where the market of a run comes from: recordings, or a journal that was made of them.

use std::path::PathBuf;

use backtest::{Damage, Feed, Quarantine, Recorded};
use clap::Args;
use market::{Body, Contracts, Event, Flags, Timeframe};
use matching::Assumptions;
use ops::console::Failure;

use crate::piece::{self, Piece, What};
use crate::recording::{self, Recording};

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(crate) struct SourceArgs {
    /// Bars of a contract as CSV, plain or packed: BTCUSDT-1m.csv.gz, or BTCUSDT-1m=PATH
    #[arg(long, value_name = "FILE")]
    bars: Vec<Recording>,

    /// Frames of a contract as they were received: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    frames: Vec<(String, PathBuf)>,

    /// Settled funding of a contract, as CSV: BTCUSDT=PATH
    #[arg(long, value_name = "NAME=FILE", value_parser = recording::named)]
    funding: Vec<(String, PathBuf)>,

    /// A journal that aegis import wrote
    #[arg(long, value_name = "DIR", conflicts_with_all = ["bars", "frames", "funding"])]
    journal: Option<PathBuf>,

    /// Read a damaged journal up to the damage, where else it is refused
    #[arg(long, requires = "journal")]
    up_to_damage: bool,
}

/// What is done where a journal is damaged.
pub(crate) fn damage(up_to_damage: bool) -> Damage {
    if up_to_damage { Damage::EndsIt } else { Damage::Refused }
}

impl SourceArgs {
    /// What is traded, and the length of its bars; one minute where it has none.
    pub(crate) fn market(
        &self,
        assumptions: &Assumptions,
    ) -> Result<(Contracts, Timeframe), Failure> {
        if let Some(folder) = &self.journal {
            let mut recorded = Recorded::open(folder)?;
            let contracts = recorded.contracts(assumptions)?;
            let (mut first, mut unread) = (None, Quarantine::default());
            let damage = damage(self.up_to_damage);
            while let (None, Some(event)) = (first, recorded.poll_to(damage, &mut unread)?) {
                first = length(&event);
            }
            return Ok((contracts, first.unwrap_or(Timeframe::M1)));
        }
        let base = one_length(&self.bars)?;
        let pieces = self.pieces();
        let contracts = assumptions.contracts(piece::names(&pieces))?;
        let base = match base {
            Some(base) => base,
            None => {
                let (feed, _) = self.feed(&contracts)?;
                feed.events().iter().find_map(length).unwrap_or(Timeframe::M1)
            }
        };
        Ok((contracts, base))
    }

    /// All that was recorded, and the lines that were not taken.
    pub(crate) fn feed(&self, contracts: &Contracts) -> Result<(Feed, Quarantine), Failure> {
        let mut quarantine = Quarantine::default();
        let mut recordings: Vec<Vec<Event>> = Vec::new();
        if let Some(folder) = &self.journal {
            let mut events = Vec::new();
            Recorded::open(folder)?.read_on(
                damage(self.up_to_damage),
                &mut quarantine,
                |event| {
                    events.push(*event);
                    Ok::<_, Failure>(())
                },
            )?;
            recordings.push(events);
        }
        for piece in self.pieces() {
            let import = piece.open(contracts)?.read()?;
            quarantine.absorb(&import.quarantine);
            recordings.push(import.events);
        }
        let rates = self.rates(contracts, &recordings, &mut quarantine)?;
        let feed = Feed::merge(recordings.into_iter().chain(rates));
        let feed = feed.with_bars_from_trades(contracts);
        same_length(feed.events(), contracts)?;
        Ok((feed, quarantine))
    }

    fn pieces(&self) -> Vec<Piece> {
        let bars = self.bars.iter().map(Recording::piece);
        bars.chain(Piece::all(What::Frames, &self.frames)).collect()
    }

    fn rates(
        &self,
        contracts: &Contracts,
        recordings: &[Vec<Event>],
        quarantine: &mut Quarantine,
    ) -> Result<Vec<Vec<Event>>, Failure> {
        let mut rates = Vec::new();
        // Funding outside the recordings is of no account.
        let told = recordings.iter().flatten().map(|event| event.receive);
        let (first, last) = (told.clone().min(), told.max());
        let during = |event: &Event| {
            first.is_some_and(|f| event.receive >= f) && last.is_some_and(|l| event.receive <= l)
        };
        for piece in Piece::all(What::Funding, &self.funding) {
            let name = &piece.symbol;
            if self.funding.iter().filter(|(other, _)| other == name).count() > 1 {
                return Err(Failure::user(format!("--funding {name}: given twice")));
            }
            if contracts.find(name.as_bytes()).is_none() {
                let said = format!("--funding {name}: no --bars of that contract");
                return Err(Failure::user(said));
            }
            let import = piece.open(contracts)?.read()?;
            quarantine.absorb(&import.quarantine);
            rates.push(import.events.into_iter().filter(during).collect());
        }
        Ok(rates)
    }
}

/// The length of a closed bar.
fn length(event: &Event) -> Option<Timeframe> {
    match event.body {
        Body::Bar(bar) if event.flags.has(Flags::CLOSED) => Some(bar.timeframe),
        _ => None,
    }
}

/// The one length of all bars; none where there are none.
fn one_length(bars: &[Recording]) -> Result<Option<Timeframe>, Failure> {
    let Some(first) = bars.first() else { return Ok(None) };
    match bars.iter().find(|recording| recording.timeframe != first.timeframe) {
        None => Ok(Some(first.timeframe)),
        Some(other) => Err(Failure::user(format!(
            "--bars: {} has {} and {} has {}; bars of one run are of one length",
            first.symbol,
            first.timeframe.name(),
            other.symbol,
            other.timeframe.name()
        ))),
    }
}

/// Refuses a market whose bars are not of one length.
fn same_length(events: &[Event], contracts: &Contracts) -> Result<(), Failure> {
    let mut bars = events.iter().filter_map(|event| Some((event, length(event)?)));
    let Some((_, base)) = bars.next() else { return Ok(()) };
    let Some((event, other)) = bars.find(|(_, length)| *length != base) else { return Ok(()) };
    let name = contracts.get(event.symbol).map_or("a contract", |contract| &contract.name);
    let (base, other) = (base.name(), other.name());
    Err(Failure::user(format!(
        "bars of {base} come first, and {name} has {other} too; bars of one run are of one length"
    )))
}
