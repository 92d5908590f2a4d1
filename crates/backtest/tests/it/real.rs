//! Real bars and how they are run.

use std::path::PathBuf;

use backtest::{Drive, Feed, Import, Outcome, assumptions, run};
use fault::{Cancel, Silent};
use market::{Contracts, Event, Fixed8, Notional, Timeframe};
use trading::risk::Limits;
use trading::strategy::Strategy;
use trading::{Settings, Sizing};

pub(crate) fn minutes(test: &str, symbol: &str) -> Option<PathBuf> {
    let folder = testkit::data("market/bars", test)?;
    Some(folder.join(format!("{symbol}-1m.csv.gz")))
}

pub(crate) fn contracts(symbols: &[&str]) -> Contracts {
    assumptions().unwrap().contracts(symbols.iter().copied()).unwrap()
}

/// The minutes of some contracts; none where the data is not there.
pub(crate) fn recordings(test: &str, symbols: &[&str]) -> Option<Vec<Vec<Event>>> {
    let contracts = contracts(symbols);
    let read = |(symbol, contract): (_, &market::Contract)| {
        let path = minutes(test, &contract.name)?;
        let import = Import::bars(&path, symbol, contract, Timeframe::M1).unwrap();
        assert_eq!(import.quarantine.total(), 0, "{:?}", import.quarantine);
        Some(import.events)
    };
    contracts.iter().map(read).collect()
}

/// Positions worth 1,000, whatever the account has lost, and limits that stop nothing.
pub(crate) fn drive(symbols: &[&str], tier: &str) -> Drive {
    let mut assumed = assumptions().unwrap();
    tier.clone_into(&mut assumed.tier);
    let all = Notional::whole(1_000_000);
    let limits = Limits {
        order: all,
        symbol: all,
        side: all,
        gross: all,
        daily_loss: all,
        drawdown: Fixed8::ONE,
        ..Limits::DEFAULT
    };
    let settings = Settings {
        sizing: Sizing::Worth(Notional::whole(1_000)),
        limits,
        slots: 100,
        ..Settings::DEFAULT
    };
    Drive {
        contracts: contracts(symbols),
        settings,
        rules: assumed.rules().unwrap(),
        repairs: None,
    }
}

pub(crate) fn play<S: Strategy>(feed: &Feed, drive: &Drive, strategy: S) -> Outcome {
    run(feed, drive, strategy, &Silent, &Cancel::new()).unwrap()
}
