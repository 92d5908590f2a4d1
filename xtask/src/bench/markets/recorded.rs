use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use backtest::{Import, assumptions};
use clock::Nanos;
use flate2::read::MultiGzDecoder;
use market::{Contracts, Event, SymbolId, Timeframe};
use trading::Candle;

/// The contract of everything that is recorded here.
const NAME: &str = "BTCUSDT";
pub(super) const BTCUSDT: SymbolId = SymbolId(0);
/// Of BTCUSDT, from 4 May 2025 on.
const MINUTES: usize = 43_199;

/// The folder of recorded markets, which is no part of the repository.
pub(super) struct Recorded(PathBuf);

/// A frame as it was received.
pub(super) struct Frame {
    pub(super) receive: Nanos,
    pub(super) bytes: Vec<u8>,
}

impl Recorded {
    /// None where `TRIAD_DATA` names no folder that holds it.
    pub(super) fn found() -> Option<Self> {
        let folder = PathBuf::from(std::env::var_os("TRIAD_DATA")?).join("market");
        folder.is_dir().then_some(Self(folder))
    }

    pub(super) fn contracts() -> Result<Contracts> {
        Ok(assumptions()?.contracts([NAME])?)
    }

    /// The minutes as closed bars, in ticks and lots.
    pub(super) fn minutes(&self) -> Result<Vec<Event>> {
        let contracts = Self::contracts()?;
        let contract = contracts.get(BTCUSDT).context("the table has one contract")?;
        let path = self.0.join(format!("bars/{NAME}-1m.csv.gz"));
        let import = Import::bars(&path, BTCUSDT, contract, Timeframe::M1)?;
        ensure!(import.events.len() == MINUTES, "{} minutes", import.events.len());
        Ok(import.events)
    }

    /// The minutes in dollars, as floats: what other programs read.
    pub(super) fn candles(&self) -> Result<Vec<Candle>> {
        // A tick is a tenth of a dollar and a lot a thousandth of a coin: the nearest float to the
        // quotient is the one that the decimal text is read as.
        let dollars = |ticks: market::Ticks| ticks.0 as f64 / 10.0;
        let candle = |event: Event| {
            let market::Body::Bar(bar) = event.body else { anyhow::bail!("not a bar") };
            let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(dollars);
            Ok(Candle::new(open, high, low, close, bar.volume.0 as f64 / 1_000.0)?)
        };
        self.minutes()?.into_iter().map(candle).collect()
    }

    /// The raw capture of 8 August 2024.
    pub(super) fn capture(&self) -> PathBuf {
        self.0.join("raw/usdm_btcusdt_20240808.gz")
    }

    /// Its frames, each with the moment it was received.
    pub(super) fn frames(&self) -> Result<Vec<Frame>> {
        let path = self.capture();
        let file = File::open(&path).with_context(|| path.display().to_string())?;
        let frame = |line: std::io::Result<Vec<u8>>| {
            let line = line?;
            let space = line.iter().position(|byte| *byte == b' ').context("no moment")?;
            let receive = Nanos(std::str::from_utf8(&line[..space])?.parse()?);
            Ok(Frame { receive, bytes: line[space + 1..].trim_ascii().to_vec() })
        };
        BufReader::new(MultiGzDecoder::new(file)).split(b'\n').map(frame).collect()
    }
}
